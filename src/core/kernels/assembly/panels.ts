// Weights between their canonical layout `[outputs][depth]` and panels of 8 outputs, `[⌈outputs/8⌉][depth][8]`.
import { bytes } from './simd';

export function packPanels(weights: usize, outputs: i32, depth: i32, panels: usize): void {
  for (let n = 0; n < outputs; n += 8) {
    for (let k = 0; k < depth; k++) {
      for (let r = 0; r < 8; r++) {
        f32.store(panels, n + r < outputs ? f32.load(weights + bytes((n + r) * depth + k)) : 0);
        panels += 4;
      }
    }
  }
}

export function unpackPanels(panels: usize, outputs: i32, depth: i32, weights: usize): void {
  for (let o = 0; o < outputs; o++) {
    let s = panels + bytes((o & ~7) * depth + (o & 7));
    for (let k = 0; k < depth; k++) {
      f32.store(weights, f32.load(s));
      weights += 4;
      s += 32;
    }
  }
}

export function transposePanels(
  count: i32,
  panels: usize,
  panelStride: usize,
  inputs: i32,
  outputs: i32,
  transposed: usize,
  transposedStride: usize,
): void {
  const evenInputs = inputs & ~3,
    evenOutputs = outputs & ~3;
  for (; count > 0; count--) {
    for (let n = 0; n < evenInputs; n += 4) {
      for (let o = 0; o < evenOutputs; o += 4) {
        const s = panels + bytes((o & ~7) * inputs + n * 8 + (o & 7)),
          d = transposed + bytes((n & ~7) * outputs + o * 8 + (n & 7));
        const v0 = v128.load(s),
          v1 = v128.load(s, 32),
          v2 = v128.load(s, 64),
          v3 = v128.load(s, 96);
        const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5),
          high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7),
          low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5),
          high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
        v128.store(d, v128.shuffle<f64>(low01, low23, 0, 2));
        v128.store(d, v128.shuffle<f64>(low01, low23, 1, 3), 32);
        v128.store(d, v128.shuffle<f64>(high01, high23, 0, 2), 64);
        v128.store(d, v128.shuffle<f64>(high01, high23, 1, 3), 96);
      }
      for (let o = evenOutputs; o < outputs; o++) transposeOne(panels, inputs, outputs, transposed, n, n + 4, o);
    }
    for (let o = 0; o < outputs; o++) transposeOne(panels, inputs, outputs, transposed, evenInputs, inputs, o);
    panels += panelStride;
    transposed += transposedStride;
  }
}

function transposeOne(panels: usize, inputs: i32, outputs: i32, transposed: usize, from: i32, to: i32, o: i32): void {
  for (let n = from; n < to; n++) {
    const value = f32.load(panels + bytes((o & ~7) * inputs + n * 8 + (o & 7)));
    f32.store(transposed + bytes((n & ~7) * outputs + o * 8 + (n & 7)), value);
  }
}
