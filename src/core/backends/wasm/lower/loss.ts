import { isPlain, type LossSettings } from '../../../train/class-loss';
import { FLAT, mismatch } from '../access';
import { makeLayout } from '../layout';
import { flushGradient, pixels } from '../values';
import { GradientWriter } from './gradient-writer';
import type { Lowering } from './lowering';

export interface LossPlaces {
  readonly labels: number;
  readonly others: number;
  readonly shares: number;
  readonly losses: number;
  readonly hits: number;
}

/** The loss of images [first, first + count); with `gradient` also that of the logits, of the mean over the batch. */
export type Loss = (first: number, count: number, gradient: boolean) => void;

/** As the kernel numbers them. */
const KINDS: readonly LossSettings['kind'][] = ['cross-entropy', 'focal', 'mse', 'hinge'];

/** @param id the value of the logits. Throws where they lie otherwise than as one row an image. */
export function lowerLoss(id: number, context: Lowering, settings: LossSettings, places: LossPlaces): Loss {
  const { k, run, plan, graph, memory, shared } = context;
  const value = plan.values.get(id);
  if (!value) throw new Error('the logits have no value');
  const { layout, gradient } = value;
  const reason = mismatch(layout, FLAT);
  if (reason) throw new Error(`layer '${graph.layers[id].name}': the loss takes its output, which ${reason}`);
  const { height, width, channels, image } = layout;
  const writer = gradient && new GradientWriter(value, gradient, makeLayout([height, width, channels]), context);
  const { weights, kind, smoothing, gamma } = settings;
  const classWeights = weights ? shared.floats(weights.length) : 0;
  return (first, count, withGradient) => {
    const writes = withGradient && writer;
    const at = (address: number): number => address + first * 4;
    const common = {
      x: pixels(value, first),
      xRow: image,
      rows: count,
      classes: image,
      labels: at(places.labels),
      classWeights,
      losses: at(places.losses),
      hits: at(places.hits),
      dx: writes ? writer.at(first, first) : 0,
      dxRow: writes ? image : 0,
      scale: 1 / run.n,
    };
    const mixed = [...new Float32Array(memory.buffer, at(places.shares), count)].some((share) => share !== 1);
    if (isPlain(settings) && !mixed) k.softmaxCrossEntropy(common);
    else {
      if (weights) new Float32Array(memory.buffer, classWeights, weights.length).set(weights);
      const others = { others: at(places.others), shares: at(places.shares) };
      k.classLoss({ ...common, ...others, kind: KINDS.indexOf(kind), smoothing, gamma });
    }
    if (!writes || !gradient) return;
    writer.end(first, count);
    flushGradient(k, gradient, first, count);
  };
}
