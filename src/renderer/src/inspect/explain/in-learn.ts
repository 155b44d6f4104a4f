import type { Explanation, WindowPlane } from '../../../../core/explain/types';
import { spread } from '../../../../core/layers/window';
import { inRows } from '../../learn/model/nested';
import { largest, slidingWindow, type SlidingWindow } from '../../learn/scenes/sliding-window/scene';
import { encode } from '../../learn/state/link';

/** Cells a side of the largest patch: with their numerals they still fit beside each other. */
const ROOM = 10;

/** A map as it is read: row by row. */
interface Plane {
  height: number;
  width: number;
  data: ArrayLike<number>;
}

/** The plane of a sum over a window that the scene can show; null for other sums and for windows larger than its figures. */
export function planeFor(explained: Explanation, inChannel: number): WindowPlane | null {
  const { body } = explained;
  if (body.kind !== 'sum' || !body.window || !body.planes) return null;
  const { height, width, stride, dilation } = body.window;
  const plain = stride[0] === stride[1] && dilation[0] === dilation[1];
  const tall = Math.max(spread(height, dilation[0]), spread(width, dilation[1]));
  const fits =
    Math.max(height, width) <= largest.kernel &&
    tall <= ROOM &&
    stride[0] <= largest.stride &&
    dilation[0] <= largest.dilation;
  return plain && fits ? (body.planes[inChannel] ?? body.planes[0] ?? null) : null;
}

/**
 * The scene's state for a unit: its kernel on one channel, and as much of the map around its window as the scene has room for. Cells of
 * padding are zeros of the patch. Every output of the scene is one channel's share of a unit of the layer; where the layer reads one
 * channel, the bias makes it the whole.
 * @param rows, columns of the layer's output, so that no window is shown that the layer does not have.
 */
export function sceneFor(
  { body, y, x }: Explanation,
  plane: WindowPlane,
  map: Plane,
  rows: number,
  columns: number,
): { state: SlidingWindow; at: number } {
  if (body.kind !== 'sum' || !body.window || !body.planes || !plane.weights) throw new Error('no sum over a window');
  const { top, left, height, width, stride, dilation } = body.window;
  const [tall, wide] = [spread(height, dilation[0]), spread(width, dilation[1])];
  /** First window, and how many, around `at` of `count`. */
  const around = (at: number, count: number, cells: number, step: number): [first: number, windows: number] => {
    const windows = Math.min(count, Math.floor((ROOM - cells) / step) + 1);
    return [Math.max(0, Math.min(count - windows, at - (windows >> 1))), windows];
  };
  const [firstRow, windowRows] = around(y, rows, tall, stride[0]);
  const [firstColumn, windowColumns] = around(x, columns, wide, stride[1]);
  const from = { row: top - (y - firstRow) * stride[0], column: left - (x - firstColumn) * stride[1] };
  const input = Array.from({ length: (windowRows - 1) * stride[0] + tall }, (_, i) =>
    Array.from({ length: (windowColumns - 1) * stride[1] + wide }, (_, j) => {
      const [row, column] = [from.row + i, from.column + j];
      const inside = row >= 0 && column >= 0 && row < map.height && column < map.width;
      return inside ? map.data[row * map.width + column] : 0;
    }),
  );
  return {
    state: {
      input,
      kernel: inRows(plane.weights, width),
      bias: body.planes.length === 1 ? body.bias : 0,
      stride: stride[0],
      padding: 0,
      dilation: dilation[0],
    },
    at: (y - firstRow) * windowColumns + (x - firstColumn),
  };
}

/** Its address in the course. */
export const addressFor = (kept: { state: SlidingWindow; at: number }): string =>
  `${slidingWindow.id}?${encode(slidingWindow, kept)}`;
