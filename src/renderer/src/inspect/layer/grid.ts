import { fitCells, type PixelFit } from '../../theme/pixels';

/** What a grid of maps has to fit into. Lengths are CSS pixels. */
export interface GridRequest {
  maps: number;
  /** Size of one map in cells. */
  rows: number;
  columns: number;
  width: number;
  height: number;
  /** Device pixels per CSS pixel: a cell takes a whole number of device pixels. */
  ratio: number;
  /** Space between tiles, and below each for its caption. */
  gap: number;
  caption: number;
  /** The least side of a tile that is still read, and the most that is worth its room. */
  least: number;
  most: number;
}

export interface Grid {
  /** How each map is drawn: whole device pixels a cell. */
  fit: PixelFit;
  across: number;
  down: number;
  /** Height of one row of tiles, caption and gap included. */
  pitch: number;
  /** Width of all tiles of a row. */
  width: number;
  /** Height of all rows. */
  height: number;
  scrolls: boolean;
}

/** The largest even tiles with which all maps fit; where even the least readable ones do not, those, scrolling. */
export function mapGrid(request: GridRequest): Grid {
  const { maps, rows, columns, width, height, ratio, gap, caption, least, most } = request;
  const side = Math.max(rows, columns);
  const layout = (fit: PixelFit, across: number): Grid => {
    const down = Math.ceil(maps / across);
    const pitch = fit.cssHeight + caption + gap;
    const total = down * pitch - gap;
    return {
      fit,
      across,
      down,
      pitch,
      width: across * fit.cssWidth + (across - 1) * gap,
      height: total,
      scrolls: total > height,
    };
  };
  const fitAcross = (fit: PixelFit): number =>
    Math.max(1, Math.min(maps, Math.floor((width + gap + 0.01) / (fit.cssWidth + gap))));

  let best: Grid | null = null;
  let bestScore = 0;
  const top = Math.max(1, Math.floor((Math.min(most, width) * ratio) / side + 1e-6));
  for (let device = 1; device <= top; device++) {
    const fit = fitCells(rows, columns, (side * device) / ratio, ratio);
    if (fit.factor > 1 || (side * device) / ratio < Math.min(least, most)) continue;
    for (let across = fitAcross(fit); across >= 1; across--) {
      const grid = layout(fit, across);
      if (grid.scrolls || grid.width > width + 0.01) continue;
      // A full last row is worth a little size.
      const score = Math.max(fit.cssWidth, fit.cssHeight) * (maps % across === 0 ? 1.15 : 1);
      if (score > bestScore) [best, bestScore] = [grid, score];
    }
  }
  if (best) return best;

  const limit = Math.min(width, most);
  const readable = (Math.ceil((least * ratio) / side - 1e-6) * side) / ratio;
  const fit = fitCells(rows, columns, Math.min(limit, readable), ratio);
  return layout(fit, fitAcross(fit));
}
