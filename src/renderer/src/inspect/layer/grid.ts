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
  /** CSS pixels a cell. */
  scale: number;
  tileWidth: number;
  tileHeight: number;
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

/**
 * Sizes at which a map of `cells` a side has even cells: whole device pixels a cell; where one device pixel a cell is
 * too much for `limit`, whole cells a device pixel.
 */
export function evenScale(cells: number, limit: number, ratio: number): number {
  const device = (limit * ratio) / cells;
  if (device >= 1) return Math.floor(device + 1e-6) / ratio;
  return 1 / Math.ceil(1 / device - 1e-6) / ratio;
}

/** The largest even tiles with which all maps fit; where even the least readable ones do not, those, scrolling. */
export function mapGrid(request: GridRequest): Grid {
  const { maps, rows, columns, width, height, ratio, gap, caption, least, most } = request;
  const side = Math.max(rows, columns);
  const layout = (scale: number, across: number): Grid => {
    const tileWidth = columns * scale;
    const tileHeight = rows * scale;
    const down = Math.ceil(maps / across);
    const pitch = tileHeight + caption + gap;
    const total = down * pitch - gap;
    return {
      scale,
      tileWidth,
      tileHeight,
      across,
      down,
      pitch,
      width: across * tileWidth + (across - 1) * gap,
      height: total,
      scrolls: total > height,
    };
  };
  const fitAcross = (scale: number): number =>
    Math.max(1, Math.min(maps, Math.floor((width + gap + 0.01) / (columns * scale + gap))));

  let best: Grid | null = null;
  let bestScore = 0;
  const top = Math.max(1, Math.floor((Math.min(most, width) * ratio) / side + 1e-6));
  for (let device = 1; device <= top; device++) {
    const scale = device / ratio;
    if (side * scale < Math.min(least, most)) continue;
    for (let across = fitAcross(scale); across >= 1; across--) {
      const grid = layout(scale, across);
      if (grid.scrolls || grid.width > width + 0.01) continue;
      // A full last row is worth a little size.
      const score = side * scale * (maps % across === 0 ? 1.15 : 1);
      if (score > bestScore) [best, bestScore] = [grid, score];
    }
  }
  if (best) return best;

  const limit = Math.min(width, most);
  const smallest = Math.ceil((least * ratio) / side - 1e-6) / ratio;
  const scale = smallest * side <= limit && smallest > 0 ? smallest : evenScale(side, limit, ratio);
  return layout(scale, fitAcross(scale));
}

/** Which rows of fixed pitch a scrolled viewport shows, `[first, last)`, with some to spare. */
export function visibleRows(
  scroll: number,
  viewport: number,
  pitch: number,
  rows: number,
  spare = 2,
): [number, number] {
  if (rows === 0 || viewport <= 0) return [0, 0];
  const first = Math.max(0, Math.floor(scroll / pitch) - spare);
  return [Math.min(first, rows), Math.min(rows, Math.ceil((scroll + viewport) / pitch) + spare)];
}
