// Losses on rows of class scores, with their gradients.
import { bytes, storeUpTo4 } from './simd';
import { exp4 } from './math';
import { rowExpSum, rowMaximum } from './softmax';

/** Index of the first largest value; −1 for a row of NaN. */
function firstLargest(x: usize, length: i32): i32 {
  let best = -1,
    largest: f32 = 0;
  for (let i = 0; i < length; i++) {
    const v = f32.load(x + bytes(i));
    if (best < 0 ? v == v : v > largest) {
      best = i;
      largest = v;
    }
  }
  return best;
}

export function softmaxCrossEntropy(
  x: usize,
  xRow: i32,
  rows: i32,
  classes: i32,
  labels: usize,
  classWeights: usize,
  losses: usize,
  hits: usize,
  dx: usize,
  dxRow: i32,
  scale: f32,
): void {
  for (let r = 0; r < rows; r++) {
    const label = i32.load(labels + bytes(r));
    if (label < 0 || label >= classes) {
      f32.store(losses + bytes(r), 0);
      i32.store(hits + bytes(r), 0);
      if (dx) memory.fill(dx, 0, bytes(classes));
    } else {
      const weight: f32 = classWeights ? f32.load(classWeights + bytes(label)) : 1,
        largest = rowMaximum(x, classes),
        sum = rowExpSum(x, classes, largest);
      const loss = Math.log(<f64>sum) - (<f64>f32.load(x + bytes(label)) - <f64>largest);
      f32.store(losses + bytes(r), <f32>(<f64>weight * loss));
      i32.store(hits + bytes(r), i32(firstLargest(x, classes) == label));
      if (dx) {
        const factor = scale * weight,
          factors = f32x4.splat(factor / sum),
          shift = f32x4.splat(largest);
        for (let i = 0; i < classes; i += 4) {
          storeUpTo4(dx + bytes(i), f32x4.mul(factors, exp4(f32x4.sub(v128.load(x + bytes(i)), shift))), classes - i);
        }
        const d = dx + bytes(label);
        f32.store(d, f32.load(d) - factor);
      }
    }
    x += bytes(xRow);
    dx += dx ? bytes(dxRow) : 0;
  }
}

export function negativeLogLikelihood(
  x: usize,
  xRow: i32,
  rows: i32,
  classes: i32,
  labels: usize,
  classWeights: usize,
  losses: usize,
  dx: usize,
  dxRow: i32,
  scale: f32,
): void {
  for (let r = 0; r < rows; r++) {
    const label = i32.load(labels + bytes(r)),
      known = label >= 0 && label < classes;
    const weight: f32 = !known ? 0 : classWeights ? f32.load(classWeights + bytes(label)) : 1;
    f32.store(losses + bytes(r), known ? -weight * f32.load(x + bytes(label)) : 0);
    if (dx) {
      memory.fill(dx, 0, bytes(classes));
      if (known) f32.store(dx + bytes(label), -weight * scale);
      dx += bytes(dxRow);
    }
    x += bytes(xRow);
  }
}
