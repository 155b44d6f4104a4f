/** How a map of cells is drawn evenly: every cell the same whole number of device pixels. */
export interface PixelFit {
  /** Cells drawn after averaging `factor` × `factor` neighbors together. */
  height: number;
  width: number;
  factor: number;
  /** Size on the page in CSS pixels. */
  cssHeight: number;
  cssWidth: number;
}

/**
 * Fits a map of `height` × `width` cells into `maximum` CSS pixels a side: as large as whole device pixels per cell allow;
 * where not even one fits, neighbors are averaged by the smallest whole factor that does.
 */
export function fitCells(height: number, width: number, maximum: number, ratio: number): PixelFit {
  const room = Math.max(1, Math.floor(maximum * ratio + 1e-6));
  const side = Math.max(height, width, 1);
  const factor = Math.max(1, Math.ceil(side / room));
  const h = Math.ceil(height / factor);
  const w = Math.ceil(width / factor);
  const perCell = Math.max(1, Math.floor(room / Math.max(h, w, 1)));
  return { height: h, width: w, factor, cssHeight: (h * perCell) / ratio, cssWidth: (w * perCell) / ratio };
}

/** The nearest place that falls on a device pixel. */
export function snap(css: number, ratio: number): number {
  return Math.round(css * ratio) / ratio;
}
