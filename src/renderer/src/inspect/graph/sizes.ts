import type { Room } from '../../../../core/onnx-graph/nested';
import type { Size } from '../../../../core/onnx-graph/layout';

/** How a box is drawn at a zoom: its texts have the size they are read at, its pictures grow and go. */
export interface BoxLook extends Size {
  /** Side of a picture; 0 for none. */
  side: number;
  /** Pictures beside each other. */
  pictures: number;
  /** Lines of text: name, and operators with the shape. */
  lines: 1 | 2;
}

const TEXT = 132;
const INSET = 6;

/** @param zoom factor, 1 as it opens. @param pictures whether there are any: of a network that cannot be computed there are none. */
export function lookAt(zoom: number, pictures: boolean): BoxLook {
  const lines = zoom >= 0.7 ? 2 : 1;
  const side = !pictures || zoom < 0.5 ? 0 : Math.round(30 * Math.min(8, zoom));
  const count = side === 0 ? 0 : zoom > 1.5 ? 3 : 2;
  const text = Math.round(TEXT * Math.min(1, Math.max(0.55, zoom)));
  return {
    width: text + 2 * INSET + count * (side + 4),
    height: Math.max(lines === 2 ? 38 : 22, side + 8),
    side,
    pictures: count,
    lines,
  };
}

/** What lies between boxes: less of it where that brings the whole network onto the screen. */
export const roomOf = (zoom: number, tight: boolean): Room => ({
  gaps: { across: Math.max(8, 20 * Math.min(1, zoom)), down: tight ? 8 : Math.max(12, 24 * Math.min(1, zoom)) },
  head: 26,
  around: 10,
});
