// Small vector helpers that every kernel file shares.

/** a · b + c: fused (one rounding) in the relaxed build, two roundings in the plain one. */
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Stores the first n lanes, n in 1 … 3. */
@inline
export function storeTail(p: usize, v: v128, n: i32): void {
  if (n >= 2) {
    v128.store64_lane(p, v, 0);
    if (n == 3) v128.store32_lane(p, v, 2, 8);
  } else if (n == 1) v128.store32_lane(p, v, 0);
}

/** Stores the first n of 8 lanes, n in 1 … 7. */
@inline
export function storeTail8(p: usize, a: v128, b: v128, n: i32): void {
  if (n >= 4) {
    v128.store(p, a);
    storeTail(p + 16, b, n - 4);
  } else storeTail(p, a, n);
}

/** Stores min(n, 4) lanes, n ≥ 1. */
@inline
export function storeUpTo4(p: usize, v: v128, n: i32): void {
  if (n >= 4) v128.store(p, v);
  else storeTail(p, v, n);
}

const LANES: usize = memory.data<i32>([-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** All ones in the lanes v·4 … v·4+3 of eight that come before n, n in 0 … 8. */
@inline
export function lanesBefore(n: i32, v: i32): v128 {
  return v128.load(LANES + ((<usize>(8 - n + 4 * v)) << 2));
}

/** The four lanes' sum, in a fixed order. */
@inline
export function sumLanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** The largest lane; NaN if one is. */
@inline
export function maxLanes(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** Bytes of n floats. */
@inline
export function bytes(n: i32): usize {
  return (<usize>n) << 2;
}
