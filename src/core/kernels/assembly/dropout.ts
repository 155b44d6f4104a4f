// Dropout masks and random slopes, drawn by counter: the same as src/core/random.ts, four draws at a time.
import { bytes, storeUpTo4 } from './simd';

/** MurmurHash3's fmix32. */
@inline
function mix(h: v128): v128 {
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 16)), i32x4.splat(<i32>0x85ebca6b));
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 13)), i32x4.splat(<i32>0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

@inline
function draws(counter: v128, first: v128, second: v128): v128 {
  return mix(i32x4.add(mix(v128.xor(i32x4.mul(counter, i32x4.splat(<i32>0x9e3779b1)), first)), second));
}

export function dropoutMask(mask: usize, count: i32, from: i32, key0: i32, key1: i32, threshold: u32, kept: f32): void {
  const first = i32x4.splat(key0),
    second = i32x4.splat(key1),
    limit = i32x4.splat(<i32>threshold),
    scale = f32x4.splat(kept);
  let counter = i32x4.add(i32x4.splat(from), i32x4(0, 1, 2, 3));
  for (let i = 0; i < count; i += 4) {
    const draw = draws(counter, first, second);
    storeUpTo4(mask + bytes(i), v128.and(scale, i32x4.ge_u(draw, limit)), count - i);
    counter = i32x4.add(counter, i32x4.splat(4));
  }
}

export function randomSlopes(
  x: usize,
  slopes: usize,
  count: i32,
  from: i32,
  key0: i32,
  key1: i32,
  lower: f32,
  range: f32,
): void {
  const first = i32x4.splat(key0),
    second = i32x4.splat(key1),
    least = f32x4.splat(lower),
    step = f32x4.splat(range * <f32>2.3283064365386963e-10),
    one = f32x4.splat(1);
  let counter = i32x4.add(i32x4.splat(from), i32x4(0, 1, 2, 3));
  for (let i = 0; i < count; i += 4) {
    const drawn = f32x4.add(least, f32x4.mul(step, f32x4.convert_i32x4_u(draws(counter, first, second))));
    const positive = f32x4.gt(v128.load(x + bytes(i)), f32x4.splat(0));
    storeUpTo4(slopes + bytes(i), v128.bitselect(one, drawn, positive), count - i);
    counter = i32x4.add(counter, i32x4.splat(4));
  }
}
