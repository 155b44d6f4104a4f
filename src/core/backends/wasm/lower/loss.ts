import { FLAT, mismatch } from '../access';
import { makeLayout } from '../layout';
import { flushGradient, pixels } from '../values';
import { GradientWriter } from './gradient-writer';
import type { Lowering } from './lowering';

export interface LossPlaces {
  readonly labels: number;
  readonly losses: number;
  readonly hits: number;
}

/** Softmax cross-entropy of images [first, first + count); with `gradient` also that of the logits, of the mean over the batch. */
export type Loss = (first: number, count: number, gradient: boolean) => void;

/** @param id the value of the logits. Throws where they lie otherwise than as one row an image. */
export function lowerLoss(id: number, context: Lowering, { labels, losses, hits }: LossPlaces): Loss {
  const { k, run, plan, graph } = context;
  const value = plan.values.get(id);
  if (!value) throw new Error('the logits have no value');
  const { layout, gradient } = value;
  const reason = mismatch(layout, FLAT);
  if (reason) throw new Error(`layer '${graph.layers[id].name}': the loss takes its output, which ${reason}`);
  const { height, width, channels, image } = layout;
  const writer = gradient && new GradientWriter(value, gradient, makeLayout([height, width, channels]), context);
  return (first, count, withGradient) => {
    const writes = withGradient && writer;
    k.softmaxCrossEntropy({
      x: pixels(value, first),
      xRow: image,
      rows: count,
      classes: image,
      labels: labels + first * 4,
      classWeights: 0,
      losses: losses + first * 4,
      hits: hits + first * 4,
      dx: writes ? writer.at(first, first) : 0,
      dxRow: writes ? image : 0,
      scale: 1 / run.n,
    });
    if (!writes || !gradient) return;
    writer.end(first, count);
    flushGradient(k, gradient, first, count);
  };
}
