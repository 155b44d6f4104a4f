import type { Traits } from '../layers/traits';
import type { FloatArray } from '../tensor';
import { logSoftmax } from '../train/losses';

/** What a network's last values mean for the classes: which kind of probability, or plain values. */
export interface Head {
  kind: NonNullable<Traits['probability']> | 'value';
  /** The layer that gives them. */
  output: number;
  /** The layer that holds their logits, −1 the input; `output` itself where they are just values. */
  logits: number;
}

/** What a head needs to know about a layer. */
export interface HeadLayer {
  traits: Traits;
  inputs: readonly number[];
  single: boolean;
}

/** The head of layer `output`. Layers that copy (a flatten after the softmax) are followed back to the one that makes the probabilities. */
export function headOf(output: number, layerAt: (index: number) => HeadLayer | null): Head {
  let maker = layerAt(output);
  while (maker?.traits.copies) maker = layerAt(maker.inputs[0]);
  const kind = maker?.traits.probability;
  if (!maker || !kind || !(maker.single || kind === 'own')) return { kind: 'value', output, logits: output };
  return { kind, output, logits: maker.inputs[0] };
}

/**
 * Logarithms of the probabilities, in doubles from the logits, so that small ones do not become 0; null where the head has none.
 * @param logits `[n, classes]`, of layer `head.logits`.
 */
export function logProbabilities(
  { kind }: Pick<Head, 'kind'>,
  logits: FloatArray,
  classes: number,
): Float64Array | null {
  if (kind === 'value') return null;
  if (kind === 'own') return Float64Array.from(logits, logSigmoid);
  return logSoftmax(logits, logits.length / classes, classes, 1);
}

/** ln(1 ÷ (1 + e^−x)), without overflow. */
const logSigmoid = (x: number): number => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));

/**
 * The loss of one picture: cross-entropy, −ln p of the true class; for a probability per class, binary cross-entropy summed over
 * the classes (source: Goodfellow et al. 2016, section 6.2.2); NaN for values that are not probabilities.
 * @param logits `[classes]`.
 */
export function headLoss(head: Pick<Head, 'kind'>, logits: FloatArray, truth: number): number {
  if (head.kind === 'own') {
    let sum = 0;
    for (let c = 0; c < logits.length; c++) sum -= logSigmoid(c === truth ? logits[c] : -logits[c]);
    return sum;
  }
  const logs = logProbabilities(head, logits, logits.length);
  return logs ? -logs[truth] : NaN;
}
