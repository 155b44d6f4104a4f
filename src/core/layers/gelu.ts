import { elementwise } from './elementwise';
import type { LayerDefinition, OnnxContext, OnnxNodeSpec } from './layer';
import { bool } from './pytorch';
import { logistic } from './sigmoid';

export interface GeluConfig {
  /** `none`: the normal distribution itself. `tanh`: Hendrycks & Gimpel's approximation of it. */
  approximate: 'none' | 'tanh';
}

/** √(2 ÷ π) and the cubic term's share, of the tanh form. */
const SCALE = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/**
 * Gaussian error linear unit: y = x · Φ(x), Φ the normal distribution, ½ · (1 + erf(x ÷ √2)); with `approximate: 'tanh'`
 * Φ(x) ≈ ½ · (1 + tanh(√(2 ÷ π) · (x + 0.044715 · x³))). Any shape. Settings: approximate 'none'.
 * Source: Hendrycks & Gimpel 2016. Composed of standard operators, as ONNX has Gelu from version 20 on.
 */
export const gelu: LayerDefinition<GeluConfig> = elementwise<GeluConfig>({
  kind: 'gelu',
  parse: (settings) => ({ approximate: settings.oneOf('approximate', 'none', ['none', 'tanh']) }),
  settings: ({ approximate }) => ({ approximate }),
  value: ({ approximate }, x) => x * (approximate === 'tanh' ? logistic(2 * inner(x)) : normal(x)),
  slope: ({ approximate }, x) => {
    if (approximate === 'none') return normal(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
    const share = logistic(2 * inner(x));
    return share + 2 * x * share * logistic(-2 * inner(x)) * SCALE * (1 + 3 * CUBIC * x * x);
  },
  nodes: ({ approximate }, context) => (approximate === 'tanh' ? tanhForm(context) : erfForm(context)),
  pytorch: ({ approximate }, x) => `F.gelu(${x}, approximate='${approximate}')`,
  keras: ({ approximate }, x) => `ops.gelu(${x}, approximate=${bool(approximate !== 'none')})`,
  formula: ({ approximate }) =>
    approximate === 'tanh' ? '½ · x · (1 + tanh(√(2 ÷ π) · (x + 0.044715 · x³)))' : '½ · x · (1 + erf(x ÷ √2))',
});

const inner = (x: number): number => SCALE * (x + CUBIC * x * x * x);

/** Φ(x) in doubles; the tail below zero without cancellation. */
function normal(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const tail = 0.5 * erfc(z);
  return x < 0 ? tail : 1 - tail;
}

/**
 * erfc(z) = 1 − erf(z) for z ≥ 0, to about 1e-15: below 2 by the series erf(z) = 2 ÷ √π · e^(−z²) · Σ 2ⁿ z^(2n+1) ÷ (2n+1)!!,
 * above by the continued fraction. Source: Abramowitz & Stegun 1964, 7.1.6 and 7.1.14.
 */
export function erfc(z: number): number {
  const density = Math.exp(-z * z) / Math.sqrt(Math.PI);
  if (z < 2) {
    let term = z;
    let sum = z;
    for (let n = 1; term > 1e-17 * sum; n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    return 1 - 2 * density * sum;
  }
  if (density === 0) return 0;
  if (Number.isNaN(z)) return NaN;
  let fraction = z;
  for (let n = 60; n >= 1; n--) fraction = z + n / 2 / fraction;
  return density / fraction;
}

/** The error function. */
export const erf = (z: number): number => (z < 0 ? erfc(-z) - 1 : 1 - erfc(z));

const constant = (context: OnnxContext, name: string, value: number): string =>
  context.initializer(name, [], Float32Array.of(value));

function erfForm(context: OnnxContext): OnnxNodeSpec[] {
  const { name, inputs } = context;
  const [x] = inputs;
  const [root, one, half] = [
    constant(context, 'root', Math.SQRT1_2),
    constant(context, 'one', 1),
    constant(context, 'half', 0.5),
  ];
  return [
    { opType: 'Mul', inputs: [x, root], outputs: [`${name}.scaled`] },
    { opType: 'Erf', inputs: [`${name}.scaled`], outputs: [`${name}.erf`] },
    { opType: 'Add', inputs: [`${name}.erf`, one], outputs: [`${name}.sum`] },
    { opType: 'Mul', inputs: [x, `${name}.sum`], outputs: [`${name}.double`] },
    { opType: 'Mul', inputs: [`${name}.double`, half], outputs: [name] },
  ];
}

function tanhForm(context: OnnxContext): OnnxNodeSpec[] {
  const { name, inputs } = context;
  const [x] = inputs;
  const [cubic, one, scale, half] = [
    constant(context, 'cubic', CUBIC),
    constant(context, 'one', 1),
    constant(context, 'scale', SCALE),
    constant(context, 'half', 0.5),
  ];
  // x + cubic · x³ = x · (1 + cubic · x²)
  return [
    { opType: 'Mul', inputs: [x, x], outputs: [`${name}.square`] },
    { opType: 'Mul', inputs: [`${name}.square`, cubic], outputs: [`${name}.cubed`] },
    { opType: 'Add', inputs: [`${name}.cubed`, one], outputs: [`${name}.factor`] },
    { opType: 'Mul', inputs: [x, `${name}.factor`], outputs: [`${name}.inner`] },
    { opType: 'Mul', inputs: [`${name}.inner`, scale], outputs: [`${name}.scaled`] },
    { opType: 'Tanh', inputs: [`${name}.scaled`], outputs: [`${name}.tanh`] },
    { opType: 'Add', inputs: [`${name}.tanh`, one], outputs: [`${name}.sum`] },
    { opType: 'Mul', inputs: [x, `${name}.sum`], outputs: [`${name}.double`] },
    { opType: 'Mul', inputs: [`${name}.double`, half], outputs: [name] },
  ];
}
