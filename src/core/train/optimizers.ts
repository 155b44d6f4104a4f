import type { OptimizerSettings } from '../backends/executor';
import { flush } from '../kernels/reference/flush';
import type { FloatArray } from '../tensor';

/**
 * The optimizers in plain TypeScript, one function per formula, each updating one parameter in place.
 * `w` is the weight, `g` its gradient, `rate` the learning rate of this step; sums are made in doubles and stored at the
 * precision of the array, flushed where they are too small to multiply with. `decay` is L2 weight decay, `g ← g + decay · w`, except for AdamW.
 */

/** w ← w − rate · g */
export function sgd<A extends FloatArray>(w: A, g: A, rate: number, decay: number): void {
  for (let i = 0; i < w.length; i++) w[i] = flush(w[i] - rate * flush(g[i] + decay * w[i]));
}

/**
 * v ← momentum · v + share · g, then
 *   momentum: w ← w − rate · v
 *   Nesterov: w ← w − rate · (g + momentum · v)
 * as ONNX's Momentum (`share` is its beta) and PyTorch's SGD (`share` is 1 − dampening). Sutskever et al. 2013.
 */
export function momentum<A extends FloatArray>(
  w: A,
  g: A,
  velocity: A,
  rate: number,
  decay: number,
  settings: { momentum: number; nesterov: boolean; share?: number },
): void {
  const { momentum: keep, nesterov, share = 1 } = settings;
  for (let i = 0; i < w.length; i++) {
    const gradient = flush(g[i] + decay * w[i]);
    const v = flush(keep * velocity[i] + share * gradient);
    velocity[i] = v;
    w[i] = flush(w[i] - rate * (nesterov ? gradient + keep * v : v));
  }
}

/** s ← s + g², w ← w − rate · g ÷ (√s + ε). Duchi et al. 2011; ONNX's Adagrad. */
export function adagrad<A extends FloatArray>(
  w: A,
  g: A,
  square: A,
  rate: number,
  decay: number,
  settings: { epsilon: number },
): void {
  for (let i = 0; i < w.length; i++) {
    const gradient = flush(g[i] + decay * w[i]);
    const s = square[i] + gradient * gradient;
    square[i] = s;
    w[i] = flush(w[i] - (rate * gradient) / (Math.sqrt(s) + settings.epsilon));
  }
}

/** s ← ρ · s + (1 − ρ) · g², w ← w − rate · g ÷ (√s + ε). Tieleman and Hinton 2012, ε where PyTorch has it. */
export function rmsprop<A extends FloatArray>(
  w: A,
  g: A,
  square: A,
  rate: number,
  decay: number,
  settings: { rho: number; epsilon: number },
): void {
  const { rho, epsilon } = settings;
  for (let i = 0; i < w.length; i++) {
    const gradient = flush(g[i] + decay * w[i]);
    const s = flushSquare(rho * square[i] + (1 - rho) * gradient * gradient);
    square[i] = s;
    w[i] = flush(w[i] - (rate * gradient) / (Math.sqrt(s) + epsilon));
  }
}

/**
 * m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², w ← w − rate · √(1 − β₂ᵗ) ÷ (1 − β₁ᵗ) · m ÷ (√s + ε)
 *
 * Kingma and Ba 2015, in the order of computation that ends their section 2; ONNX's Adam. (PyTorch adds ε after the bias
 * correction instead: the same but for the size of ε.) `decoupled` is AdamW (Loshchilov and Hutter 2019): the decay does
 * not enter the gradient, w ← w − rate · decay · w before the step.
 *
 * @param step 1-based number of the update; 0 leaves the bias correction out, as ONNX has it.
 */
export function adam<A extends FloatArray>(
  w: A,
  g: A,
  mean: A,
  square: A,
  rate: number,
  decay: number,
  step: number,
  settings: { beta1: number; beta2: number; epsilon: number; decoupled: boolean },
): void {
  const { beta1, beta2, epsilon, decoupled } = settings;
  const corrected = step > 0 ? adamRate(rate, beta1, beta2, step) : rate;
  for (let i = 0; i < w.length; i++) {
    const gradient = flush(decoupled ? g[i] : g[i] + decay * w[i]);
    const m = flush(beta1 * mean[i] + (1 - beta1) * gradient);
    const s = flushSquare(beta2 * square[i] + (1 - beta2) * gradient * gradient);
    mean[i] = m;
    square[i] = s;
    const kept = decoupled ? w[i] - rate * decay * w[i] : w[i];
    w[i] = flush(kept - (corrected * m) / (Math.sqrt(s) + epsilon));
  }
}

/** Adam's learning rate with the bias of both moments corrected. */
export function adamRate(rate: number, beta1: number, beta2: number, step: number): number {
  return (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
}

/** Smallest normal float32. */
const SMALLEST_NORMAL = 2 ** -126;

/** Decayed mean squares would end as denormal numbers, which make a step a hundred times slower: they are set to zero. */
const flushSquare = (value: number): number => (Math.abs(value) < SMALLEST_NORMAL ? 0 : value);

/** The state that each optimizer keeps per parameter, by its name in checkpoints: `conv1.weight/velocity`. */
export const optimizerSlots: Readonly<Record<OptimizerSettings['kind'], readonly string[]>> = {
  sgd: [],
  momentum: ['velocity'],
  nesterov: ['velocity'],
  adagrad: ['square'],
  rmsprop: ['square'],
  adam: ['mean', 'square'],
  adamw: ['mean', 'square'],
};

/**
 * Updates one parameter by the optimizer that the settings name.
 * @param slots in the order of `optimizerSlots`, zero before the first step.
 * @param decays whether weight decay applies to this parameter.
 * @param step 1-based.
 */
export function updateParameter<A extends FloatArray>(
  settings: OptimizerSettings,
  w: A,
  g: A,
  slots: readonly A[],
  rate: number,
  step: number,
  decays: boolean,
): void {
  const decay = decays ? settings.weightDecay : 0;
  switch (settings.kind) {
    case 'sgd':
      return sgd(w, g, rate, decay);
    case 'momentum':
    case 'nesterov':
      return momentum(w, g, slots[0], rate, decay, {
        momentum: settings.momentum,
        nesterov: settings.kind === 'nesterov',
      });
    case 'adagrad':
      return adagrad(w, g, slots[0], rate, decay, settings);
    case 'rmsprop':
      return rmsprop(w, g, slots[0], rate, decay, settings);
    case 'adam':
    case 'adamw':
      return adam(w, g, slots[0], slots[1], rate, decay, step, { ...settings, decoupled: settings.kind === 'adamw' });
  }
}

/**
 * Scales all gradients so that their global L2 norm is at most `clipNorm` (0: no limit). Pascanu et al. 2013.
 * @returns the norm before clipping.
 */
export function clipGradients(gradients: Iterable<FloatArray>, clipNorm: number): number {
  const all = [...gradients];
  let sum = 0;
  for (const g of all) for (let i = 0; i < g.length; i++) sum += g[i] * g[i];
  const norm = Math.sqrt(sum);
  if (clipNorm > 0 && norm > clipNorm) {
    const factor = clipNorm / norm;
    for (const g of all) for (let i = 0; i < g.length; i++) g[i] *= factor;
  }
  return norm;
}

/** The optimizers' default settings. */
export const optimizerDefaults: Omit<OptimizerSettings, 'kind'> = {
  momentum: 0.9,
  beta1: 0.9,
  beta2: 0.999,
  rho: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  clipNorm: 0,
};
