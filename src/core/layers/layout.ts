/** Between the core's layout (channels last) and ONNX's (channels first). Both ways make a new array. */
import { sizeOf, type FeatureShape, type FloatArray } from '../tensor';

/** One sample or kernel of `shape`, `[...spatial, C]`, after another: `[count, H, W, C]` → `[count, C, H, W]`. */
export function toChannelsFirst<A extends FloatArray>(data: A, count: number, shape: FeatureShape): A {
  const channels = shape[shape.length - 1];
  return transpose(data, count, sizeOf(shape) / channels, channels);
}

/** `[count, C, H, W]` → `[count, H, W, C]`; `shape` is `[...spatial, C]` here too. */
export function toChannelsLast<A extends FloatArray>(data: A, count: number, shape: FeatureShape): A {
  const channels = shape[shape.length - 1];
  return transpose(data, count, channels, sizeOf(shape) / channels);
}

/** `count` matrices of `rows` × `columns`, each with rows and columns exchanged. */
function transpose<A extends FloatArray>(data: A, count: number, rows: number, columns: number): A {
  const out = data.slice() as A;
  for (let k = 0, base = 0; k < count; k++, base += rows * columns) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) out[base + c * rows + r] = data[base + r * columns + c];
    }
  }
  return out;
}
