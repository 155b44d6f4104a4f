/** How the kernels of one output channel are drawn: numerals where a cell has room for them, else pictures. */
export interface KernelLayout {
  numerals: boolean;
  cellWidth: number;
  cellHeight: number;
  across: number;
  rows: number;
  /** One kernel with its heading and gap. */
  pitchX: number;
  pitchY: number;
}

const heading = 18;
const gapX = 14;
const gapY = 12;
/** The least cell that holds `−.24` at 11 px. */
const leastWidth = 26;
const leastHeight = 18;

/**
 * Lays `count` kernels of `height × width` cells into `room × depth` CSS pixels. Numerals need 26 × 18 px a cell, and a
 * kernel with them must not be wider than the room; pictures take whole device pixels.
 */
export function kernelLayout(
  count: number,
  height: number,
  width: number,
  room: number,
  depth: number,
  ratio: number,
): KernelLayout {
  const numerals = width * (leastWidth + 1) <= room && width <= 16 && height <= 16;
  if (numerals) {
    const most = Math.max(1, Math.floor((room + gapX) / (width * (leastWidth + 1) + gapX)));
    // Of a few kernels: full rows where they are not much shorter than what fits; never more than are taken in at a glance.
    const limit = Math.min(count, most, width === 1 ? 16 : 8);
    let across = limit;
    for (let n = limit; n >= limit * 0.6 && count <= limit * 4; n--)
      if (count % n === 0) {
        across = n;
        break;
      }
    const rows = Math.ceil(count / across);
    const cellWidth = clamp(Math.floor((room - (across - 1) * gapX) / across / width) - 1, leastWidth, 40);
    const fit = Math.floor((depth / rows - heading - gapY) / height) - 1;
    const cellHeight = clamp(fit, leastHeight, Math.min(28, cellWidth - 1));
    return {
      numerals,
      cellWidth,
      cellHeight,
      across,
      rows,
      pitchX: width * (cellWidth + 1) + gapX,
      pitchY: height * (cellHeight + 1) + heading + gapY,
    };
  }
  const side = Math.max(width, height);
  const device = Math.max(1, Math.floor((Math.min(112, room) * ratio) / side));
  const cell = device / ratio;
  const across = Math.max(1, Math.min(count, Math.floor((room + gapX) / (width * cell + gapX))));
  return {
    numerals,
    cellWidth: cell,
    cellHeight: cell,
    across,
    rows: Math.ceil(count / across),
    pitchX: width * cell + gapX,
    pitchY: height * cell + heading + gapY,
  };
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));
