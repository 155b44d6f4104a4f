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

/** dx[i] += value, in float32. */
@inline
function addTo(dx: usize, i: i32, value: f64): void {
  if (dx) f32.store(dx + bytes(i), <f32>(<f64>f32.load(dx + bytes(i)) + value));
}

/** One row's loss for one class, and factor times its gradient added to dx. @param log ln Σ eˣ. */
function addLoss(
  x: usize,
  classes: i32,
  log: f64,
  label: i32,
  kind: i32,
  smoothing: f64,
  gamma: f64,
  factor: f64,
  dx: usize,
): f64 {
  let loss: f64 = 0;
  if (kind == 0) {
    for (let c = 0; c < classes; c++) {
      const value = <f64>f32.load(x + bytes(c)),
        target: f64 = (c == label ? 1 - smoothing : 0) + smoothing / <f64>classes;
      if (target > 0) loss += target * (log - value);
      addTo(dx, c, factor * (Math.exp(value - log) - target));
    }
    return loss;
  }
  if (kind == 1) {
    const ln = <f64>f32.load(x + bytes(label)) - log;
    let rest: f64 = 0;
    for (let c = 0; c < classes; c++) if (c != label) rest += Math.exp(<f64>f32.load(x + bytes(c)) - log);
    const factorOfRest = Math.pow(rest, gamma),
      power: f64 = rest > 0 ? gamma * Math.pow(rest, gamma - 1) : 0,
      slope = -factorOfRest + power * Math.exp(ln) * ln;
    for (let c = 0; c < classes; c++) {
      const own: f64 = c == label ? 1 : 0;
      addTo(dx, c, factor * slope * (own - Math.exp(<f64>f32.load(x + bytes(c)) - log)));
    }
    return -factorOfRest * ln;
  }
  if (kind == 2) {
    let mean: f64 = 0;
    for (let c = 0; c < classes; c++) {
      const p = Math.exp(<f64>f32.load(x + bytes(c)) - log),
        error = p - (c == label ? 1 : 0);
      loss += (error * error) / 2;
      mean += error * p;
    }
    for (let c = 0; c < classes; c++) {
      const p = Math.exp(<f64>f32.load(x + bytes(c)) - log);
      addTo(dx, c, factor * p * (p - (c == label ? 1 : 0) - mean));
    }
    return loss;
  }
  const own = <f64>f32.load(x + bytes(label));
  let beyond = 0;
  for (let c = 0; c < classes; c++) {
    const margin = 1 + <f64>f32.load(x + bytes(c)) - own;
    // A NaN goes through.
    if (c == label || margin <= 0) continue;
    loss += margin;
    beyond++;
    addTo(dx, c, factor);
  }
  addTo(dx, label, -factor * <f64>beyond);
  return loss;
}

export function classLoss(
  x: usize,
  xRow: i32,
  rows: i32,
  classes: i32,
  labels: usize,
  others: usize,
  shares: usize,
  classWeights: usize,
  losses: usize,
  hits: usize,
  dx: usize,
  dxRow: i32,
  scale: f32,
  kind: i32,
  smoothing: f32,
  gamma: f32,
): void {
  for (let r = 0; r < rows; r++) {
    const label = i32.load(labels + bytes(r)),
      share = f32.load(shares + bytes(r)),
      other = share < 1 ? i32.load(others + bytes(r)) : label;
    if (dx) memory.fill(dx, 0, bytes(classes));
    if (label < 0 || label >= classes || other < 0 || other >= classes) {
      f32.store(losses + bytes(r), 0);
      i32.store(hits + bytes(r), 0);
    } else {
      const largest = <f64>rowMaximum(x, classes);
      let sum: f64 = 0;
      for (let c = 0; c < classes; c++) sum += Math.exp(<f64>f32.load(x + bytes(c)) - largest);
      const log = largest + Math.log(sum);
      let loss: f64 = 0;
      for (let part = 0; part < (share < 1 ? 2 : 1); part++) {
        const own = part ? other : label,
          weight: f64 = classWeights ? <f64>f32.load(classWeights + bytes(own)) : 1,
          factor = weight * (part ? 1 - <f64>share : <f64>share);
        loss +=
          factor * addLoss(x, classes, log, own, kind, <f64>smoothing, <f64>gamma, factor * <f64>scale, dx);
      }
      f32.store(losses + bytes(r), <f32>loss);
      i32.store(hits + bytes(r), i32(firstLargest(x, classes) == (share < 0.5 ? other : label)));
    }
    x += bytes(xRow);
    dx += dx ? bytes(dxRow) : 0;
  }
}
