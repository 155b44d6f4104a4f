// Layer, group and instance norm: statistics of the sample itself, in doubles.
import { bytes, lanesBefore, storeUpTo4 } from './simd';
import { fma } from './simd';

@inline
function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

@inline
function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 0, 1));
}

@inline
function sumDoubles(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Four values, those past `length` as zero. */
@inline
function loadUpTo4(p: usize, n: i32): v128 {
  return n >= 4 ? v128.load(p) : v128.and(v128.load(p), lanesBefore(n, 0));
}

@inline
function rowMean(x: usize, length: i32): f64 {
  let sum = f64x2.splat(0);
  for (let c = 0; c < length; c += 4) {
    const v = loadUpTo4(x + bytes(c), length - c);
    sum = f64x2.add(sum, f64x2.add(low(v), high(v)));
  }
  return sumDoubles(sum) / <f64>length;
}

/** 1 ÷ √(variance + epsilon). */
@inline
function rowInverse(x: usize, length: i32, mean: f64, epsilon: f32): f64 {
  let squares: f64 = 0;
  for (let c = 0; c < length; c++) {
    const d = <f64>f32.load(x + bytes(c)) - mean;
    squares += d * d;
  }
  return 1 / sqrt<f64>(squares / <f64>length + <f64>epsilon);
}

export function layerNormForward(
  x: usize,
  xRow: i32,
  y: usize,
  yRow: i32,
  rows: i32,
  length: i32,
  scale: usize,
  shift: usize,
  epsilon: f32,
): void {
  for (; rows > 0; rows--) {
    const mean = rowMean(x, length),
      centre = f32x4.splat(<f32>mean),
      inverse = f32x4.splat(<f32>rowInverse(x, length, mean, epsilon));
    for (let c = 0; c < length; c += 4) {
      const at = bytes(c),
        normalized = f32x4.mul(f32x4.sub(v128.load(x + at), centre), inverse);
      storeUpTo4(y + at, fma(normalized, v128.load(scale + at), v128.load(shift + at)), length - c);
    }
    x += bytes(xRow);
    y += bytes(yRow);
  }
}

export function layerNormBackward(
  x: usize,
  xRow: i32,
  dy: usize,
  dyRow: i32,
  dx: usize,
  dxRow: i32,
  rows: i32,
  length: i32,
  scale: usize,
  epsilon: f32,
  dScale: usize,
  dShift: usize,
  accumulate: i32,
): void {
  for (; rows > 0; rows--) {
    const mean = rowMean(x, length),
      centre = f32x4.splat(<f32>mean),
      inverse = f32x4.splat(<f32>rowInverse(x, length, mean, epsilon));
    let sum = f64x2.splat(0),
      product = sum;
    for (let c = 0; c < length; c += 4) {
      const at = bytes(c),
        n = length - c;
      const normalized = f32x4.mul(f32x4.sub(v128.load(x + at), centre), inverse),
        error = loadUpTo4(dy + at, n),
        along = f32x4.mul(error, normalized),
        g = f32x4.mul(error, v128.load(scale + at));
      storeUpTo4(dShift + at, f32x4.add(v128.load(dShift + at), error), n);
      storeUpTo4(dScale + at, f32x4.add(v128.load(dScale + at), along), n);
      const weighted = n >= 4 ? g : v128.and(g, lanesBefore(n, 0)),
        both = f32x4.mul(g, normalized),
        weightedBoth = n >= 4 ? both : v128.and(both, lanesBefore(n, 0));
      sum = f64x2.add(sum, f64x2.add(low(weighted), high(weighted)));
      product = f64x2.add(product, f64x2.add(low(weightedBoth), high(weightedBoth)));
    }
    if (dx) {
      const average = f32x4.splat(<f32>(sumDoubles(sum) / <f64>length)),
        slope = f32x4.splat(<f32>(sumDoubles(product) / <f64>length));
      for (let c = 0; c < length; c += 4) {
        const at = bytes(c);
        const normalized = f32x4.mul(f32x4.sub(v128.load(x + at), centre), inverse),
          g = f32x4.mul(v128.load(dy + at), v128.load(scale + at));
        let value = f32x4.mul(inverse, f32x4.sub(f32x4.sub(g, average), f32x4.mul(normalized, slope)));
        if (accumulate) value = f32x4.add(v128.load(dx + at), value);
        storeUpTo4(dx + at, value, length - c);
      }
      dx += bytes(dxRow);
    }
    x += bytes(xRow);
    dy += bytes(dyRow);
  }
}

/** Σ over the channels of one group. */
@inline
function groupSum(sums: usize, first: i32, depth: i32): f64 {
  let total: f64 = 0;
  for (let c = first; c < first + depth; c++) total += f64.load(sums + ((<usize>c) << 3));
  return total;
}

export function groupNormStatistics(
  sums: usize,
  channels: i32,
  groups: i32,
  places: i32,
  epsilon: f32,
  mean: usize,
  inverse: usize,
): void {
  const depth = channels / groups,
    count = <f64>(depth * places),
    squares = sums + ((<usize>channels) << 3);
  for (let first = 0; first < channels; first += depth) {
    const average = groupSum(sums, first, depth) / count;
    // Not Math.max with 0: NaN would be lost with some of its variants, and must show.
    let variance = groupSum(squares, first, depth) / count - average * average;
    if (variance < 0) variance = 0;
    const factor = <f32>(1 / sqrt<f64>(variance + <f64>epsilon));
    for (let c = first; c < first + depth; c++) {
      f32.store(mean + bytes(c), <f32>average);
      f32.store(inverse + bytes(c), factor);
    }
  }
}

export function groupNormGradients(
  sums: usize,
  channels: i32,
  groups: i32,
  places: i32,
  scale: usize,
  dScale: usize,
  dShift: usize,
  means: usize,
): void {
  const depth = channels / groups,
    count = <f64>(depth * places),
    products = sums + ((<usize>channels) << 3);
  for (let first = 0; first < channels; first += depth) {
    let total: f64 = 0,
      product: f64 = 0;
    for (let c = first; c < first + depth; c++) {
      const at = (<usize>c) << 3,
        own = f64.load(sums + at),
        along = f64.load(products + at),
        factor = <f64>f32.load(scale + bytes(c));
      f32.store(dShift + bytes(c), f32.load(dShift + bytes(c)) + <f32>own);
      f32.store(dScale + bytes(c), f32.load(dScale + bytes(c)) + <f32>along);
      total += factor * own;
      product += factor * along;
    }
    for (let c = first; c < first + depth; c++) {
      f32.store(means + bytes(c), <f32>(total / count));
      f32.store(means + bytes(channels + c), <f32>(product / count));
    }
  }
}

export function groupNormBackward(
  x: usize,
  xRow: i32,
  dy: usize,
  dyRow: i32,
  dx: usize,
  dxRow: i32,
  rows: i32,
  width: i32,
  channels: i32,
  mean: usize,
  inverse: usize,
  scale: usize,
  means: usize,
  accumulate: i32,
): void {
  for (; rows > 0; rows--) {
    for (let j = 0, n = width * channels; j < n; j += channels) {
      for (let c = 0; c < channels; c += 4) {
        const at = bytes(c),
          here = bytes(j + c),
          inverses = v128.load(inverse + at);
        const normalized = f32x4.mul(f32x4.sub(v128.load(x + here), v128.load(mean + at)), inverses);
        let g = f32x4.mul(v128.load(dy + here), v128.load(scale + at));
        g = f32x4.sub(f32x4.sub(g, v128.load(means + at)), f32x4.mul(normalized, v128.load(means + bytes(channels + c))));
        let value = f32x4.mul(inverses, g);
        if (accumulate) value = f32x4.add(v128.load(dx + here), value);
        storeUpTo4(dx + here, value, channels - c);
      }
    }
    x += bytes(xRow);
    dy += bytes(dyRow);
    dx += bytes(dxRow);
  }
}
