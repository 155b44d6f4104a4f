// Reductions over arrays: norms, moments, whether all values are finite. Sums are in doubles.
import { bytes, lanesBefore, storeUpTo4 } from './simd';

@inline
function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}
@inline
function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(v, v, 1, 1));
}
@inline
function total(a: v128, b: v128): f64 {
  const sum = f64x2.add(a, b);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Four values from element i on, zero past the end. */
@inline
function loadPart(x: usize, i: i32, count: i32): v128 {
  const v = v128.load(x + bytes(i));
  return i + 4 <= count ? v : v128.and(v, lanesBefore(count - i, 0));
}

export function squaredNorm(x: usize, count: i32): f64 {
  let s0 = f64x2.splat(0),
    s1 = s0;
  for (let i = 0; i < count; i += 4) {
    const v = loadPart(x, i, count),
      a = low(v),
      b = high(v);
    s0 = f64x2.add(s0, f64x2.mul(a, a));
    s1 = f64x2.add(s1, f64x2.mul(b, b));
  }
  return total(s0, s1);
}

export function squaredDistance(x: usize, y: usize, count: i32): f64 {
  let s0 = f64x2.splat(0),
    s1 = s0;
  for (let i = 0; i < count; i += 4) {
    const v = loadPart(x, i, count),
      w = loadPart(y, i, count),
      a = f64x2.sub(low(v), low(w)),
      b = f64x2.sub(high(v), high(w));
    s0 = f64x2.add(s0, f64x2.mul(a, a));
    s1 = f64x2.add(s1, f64x2.mul(b, b));
  }
  return total(s0, s1);
}

export function moments(x: usize, xRow: i32, rows: i32, length: i32, result: usize): void {
  const zero = f32x4.splat(0);
  let s0 = f64x2.splat(0),
    s1 = s0,
    q0 = s0,
    q1 = s0,
    zeros: f64 = 0;
  for (; rows > 0; rows--) {
    // A lane that compares equal is −1: subtracting counts it.
    let count = i32x4.splat(0);
    for (let i = 0; i < length; i += 4) {
      const v = loadPart(x, i, length),
        a = low(v),
        b = high(v);
      s0 = f64x2.add(s0, a);
      s1 = f64x2.add(s1, b);
      q0 = f64x2.add(q0, f64x2.mul(a, a));
      q1 = f64x2.add(q1, f64x2.mul(b, b));
      count = i32x4.sub(count, f32x4.eq(v, zero));
    }
    const found =
      i32x4.extract_lane(count, 0) +
      i32x4.extract_lane(count, 1) +
      i32x4.extract_lane(count, 2) +
      i32x4.extract_lane(count, 3);
    zeros += <f64>(found - ((4 - (length & 3)) & 3));
    x += bytes(xRow);
  }
  f64.store(result, f64.load(result) + total(s0, s1));
  f64.store(result, f64.load(result, 8) + total(q0, q1), 8);
  f64.store(result, f64.load(result, 16) + zeros, 16);
}

/** 2⁻⁶⁰ as bits: the product of two values at least this large is a normal number. */
const SMALL = 0x21800000;

export function flushRows(x: usize, xRow: i32, rows: i32, length: i32): void {
  const magnitude = i32x4.splat(0x7fffffff),
    one = i32x4.splat(1),
    limit = i32x4.splat(SMALL - 1);
  for (; rows > 0; rows--) {
    for (let i = 0; i < length; i += 4) {
      const v = v128.load(x + bytes(i)),
        // Zero wraps around to the largest number: it is left as it is.
        small = i32x4.lt_u(i32x4.sub(v128.and(v, magnitude), one), limit);
      if (v128.any_true(small)) storeUpTo4(x + bytes(i), v128.andnot(v, small), length - i);
    }
    x += bytes(xRow);
  }
}

export function allFinite(x: usize, xRow: i32, rows: i32, length: i32): i32 {
  const exponent = i32x4.splat(0x7f800000);
  for (; rows > 0; rows--) {
    let bad = i32x4.splat(0);
    for (let i = 0; i < length; i += 4) {
      bad = v128.or(bad, i32x4.eq(v128.and(loadPart(x, i, length), exponent), exponent));
    }
    if (v128.any_true(bad)) return 0;
    x += bytes(xRow);
  }
  return 1;
}
