import { say, type Message } from '../../words';
import { dataFailure } from './failure';
import type { NpyHeader } from '../npy/header';

/** How an array's elements are pictures. */
export interface Plan {
  count: number;
  height: number;
  width: number;
  /** 1 or 3. */
  channels: number;
  /** For each dimension of the array, how far apart its neighbors are in `[count, height, width, channels]`. */
  strides: number[];
  /** Whether the elements stand in the file as they do in `[count, height, width, channels]`. */
  inOrder: boolean;
  /** What was taken for what, where it could be something else. */
  notes: Message[];
}

/** Rows shorter than those of 8 × 8 pixels are a table's, not pictures. */
const SMALLEST_ROW = 64;

/**
 * Takes an array for pictures: `[N, H, W]`, `[N, H, W, C]`, `[N, C, H, W]`, or rows of pixels `[N, side²]`.
 * @throws FailureError for a shape that is none of these, and for rows that could be pictures of several shapes.
 */
export function plan(file: string, name: string, { shape, fortran }: NpyHeader): Plan {
  const fail = (what: Message): never => {
    throw dataFailure(file, say('data.shape', { name, shape: shape.join(', '), what }));
  };
  const row = rowOf(shape);
  const [count] = shape;
  let height: number;
  let width: number;
  let channels = 1;
  let strides: number[];
  const notes: Message[] = [];
  if (row !== null) {
    const length = shape[row];
    const side = Math.round(Math.sqrt(length));
    if (length < SMALLEST_ROW || side * side !== length) {
      const threeSide = Math.round(Math.sqrt(length / 3));
      const three = length >= SMALLEST_ROW && 3 * threeSide * threeSide === length;
      fail(three ? say('data.shape.colors', { side: threeSide }) : say('data.shape.rows'));
    }
    [height, width] = [side, side];
    strides = shape.map((_, d) => (d === 0 ? length : d === row ? 1 : 0));
    notes.push(say('data.shape.squares', { name, shape: shape.join(', '), side }));
  } else if (shape.length === 3) {
    [height, width] = [shape[1], shape[2]];
    strides = [height * width, width, 1];
  } else if (shape.length !== 4) return fail(say('data.shape.expected'));
  else if (shape[3] === 1 || shape[3] === 3) {
    [height, width, channels] = [shape[1], shape[2], shape[3]];
    strides = [height * width * channels, width * channels, channels, 1];
  } else {
    [channels, height, width] = [shape[1], shape[2], shape[3]];
    if (channels !== 1 && channels !== 3)
      return fail(shape[3] === 4 || channels === 4 ? say('data.shape.alpha') : say('data.shape.channels'));
    strides = [height * width * channels, 1, width * channels, channels];
  }
  if (count > 0 && height * width === 0) fail(say('data.shape.empty'));
  // Sides of 1 may stand anywhere.
  const order = strides.filter((_, d) => shape[d] > 1);
  const fastLast = order.every((stride, i) => i === 0 || stride < order[i - 1]);
  return { count, height, width, channels, strides, inOrder: fastLast && (!fortran || order.length < 2), notes };
}

/**
 * The dimension along which the pixels of a picture stand one after the other; null where pictures have two. A side of 1 is
 * the rest of one, where the other is as long as a square.
 */
function rowOf(shape: readonly number[]): number | null {
  if (shape.length === 2) return 1;
  if (shape.length !== 3 || (shape[1] === 1) === (shape[2] === 1)) return null;
  const row = shape[1] === 1 ? 2 : 1;
  return shape[row] >= SMALLEST_ROW && Number.isInteger(Math.sqrt(shape[row])) ? row : null;
}
