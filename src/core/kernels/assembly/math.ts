// Vector mathematics in float32, within 2–3 units in the last place (tests/core/kernels/activations.test.ts measures them).
// Reductions and polynomials are those of the Cephes library (S. Moshier: expf, logf, tanhf).
import { fma } from './simd';

const LOG2_E: f32 = 1.44269504088896341;
/** ln 2 in two parts; the first has few digits, so that its products with small integers are exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;
/** Adding 1.5 · 2²³ rounds to an integer and leaves it in the low bits. */
const ROUNDER: f32 = 12582912;
const ROUNDER_BITS: i32 = 0x4b400000;

/** e^r − 1 = r + r² · p(r) for |r| ≤ ½ ln 2: this is p. */
@inline
function expTail(r: v128): v128 {
  let p = fma(f32x4.splat(1.98756915e-4), r, f32x4.splat(1.3981999507e-3));
  p = fma(p, r, f32x4.splat(8.3334519073e-3));
  p = fma(p, r, f32x4.splat(4.1665795894e-2));
  p = fma(p, r, f32x4.splat(1.6666665459e-1));
  return fma(p, r, f32x4.splat(5.0000001201e-1));
}

/** eˣ: +∞ over 88.73, denormal under −87.3, 0 under −104; NaN stays. */
@inline
export function exp4(x: v128): v128 {
  x = f32x4.max(f32x4.min(x, f32x4.splat(89.5)), f32x4.splat(-105));
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER)),
    n = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  const r = fma(n, f32x4.splat(-LN2_LOW), fma(n, f32x4.splat(-LN2_HIGH), x));
  const y = f32x4.add(fma(expTail(r), f32x4.mul(r, r), r), f32x4.splat(1));
  // 2ⁿ in two halves, since n goes past the exponents of normal numbers at both ends.
  const exponent = i32x4.sub(shifted, i32x4.splat(ROUNDER_BITS)),
    half = i32x4.shr_s(exponent, 1),
    bias = i32x4.splat(127);
  const first = i32x4.shl(i32x4.add(half, bias), 23),
    second = i32x4.shl(i32x4.add(i32x4.sub(exponent, half), bias), 23);
  return f32x4.mul(f32x4.mul(y, first), second);
}

/** eˣ − 1 for x ≤ 0, accurate near 0 too. */
@inline
export function expMinus1OfNegative(x: v128): v128 {
  x = f32x4.max(x, f32x4.splat(-30));
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER)),
    n = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  const r = fma(n, f32x4.splat(-LN2_LOW), fma(n, f32x4.splat(-LN2_HIGH), x));
  const y = fma(expTail(r), f32x4.mul(r, r), r);
  const power = i32x4.shl(i32x4.add(i32x4.sub(shifted, i32x4.splat(ROUNDER_BITS)), i32x4.splat(127)), 23);
  // 2ⁿ (y + 1) − 1
  return fma(power, y, f32x4.sub(power, f32x4.splat(1)));
}

/** ln x for normal x > 0. */
@inline
export function log4(x: v128): v128 {
  // x = 2ᵉ · m with m in [√½, √2)
  let exponent = i32x4.sub(i32x4.shr_s(x, 23), i32x4.splat(126));
  let m = v128.or(v128.and(x, i32x4.splat(0x7fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  exponent = i32x4.add(exponent, low);
  m = f32x4.sub(f32x4.add(m, v128.and(m, low)), f32x4.splat(1));
  const e = f32x4.convert_i32x4_s(exponent),
    z = f32x4.mul(m, m);
  let p = fma(f32x4.splat(7.0376836292e-2), m, f32x4.splat(-1.151461031e-1));
  p = fma(p, m, f32x4.splat(1.167699874e-1));
  p = fma(p, m, f32x4.splat(-1.2420140846e-1));
  p = fma(p, m, f32x4.splat(1.4249322787e-1));
  p = fma(p, m, f32x4.splat(-1.6668057665e-1));
  p = fma(p, m, f32x4.splat(2.0000714765e-1));
  p = fma(p, m, f32x4.splat(-2.4999993993e-1));
  p = fma(p, m, f32x4.splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, m), z);
  y = fma(e, f32x4.splat(LN2_LOW), y);
  y = fma(z, f32x4.splat(-0.5), y);
  return fma(e, f32x4.splat(LN2_HIGH), f32x4.add(m, y));
}

/** 1 / (1 + e⁻ˣ), from e to the −|x|, which never overflows. */
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1),
    e = exp4(f32x4.neg(f32x4.abs(x)));
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0))), f32x4.add(one, e));
}

/** tanh x: a polynomial near 0, 1 − 2 / (e²ˣ + 1) elsewhere. */
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x),
    z = f32x4.mul(x, x),
    one = f32x4.splat(1);
  let p = fma(f32x4.splat(-5.70498872745e-3), z, f32x4.splat(2.06390887954e-2));
  p = fma(p, z, f32x4.splat(-5.37397155531e-2));
  p = fma(p, z, f32x4.splat(1.33314422036e-1));
  p = fma(p, z, f32x4.splat(-3.33332819422e-1));
  const near = fma(f32x4.mul(p, z), x, x);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(exp4(f32x4.add(size, size)), one)));
  const signed = v128.or(far, v128.and(x, i32x4.splat(<i32>0x80000000)));
  return v128.bitselect(signed, near, f32x4.ge(size, f32x4.splat(0.625)));
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). */
@inline
export function softplus4(x: v128): v128 {
  const one = f32x4.splat(1),
    e = exp4(f32x4.neg(f32x4.abs(x)));
  // ln(1 + e) with what rounding 1 + e lost put back: otherwise tiny e would vanish.
  const u = f32x4.add(one, e),
    lost = f32x4.sub(e, f32x4.sub(u, one));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), f32x4.add(log4(u), f32x4.div(lost, u)));
}
