// The factors by which gelu, silu and hard swish multiply x, and the slopes of those functions, in float32.
import { exp4, sigmoid4 } from './math';
import { fma } from './simd';

/**
 * 1 − Φ(x) for x ≥ 0, ½ erfc z with z = x ÷ √2, within 1.2e-7 of its value. Source: Press et al. 1992, "Numerical Recipes", 6.2:
 * erfc z = e^(−z² + p(t)) · t, t = 1 ÷ (1 + z ÷ 2). z² = x² ÷ 2 is split so that its first part is exact: where it is large, its rounding would be that of the result.
 */
@inline
function tail4(size: v128): v128 {
  const x = f32x4.min(size, f32x4.splat(20)),
    t = f32x4.div(f32x4.splat(1), fma(x, f32x4.splat(0.35355339059327376), f32x4.splat(1)));
  let p = fma(t, f32x4.splat(0.17087277), f32x4.splat(-0.82215223));
  p = fma(p, t, f32x4.splat(1.48851587));
  p = fma(p, t, f32x4.splat(-1.13520398));
  p = fma(p, t, f32x4.splat(0.27886807));
  p = fma(p, t, f32x4.splat(-0.18628806));
  p = fma(p, t, f32x4.splat(0.09678418));
  p = fma(p, t, f32x4.splat(0.37409196));
  p = fma(p, t, f32x4.splat(1.00002368));
  p = fma(p, t, f32x4.splat(-1.26551223));
  const high = v128.and(x, i32x4.splat(<i32>0xfffff000)),
    half = f32x4.splat(0.5),
    rest = f32x4.mul(half, f32x4.mul(f32x4.sub(x, high), f32x4.add(x, high)));
  const near = f32x4.mul(f32x4.mul(half, t), exp4(f32x4.sub(p, rest)));
  return f32x4.mul(near, exp4(f32x4.mul(f32x4.splat(-0.5), f32x4.mul(high, high))));
}

/** Φ(x), the normal distribution; its tail below zero without cancellation. */
@inline
export function normal4(x: v128): v128 {
  const tail = tail4(f32x4.abs(x));
  return v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
}

/** Φ(x) + x · φ(x). */
@inline
export function geluSlope4(x: v128): v128 {
  // Beyond 20 the density is 0, and must stay so where x is infinite.
  const near = f32x4.max(f32x4.min(x, f32x4.splat(20)), f32x4.splat(-20)),
    density = f32x4.mul(f32x4.splat(0.39894228040143268), exp4(f32x4.mul(f32x4.splat(-0.5), f32x4.mul(near, near))));
  return fma(near, density, normal4(x));
}

const SCALE: f32 = 0.79788456080286536;
const CUBIC: f32 = 0.044715;

/** √(2 ÷ π) · (x + 0.044715 · x³), twice. */
@inline
function twiceInner(x: v128): v128 {
  const factor = fma(f32x4.mul(x, x), f32x4.splat(CUBIC), f32x4.splat(1));
  return f32x4.mul(f32x4.mul(f32x4.splat(2 * SCALE), x), factor);
}

/** The approximation of Φ(x) by a hyperbolic tangent: ½ (1 + tanh u) is the sigmoid of 2u. */
@inline
export function normalTanh4(x: v128): v128 {
  return sigmoid4(twiceInner(x));
}

@inline
export function geluTanhSlope4(x: v128): v128 {
  const near = f32x4.max(f32x4.min(x, f32x4.splat(20)), f32x4.splat(-20)),
    share = normalTanh4(near),
    rest = sigmoid4(f32x4.neg(twiceInner(near))),
    steep = f32x4.mul(
      f32x4.splat(2 * SCALE),
      fma(f32x4.mul(near, near), f32x4.splat(3 * CUBIC), f32x4.splat(1)),
    );
  return fma(f32x4.mul(near, share), f32x4.mul(rest, steep), share);
}

/** s(x) · (1 + x · s(−x)), s the sigmoid. */
@inline
export function siluSlope4(x: v128): v128 {
  // Beyond 110 the sigmoid is 0 or 1, and x must stay finite.
  const near = f32x4.max(f32x4.min(x, f32x4.splat(110)), f32x4.splat(-110));
  return f32x4.mul(sigmoid4(near), fma(near, sigmoid4(f32x4.neg(near)), f32x4.splat(1)));
}

/** max(0, min(1, x ÷ 6 + ½)). */
@inline
export function hardSwishGate4(x: v128): v128 {
  const line = fma(x, f32x4.splat(1.0 / 6.0), f32x4.splat(0.5));
  return f32x4.max(f32x4.min(line, f32x4.splat(1)), f32x4.splat(0));
}

/** The gate, and x ÷ 6 between −3 and 3. */
@inline
export function hardSwishSlope4(x: v128): v128 {
  const between = v128.and(f32x4.gt(x, f32x4.splat(-3)), f32x4.lt(x, f32x4.splat(3)));
  return f32x4.add(hardSwishGate4(x), v128.and(f32x4.mul(x, f32x4.splat(1.0 / 6.0)), between));
}
