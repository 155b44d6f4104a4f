// Softmax and log-softmax of rows. The largest value is subtracted first, so that nothing overflows.
import { bytes, lanesBefore, maxLanes, storeUpTo4, sumLanes } from './simd';
import { exp4, log4 } from './math';

/** Four values from element i on; elements past the row's end are `fill`. */
@inline
function loadPart(x: usize, i: i32, length: i32, fill: v128): v128 {
  const v = v128.load(x + bytes(i));
  return i + 4 <= length ? v : v128.bitselect(v, fill, lanesBefore(length - i, 0));
}

export function rowMaximum(x: usize, length: i32): f32 {
  const lowest = f32x4.splat(-Infinity);
  let m = lowest;
  for (let i = 0; i < length; i += 4) m = f32x4.max(m, loadPart(x, i, length, lowest));
  return maxLanes(m);
}

/** Σ exp(x − largest). */
export function rowExpSum(x: usize, length: i32, largest: f32): f32 {
  const lowest = f32x4.splat(-Infinity),
    shift = f32x4.splat(largest);
  let sum = f32x4.splat(0);
  for (let i = 0; i < length; i += 4) sum = f32x4.add(sum, exp4(f32x4.sub(loadPart(x, i, length, lowest), shift)));
  return sumLanes(sum);
}

function rowSum(x: usize, length: i32): f32 {
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let i = 0; i < length; i += 4) sum = f32x4.add(sum, loadPart(x, i, length, zero));
  return sumLanes(sum);
}

function rowDot(a: usize, b: usize, length: i32): f32 {
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let i = 0; i < length; i += 4) {
    sum = f32x4.add(sum, f32x4.mul(loadPart(a, i, length, zero), loadPart(b, i, length, zero)));
  }
  return sumLanes(sum);
}

export function softmaxForward(x: usize, xRow: i32, y: usize, yRow: i32, rows: i32, length: i32): void {
  for (; rows > 0; rows--) {
    const largest = rowMaximum(x, length),
      shift = f32x4.splat(largest),
      sum = f32x4.splat(rowExpSum(x, length, largest));
    for (let i = 0; i < length; i += 4) {
      storeUpTo4(y + bytes(i), f32x4.div(exp4(f32x4.sub(v128.load(x + bytes(i)), shift)), sum), length - i);
    }
    x += bytes(xRow);
    y += bytes(yRow);
  }
}

export function softmaxBackward(
  y: usize,
  yRow: i32,
  dy: usize,
  dyRow: i32,
  dx: usize,
  dxRow: i32,
  rows: i32,
  length: i32,
  accumulate: i32,
): void {
  for (; rows > 0; rows--) {
    const dot = f32x4.splat(rowDot(y, dy, length));
    for (let i = 0; i < length; i += 4) {
      const at = bytes(i);
      let value = f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(dy + at), dot));
      if (accumulate) value = f32x4.add(v128.load(dx + at), value);
      storeUpTo4(dx + at, value, length - i);
    }
    y += bytes(yRow);
    dy += bytes(dyRow);
    dx += bytes(dxRow);
  }
}

export function logSoftmaxForward(x: usize, xRow: i32, y: usize, yRow: i32, rows: i32, length: i32): void {
  for (; rows > 0; rows--) {
    const largest = rowMaximum(x, length),
      shift = f32x4.splat(largest),
      sum = rowExpSum(x, length, largest);
    // log4 does not handle NaN: pass it on unchanged.
    const logSum = sum == sum ? log4(f32x4.splat(sum)) : f32x4.splat(sum);
    for (let i = 0; i < length; i += 4) {
      storeUpTo4(y + bytes(i), f32x4.sub(f32x4.sub(v128.load(x + bytes(i)), shift), logSum), length - i);
    }
    x += bytes(xRow);
    y += bytes(yRow);
  }
}

export function logSoftmaxBackward(
  y: usize,
  yRow: i32,
  dy: usize,
  dyRow: i32,
  dx: usize,
  dxRow: i32,
  rows: i32,
  length: i32,
  accumulate: i32,
): void {
  for (; rows > 0; rows--) {
    const sum = f32x4.splat(rowSum(dy, length));
    for (let i = 0; i < length; i += 4) {
      const at = bytes(i);
      let value = f32x4.sub(v128.load(dy + at), f32x4.mul(exp4(v128.load(y + at)), sum));
      if (accumulate) value = f32x4.add(v128.load(dx + at), value);
      storeUpTo4(dx + at, value, length - i);
    }
    y += bytes(yRow);
    dy += bytes(dyRow);
    dx += bytes(dxRow);
  }
}
