import { fitCells, type PixelFit } from '../../theme/pixels';

export interface FilterLayout {
  fit: PixelFit;
  across: number;
}

/** The largest even size at which so many filters of `height × width` cells stand in `room × depth` CSS pixels. */
export function filterLayout(
  count: number,
  height: number,
  width: number,
  room: number,
  depth: number,
  ratio: number,
  gap: number,
): FilterLayout {
  let smallest: FilterLayout | null = null;
  for (let side = 96; side >= 8; side--) {
    const fit = fitCells(height, width, side, ratio);
    const across = Math.max(1, Math.floor((room + gap) / (fit.cssWidth + gap)));
    const rows = Math.max(1, Math.ceil(count / across));
    // Rows of one length, as far as the count allows.
    smallest = { fit, across: Math.max(1, Math.ceil(count / rows)) };
    if (rows * (fit.cssHeight + gap) - gap <= depth) return smallest;
    // The next smaller even size, and not the same again.
    side = Math.min(side, Math.ceil(Math.max(fit.cssHeight, fit.cssWidth)));
  }
  return smallest ?? { fit: fitCells(height, width, 8, ratio), across: 1 };
}
