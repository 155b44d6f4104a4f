import type { OptimizerSettings } from '../core/backends/executor';
import type { WasmExecutor } from '../core/backends/wasm/create';
import { logitsOf, paramKey, type Graph, type ParamSet } from '../core/model/graph';
import { sizeOf } from '../core/tensor';
import { logSoftmax, softmaxCrossEntropy } from '../core/train/losses';
import { optimizerDefaults, optimizerSlots, updateParameter } from '../core/train/optimizers';
import { Dice } from './dice';
import type { Difference, Expected } from './difference';
import type { Sample } from './sample';
import type { Truth } from './truth';

const kinds = ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'] as const;

export interface Step {
  readonly settings: OptimizerSettings;
  readonly rate: number;
  readonly labels: Int32Array;
}

export function drawStep(graph: Graph, n: number, seed: number): Step {
  const dice = new Dice(seed, 4);
  const classes = sizeOf(graph.layers[logitsOf(graph)].outputShape);
  return {
    settings: {
      ...optimizerDefaults,
      kind: dice.pick(...kinds),
      weightDecay: dice.pick(0, 0, 0.05),
      clipNorm: dice.pick(0, 0, 0.3),
    },
    rate: dice.pick(0.001, 0.01, 0.1),
    labels: Int32Array.from({ length: n }, () => dice.from(0, classes - 1)),
  };
}

/** Mean cross-entropy over the batch, and its gradient at the logits: (p − [c = label]) ÷ n. In doubles. */
export function lossOf(
  graph: Graph,
  truth: Truth,
  { n }: Sample,
  { labels }: Step,
): { loss: number; gradients: Map<string, Expected> } {
  const logits = logitsOf(graph);
  const classes = sizeOf(graph.layers[logits].outputShape);
  const { loss } = softmaxCrossEntropy(truth.output(logits).values, labels, n, classes);
  const gradients = truth.lossGradients(logits, (values, round) => {
    const d = round(logSoftmax(values, n, classes, 1).map(Math.exp));
    for (let i = 0; i < n; i++) d[i * classes + labels[i]] -= 1;
    return round(d.map((each) => each / n));
  });
  return { loss: loss[0], gradients };
}

/**
 * One step of an optimizer against its formula, in doubles. The gradient is known within a bound; the first step, from states of
 * zero, is a monotone function of it, so the new weight lies between the steps of the two ends.
 * @param gradients those of the loss, before clipping.
 */
export function compareStep(
  graph: Graph,
  executor: WasmExecutor,
  before: ParamSet,
  gradients: ReadonlyMap<string, Expected>,
  { settings, rate }: Step,
  what: string,
): Difference | null {
  const { scale, slack } = clipping(graph, gradients, settings.clipNorm);
  const [after, states] = [executor.getParams(), executor.optimizerState()];
  for (const layer of graph.layers) {
    for (const spec of layer.params.filter((each) => each.trainable)) {
      const key = paramKey(layer.name, spec.name);
      const [gradient, weights] = [gradients.get(key), before.get(key)];
      if (!gradient || !weights) throw new Error(`no parameter '${key}'`);
      // The square is smallest where the gradient with its decay is 0, or as near to 0 as possible.
      const decay = spec.decay && settings.kind !== 'adamw' ? settings.weightDecay : 0;
      const ends = [-1, 0, 1].map((side) => {
        const w = Float64Array.from(weights);
        const g = gradient.values.map((each, i) => {
          const uncertain = scale * (gradient.bound + Math.abs(each) * slack);
          const [least, most] = [scale * each - uncertain, scale * each + uncertain];
          return side < 0 ? least : side > 0 ? most : Math.min(most, Math.max(least, -decay * w[i]));
        });
        const slots = optimizerSlots[settings.kind].map(() => new Float64Array(w.length));
        updateParameter(settings, w, g, slots, rate, 1, spec.decay);
        return { w, slots };
      });
      const slots = optimizerSlots[settings.kind];
      const zeros = new Float32Array(weights.length);
      const parts: [string, Float32Array, Float32Array | undefined, Float64Array[]][] = [
        [spec.name, weights, after.get(key), ends.map((end) => end.w)],
        ...slots.map((slot, i): [string, Float32Array, Float32Array | undefined, Float64Array[]] => [
          `${spec.name}/${slot}`,
          zeros,
          states.get(`${key}/${slot}`),
          ends.map((end) => end.slots[i]),
        ]),
      ];
      for (const [name, old, found, [low, middle, high]] of parts) {
        const finding = between(old, found ?? new Float32Array(0), low, middle, high);
        if (finding) return { what, layer: layer.name, quantity: `${name} after one step`, ...finding };
      }
    }
  }
  return null;
}

/** The clipping factor, and the relative error of the norm. */
function clipping(
  graph: Graph,
  gradients: ReadonlyMap<string, Expected>,
  clipNorm: number,
): { scale: number; slack: number } {
  let [squares, uncertain] = [0, 0];
  for (const layer of graph.layers) {
    for (const { name } of layer.params) {
      const gradient = gradients.get(paramKey(layer.name, name));
      if (!gradient) continue;
      for (const each of gradient.values) squares += each * each;
      uncertain += gradient.bound * Math.sqrt(gradient.values.length);
    }
  }
  const norm = Math.sqrt(squares);
  if (clipNorm === 0 || norm + uncertain <= clipNorm) return { scale: 1, slack: 0 };
  return { scale: Math.min(1, clipNorm / norm), slack: (2 * uncertain) / norm + 1e-5 };
}

/** Float32 arithmetic of one update: a few roundings of the old number and of the step. */
const ROUNDINGS = 16 * 2 ** -24;

function between(
  old: Float32Array,
  found: Float32Array,
  low: Float64Array,
  middle: Float64Array,
  high: Float64Array,
): Pick<Difference, 'difference' | 'bound' | 'largest'> | null {
  if (found.length !== middle.length) return { difference: Infinity, bound: 0, largest: middle.length };
  for (let i = 0; i < middle.length; i++) {
    const [least, most] = [Math.min(low[i], middle[i], high[i]), Math.max(low[i], middle[i], high[i])];
    const step = Math.max(Math.abs(least - old[i]), Math.abs(most - old[i]));
    const slack = ROUNDINGS * (Math.abs(old[i]) + step) + 2 ** -58;
    if (found[i] >= least - slack && found[i] <= most + slack) continue;
    const difference = Math.abs(found[i] - (least + most) / 2);
    return { difference, bound: (most - least) / 2 + slack, largest: Math.abs(middle[i]) };
  }
  return null;
}
