/** Between the core's layout (channels last) and ONNX's (channels first). Both ways make a new array. */
import type { FloatArray } from '../tensor';

/** One map or kernel stack after another: `[count, H, W, C]` → `[count, C, H, W]`. */
export function toChannelsFirst<A extends FloatArray>(
  data: A,
  count: number,
  height: number,
  width: number,
  channels: number,
): A {
  const out = data.slice() as A;
  const area = height * width;
  for (let k = 0, base = 0; k < count; k++, base += area * channels) {
    for (let p = 0; p < area; p++) {
      for (let c = 0; c < channels; c++) out[base + c * area + p] = data[base + p * channels + c];
    }
  }
  return out;
}

/** `[count, C, H, W]` → `[count, H, W, C]`. */
export function toChannelsLast<A extends FloatArray>(
  data: A,
  count: number,
  height: number,
  width: number,
  channels: number,
): A {
  const out = data.slice() as A;
  const area = height * width;
  for (let k = 0, base = 0; k < count; k++, base += area * channels) {
    for (let p = 0; p < area; p++) {
      for (let c = 0; c < channels; c++) out[base + p * channels + c] = data[base + c * area + p];
    }
  }
  return out;
}
