// Batch norm (Ioffe & Szegedy 2015) over pixels of `channels` floats. Sums are in doubles: Σ x² − (Σ x)²/n then stays precise
// when the mean is much larger than the standard deviation, in one pass that shards can split.
import { bytes, fma, storeUpTo4 } from './simd';

@inline
function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}
@inline
function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(v, v, 1, 1));
}

/** sums[c … c+3] += two vectors of two doubles, as many as there are channels. */
@inline
function addDoubles(sums: usize, c: i32, channels: i32, a: v128, b: v128): void {
  const d = sums + ((<usize>c) << 3);
  f64.store(d, f64.load(d) + f64x2.extract_lane(a, 0));
  if (c + 1 < channels) f64.store(d, f64.load(d, 8) + f64x2.extract_lane(a, 1), 8);
  if (c + 2 < channels) f64.store(d, f64.load(d, 16) + f64x2.extract_lane(b, 0), 16);
  if (c + 3 < channels) f64.store(d, f64.load(d, 24) + f64x2.extract_lane(b, 1), 24);
}

export function batchNormSums(x: usize, xRow: i32, rows: i32, width: i32, channels: i32, sums: usize): void {
  const pixel = bytes(channels),
    squares = sums + ((<usize>channels) << 3);
  for (let c = 0; c < channels; c += 4) {
    let s0 = f64x2.splat(0),
      s1 = s0,
      q0 = s0,
      q1 = s0;
    for (let i = 0; i < rows; i++) {
      let p = x + bytes(i * xRow + c);
      for (let j = 0; j < width; j++) {
        const v = v128.load(p),
          a = low(v),
          b = high(v);
        s0 = f64x2.add(s0, a);
        s1 = f64x2.add(s1, b);
        q0 = f64x2.add(q0, f64x2.mul(a, a));
        q1 = f64x2.add(q1, f64x2.mul(b, b));
        p += pixel;
      }
    }
    addDoubles(sums, c, channels, s0, s1);
    addDoubles(squares, c, channels, q0, q1);
  }
}

/** Σ over shards of a double, in their order. */
@inline
function combine(sums: usize, shards: i32, shardStride: usize): f64 {
  let total: f64 = 0;
  for (; shards > 0; shards--) {
    total += f64.load(sums);
    sums += shardStride;
  }
  return total;
}

export function batchNormStatistics(
  sums: usize,
  shards: i32,
  shardStride: usize,
  channels: i32,
  count: i32,
  epsilon: f32,
  momentum: f32,
  mean: usize,
  inverse: usize,
  runningMean: usize,
  runningVariance: usize,
): void {
  const squares = sums + ((<usize>channels) << 3),
    keep = <f64>momentum;
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 3,
      average = combine(sums + at, shards, shardStride) / <f64>count;
    // Not Math.max with 0: some variants of it drop NaN, which must be kept.
    let variance = combine(squares + at, shards, shardStride) / <f64>count - average * average;
    if (variance < 0) variance = 0;
    f32.store(mean + bytes(c), <f32>average);
    f32.store(inverse + bytes(c), <f32>(1 / sqrt<f64>(variance + <f64>epsilon)));
    if (runningMean) {
      const m = runningMean + bytes(c),
        v = runningVariance + bytes(c);
      f32.store(m, <f32>(keep * <f64>f32.load(m) + (1 - keep) * average));
      f32.store(v, <f32>(keep * <f64>f32.load(v) + (1 - keep) * variance));
    }
  }
}

export function batchNormInverse(variance: usize, channels: i32, epsilon: f32, inverse: usize): void {
  for (let c = 0; c < channels; c++) {
    f32.store(inverse + bytes(c), <f32>(1 / sqrt<f64>(<f64>f32.load(variance + bytes(c)) + <f64>epsilon)));
  }
}

export function batchNormForward(
  x: usize,
  xRow: i32,
  y: usize,
  yRow: i32,
  rows: i32,
  width: i32,
  channels: i32,
  mean: usize,
  inverse: usize,
  scale: usize,
  shift: usize,
  relu: i32,
): void {
  const floor = f32x4.splat(relu ? 0 : -Infinity);
  for (; rows > 0; rows--) {
    for (let j = 0, n = width * channels; j < n; j += channels) {
      for (let c = 0; c < channels; c += 4) {
        const at = bytes(c),
          factor = f32x4.mul(v128.load(inverse + at), v128.load(scale + at));
        const centred = f32x4.sub(v128.load(x + bytes(j + c)), v128.load(mean + at));
        storeUpTo4(y + bytes(j + c), f32x4.max(fma(centred, factor, v128.load(shift + at)), floor), channels - c);
      }
    }
    x += bytes(xRow);
    y += bytes(yRow);
  }
}

export function batchNormGradientSums(
  x: usize,
  xRow: i32,
  dy: usize,
  dyRow: i32,
  rows: i32,
  width: i32,
  channels: i32,
  mean: usize,
  inverse: usize,
  sums: usize,
): void {
  const pixel = bytes(channels),
    products = sums + ((<usize>channels) << 3);
  for (let c = 0; c < channels; c += 4) {
    const means = v128.load(mean + bytes(c)),
      inverses = v128.load(inverse + bytes(c));
    let s0 = f64x2.splat(0),
      s1 = s0,
      q0 = s0,
      q1 = s0;
    for (let i = 0; i < rows; i++) {
      let p = x + bytes(i * xRow + c),
        q = dy + bytes(i * dyRow + c);
      for (let j = 0; j < width; j++) {
        const normalized = f32x4.mul(f32x4.sub(v128.load(p), means), inverses),
          g = v128.load(q),
          a = low(g),
          b = high(g);
        s0 = f64x2.add(s0, a);
        s1 = f64x2.add(s1, b);
        q0 = f64x2.add(q0, f64x2.mul(a, low(normalized)));
        q1 = f64x2.add(q1, f64x2.mul(b, high(normalized)));
        p += pixel;
        q += pixel;
      }
    }
    addDoubles(sums, c, channels, s0, s1);
    addDoubles(products, c, channels, q0, q1);
  }
}

export function batchNormGradients(
  sums: usize,
  shards: i32,
  shardStride: usize,
  channels: i32,
  count: i32,
  dScale: usize,
  dShift: usize,
  means: usize,
): void {
  const products = sums + ((<usize>channels) << 3);
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 3,
      total = combine(sums + at, shards, shardStride),
      product = combine(products + at, shards, shardStride);
    f32.store(dShift + bytes(c), f32.load(dShift + bytes(c)) + <f32>total);
    f32.store(dScale + bytes(c), f32.load(dScale + bytes(c)) + <f32>product);
    f32.store(means + bytes(c), <f32>(total / <f64>count));
    f32.store(means + bytes(channels + c), <f32>(product / <f64>count));
  }
}

export function batchNormBackward(
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
        let g = v128.load(dy + here);
        if (means) {
          const normalized = f32x4.mul(f32x4.sub(v128.load(x + here), v128.load(mean + at)), inverses);
          g = f32x4.sub(
            f32x4.sub(g, v128.load(means + at)),
            f32x4.mul(normalized, v128.load(means + bytes(channels + c))),
          );
        }
        let value = f32x4.mul(f32x4.mul(v128.load(scale + at), inverses), g);
        if (accumulate) value = f32x4.add(v128.load(dx + here), value);
        storeUpTo4(dx + here, value, channels - c);
      }
    }
    x += bytes(xRow);
    dy += bytes(dyRow);
    dx += bytes(dxRow);
  }
}
