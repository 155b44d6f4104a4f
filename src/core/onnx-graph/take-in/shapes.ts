/** The arithmetic of shapes, for what is known and for what is computed. */
import { sizeOf, type FloatArray } from '../../tensor';

/** The shape that Reshape is asked for: 0 keeps a size, -1 is what is left. Source: ONNX Reshape 14. */
export function resolvedShape(dims: readonly number[], to: readonly number[], allowZero = false): number[] {
  const shape = to.map((size, axis) => (size === 0 && !allowZero ? dims[axis] : size));
  const rest = shape.filter((size) => size !== -1);
  return shape.map((size) => (size === -1 ? sizeOf(dims) / sizeOf(rest) : size));
}

export function squeezed(dims: readonly number[], axes: readonly number[] | null): number[] {
  const gone = axes?.map((axis) => (axis + dims.length) % dims.length);
  return dims.filter((size, axis) => (gone ? !gone.includes(axis) : size !== 1));
}

export function unsqueezed(dims: readonly number[], axes: readonly number[]): number[] {
  const rank = dims.length + axes.length;
  const added = new Set(axes.map((axis) => (axis + rank) % rank));
  const left = [...dims];
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : left.shift()!));
}

/** The shape that both fit, sizes of one repeated; null where they do not. Source: ONNX, multidirectional broadcasting. */
export function commonShape(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly number[], axis: number): number => shape[axis - (rank - shape.length)] ?? 1;
  const shape = Array.from({ length: rank }, (_, axis) => (at(a, axis) === 1 ? at(b, axis) : at(a, axis)));
  const fits = (own: readonly number[]): boolean => shape.every((size, axis) => [1, size].includes(at(own, axis)));
  return fits(a) && fits(b) ? shape : null;
}

/** Numbers of one shape repeated to fill another, row-major. */
export function broadcast(data: FloatArray, from: readonly number[], to: readonly number[]): FloatArray {
  if (sizeOf(from) === sizeOf(to)) return data;
  const own = [...Array<number>(to.length - from.length).fill(1), ...from];
  const strides = own.map((size, axis) => (size === 1 ? 0 : sizeOf(own.slice(axis + 1))));
  return gathered(data, to, strides, 0);
}

/** The elements at a start and strides, row-major over `shape`. */
export function gathered(
  data: FloatArray,
  shape: readonly number[],
  strides: readonly number[],
  start: number,
): FloatArray {
  const out = data instanceof Float32Array ? new Float32Array(sizeOf(shape)) : new Float64Array(sizeOf(shape));
  const at = shape.map(() => 0);
  let place = start;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[place];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += strides[axis];
      if (++at[axis] < shape[axis]) break;
      place -= strides[axis] * shape[axis];
      at[axis] = 0;
    }
  }
  return out;
}
