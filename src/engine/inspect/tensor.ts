import { numbersOf, type TensorValue } from '../../core/onnx/tensor-data';
import { sizeOf, type FloatArray } from '../../core/tensor';
import { foldOf, type Axis } from '../../shared/axes';

/**
 * A value as it came of a run. Element `[i, j, …]` is `data[i · strides[0] + j · strides[1] + …]`, so that no layout has to
 * be copied into another to be looked at.
 */
export interface Tensor extends TensorValue {
  readonly strides: readonly number[];
  readonly axes: readonly Axis[];
}

/** The strides of dense rows: what differs in the last index alone lies side by side. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** Numbers as maps (`foldOf`): the one at row y and column x of map m is `data[map[m] + row[y] + column[x]]`. */
export interface Maps {
  data: FloatArray;
  map: Int32Array;
  row: Int32Array;
  column: Int32Array;
}

/** Null for texts, which cannot be drawn. */
export function mapsOf(tensor: Tensor): Maps | null {
  const data = floats(tensor);
  if (!data) return null;
  const fold = foldOf(tensor.axes);
  const along = (axes: readonly number[]): Int32Array => offsets(tensor, axes);
  return { data, map: along(fold.maps), row: along(fold.rows), column: along(fold.columns) };
}

/** One map, row by row. */
export function mapOf({ data, map, row, column }: Maps, index: number): Float32Array {
  const out = new Float32Array(row.length * column.length);
  let at = 0;
  for (const y of row) for (const x of column) out[at++] = data[map[index] + y + x];
  return out;
}

/** How far from the first element those along some axes lie, the last axis fastest. */
function offsets({ shape, strides }: Pick<Tensor, 'shape' | 'strides'>, axes: readonly number[]): Int32Array {
  let found = Int32Array.of(0);
  for (const axis of axes) {
    const size = shape[axis];
    const next = new Int32Array(found.length * size);
    for (const [i, base] of found.entries())
      for (let j = 0; j < size; j++) next[i * size + j] = base + j * strides[axis];
    found = next;
  }
  return found;
}

/** The elements in the order of the axes, without gaps; the tensor's own array where they lie so. */
export function dense(tensor: Tensor): TensorValue['data'] {
  const { shape, strides, data } = tensor;
  if (denseStrides(shape).every((stride, axis) => stride === strides[axis] || shape[axis] === 1)) return data;
  const places = offsets(
    tensor,
    shape.map((_, axis) => axis),
  );
  const out = data.slice(0, sizeOf(shape));
  for (let i = 0; i < out.length; i++) out[i] = data[places[i]];
  return out;
}

/** The elements as numbers, where they lie. */
export function floats(value: TensorValue): FloatArray | null {
  const { type, data } = value;
  return (type === 'float32' || type === 'float64') && !Array.isArray(data) ? (data as FloatArray) : numbersOf(value);
}
