// Local response normalization: each pixel's channels by their neighbors' squares.
import { exp4, log4 } from './math';
import { bytes, storeUpTo4 } from './simd';

/** base[c] = bias + alpha · Σ x² over the channels from c − before to c + after. */
@inline
function bases(x: usize, channels: i32, before: i32, after: i32, alpha: f32, bias: f32, base: usize): void {
  for (let c = 0; c < channels; c++) {
    let sum: f32 = 0;
    for (let i = max(0, c - before), end = min(channels - 1, c + after); i <= end; i++) {
      const v = f32.load(x + bytes(i));
      sum += v * v;
    }
    f32.store(base + bytes(c), bias + alpha * sum);
  }
}

/** base^power for base > 0; NaN where it is not finite. */
@inline
function power4(base: v128, power: f32): v128 {
  const value = exp4(f32x4.mul(f32x4.splat(power), log4(base))),
    lost = f32x4.sub(base, base);
  return f32x4.add(value, lost);
}

export function lrnForward(
  x: usize,
  xRow: i32,
  y: usize,
  yRow: i32,
  rows: i32,
  channels: i32,
  before: i32,
  after: i32,
  alpha: f32,
  beta: f32,
  bias: f32,
  scratch: usize,
): void {
  for (; rows > 0; rows--) {
    bases(x, channels, before, after, alpha, bias, scratch);
    for (let c = 0; c < channels; c += 4) {
      const at = bytes(c);
      storeUpTo4(y + at, f32x4.mul(v128.load(x + at), power4(v128.load(scratch + at), -beta)), channels - c);
    }
    x += bytes(xRow);
    y += bytes(yRow);
  }
}

export function lrnBackward(
  x: usize,
  xRow: i32,
  dy: usize,
  dyRow: i32,
  dx: usize,
  dxRow: i32,
  rows: i32,
  channels: i32,
  before: i32,
  after: i32,
  alpha: f32,
  beta: f32,
  bias: f32,
  scratch: usize,
  accumulate: i32,
): void {
  const factors = scratch,
    shares = scratch + bytes((channels + 3) & ~3);
  for (; rows > 0; rows--) {
    bases(x, channels, before, after, alpha, bias, factors);
    for (let c = 0; c < channels; c += 4) {
      const at = bytes(c),
        base = v128.load(factors + at),
        factor = power4(base, -beta);
      const share = f32x4.div(f32x4.mul(f32x4.mul(v128.load(dy + at), v128.load(x + at)), factor), base);
      storeUpTo4(factors + at, factor, channels - c);
      storeUpTo4(shares + at, share, channels - c);
    }
    for (let c = 0; c < channels; c++) {
      let sum: f32 = 0;
      for (let i = max(0, c - after), end = min(channels - 1, c + before); i <= end; i++)
        sum += f32.load(shares + bytes(i));
      const d = dx + bytes(c);
      const value =
        f32.load(dy + bytes(c)) * f32.load(factors + bytes(c)) - 2 * alpha * beta * f32.load(x + bytes(c)) * sum;
      f32.store(d, accumulate ? f32.load(d) + value : value);
    }
    x += bytes(xRow);
    dy += bytes(dyRow);
    dx += bytes(dxRow);
  }
}
