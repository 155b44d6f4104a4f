import type { Window } from '../../../../core/explain/types';

/** Cells of a map, clipped to it: what an overlay draws. Null where nothing of it lies on the map. */
export interface CellRect {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** Rows and columns that the window spans, dilation counted in. */
export function windowSpan(window: Window): { height: number; width: number } {
  return {
    height: (window.height - 1) * window.dilation[0] + 1,
    width: (window.width - 1) * window.dilation[1] + 1,
  };
}

/** The part of a window that lies on a map of `rows × columns`. */
export function windowRect(window: Window, rows: number, columns: number): CellRect | null {
  const span = windowSpan(window);
  return clipRect({ top: window.top, left: window.left, ...span }, rows, columns);
}

export function clipRect(rect: CellRect, rows: number, columns: number): CellRect | null {
  const top = Math.max(0, rect.top);
  const left = Math.max(0, rect.left);
  const height = Math.min(rows, rect.top + rect.height) - top;
  const width = Math.min(columns, rect.left + rect.width) - left;
  return height > 0 && width > 0 ? { top, left, height, width } : null;
}

/** Place in the source map of the window's k-th cell, row by row; may lie outside (padding). */
export function cellPlace(window: Window, k: number): { y: number; x: number } {
  return {
    y: window.top + Math.floor(k / window.width) * window.dilation[0],
    x: window.left + (k % window.width) * window.dilation[1],
  };
}

/** The window's cell at a place of the source map, or −1. */
export function cellAt(window: Window, y: number, x: number): number {
  const row = (y - window.top) / window.dilation[0];
  const column = (x - window.left) / window.dilation[1];
  const whole = Number.isInteger(row) && Number.isInteger(column);
  return whole && row >= 0 && column >= 0 && row < window.height && column < window.width
    ? row * window.width + column
    : -1;
}

/** The index of one axis with the numbers put in, as people write it: `2·5 + i − 1`. */
export function axisIndex(place: number, stride: number, dilation: number, first: number, letter: string): string {
  const pad = place * stride - first;
  const step = stride === 1 ? String(place) : `${stride}·${place}`;
  const offset = dilation === 1 ? letter : `${dilation}·${letter}`;
  return `${step} + ${offset}${pad > 0 ? ` − ${pad}` : pad < 0 ? ` + ${-pad}` : ''}`;
}
