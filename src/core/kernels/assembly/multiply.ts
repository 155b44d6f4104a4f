// Products of maps that are repeated along rows, columns or channels to fit each other.
import { bytes, lanesBefore, storeUpTo4, sumLanes } from './simd';

/** Four channels, or the one channel for all of them. */
@inline
function lanes(p: usize, c: i32, lane: i32): v128 {
  return lane ? v128.load(p + bytes(c)) : v128.load32_splat(p);
}

export function multiplyMaps(
  a: usize,
  aRow: i32,
  aPixel: i32,
  aLane: i32,
  b: usize,
  bRow: i32,
  bPixel: i32,
  bLane: i32,
  y: usize,
  yRow: i32,
  yPixel: i32,
  yLane: i32,
  rows: i32,
  width: i32,
  channels: i32,
  accumulate: i32,
): void {
  for (; rows > 0; rows--) {
    let p = a,
      q = b,
      r = y;
    for (let j = 0; j < width; j++) {
      if (yLane) {
        for (let c = 0; c < channels; c += 4) {
          let v = f32x4.mul(lanes(p, c, aLane), lanes(q, c, bLane));
          if (accumulate) v = f32x4.add(v128.load(r + bytes(c)), v);
          storeUpTo4(r + bytes(c), v, channels - c);
        }
      } else {
        let sum = f32x4.splat(0);
        for (let c = 0; c < channels; c += 4) {
          const v = f32x4.mul(lanes(p, c, aLane), lanes(q, c, bLane));
          sum = f32x4.add(sum, v128.and(v, lanesBefore(min(channels - c, 4), 0)));
        }
        f32.store(r, (accumulate ? f32.load(r) : <f32>0) + sumLanes(sum));
      }
      p += bytes(aPixel);
      q += bytes(bPixel);
      r += bytes(yPixel);
    }
    a += bytes(aRow);
    b += bytes(bRow);
    y += bytes(yRow);
  }
}
