import { say } from '../../words';
import type { Executor } from '../../core/backends/executor';
import { asMap } from '../../core/geometry';
import { explain } from '../../core/explain/explain';
import type { Model } from '../../core/model/model';
import { SpecError } from '../../core/model/spec';
import { histogram, statistics, type Statistics } from '../../core/statistics';
import { FailureError } from '../../shared/failures';
import type { Explanation } from '../../core/explain/types';
import type { LayerStats, MapDetail, Result } from '../../shared/protocol';
import { Activations } from './activations';

/** Bins of a histogram. */
const BINS = 48;

/** Runs a model on one preprocessed picture, `[H, W, C]`, and keeps what every layer gave. */
export async function activate(model: Model, executor: Executor, input: Float32Array): Promise<Activations> {
  await executor.forward(input, 1);
  const layers: Float32Array[] = [];
  for (const index of model.graph.layers.keys()) layers.push(await executor.activation(index));
  return new Activations(model.graph, input, layers);
}

/** One entry a layer, the input (−1) first. */
export function layerStats(activations: Activations): LayerStats[] {
  return Array.from({ length: activations.layers.length + 1 }, (_, i) => {
    const stats = statistics(activations.data(i - 1));
    return { index: i - 1, ...stats, absMax: absMaxOf(stats) };
  });
}

const absMaxOf = ({ min, max }: Statistics): number => Math.max(0, -min, max) || 0;

/** The layer as a whole, for every set of activations: walking from map to map asks for it each time. */
const wholeLayers = new WeakMap<Activations, Map<number, MapDetail>>();

function wholeLayer(activations: Activations, layer: number, compute: () => MapDetail): MapDetail {
  let known = wholeLayers.get(activations);
  if (!known) wholeLayers.set(activations, (known = new Map()));
  let detail = known.get(layer);
  if (!detail) known.set(layer, (detail = compute()));
  // The answer's arrays move to the asker.
  return { ...detail, histogram: { ...detail.histogram, counts: detail.histogram.counts.slice() } };
}

/** Statistics and histograms of the maps `first` … `first + count − 1` and of the layer as a whole. */
export function detailsOf(activations: Activations, layer: number, first: number, count: number): Result<'mapDetails'> {
  const data = activations.data(layer);
  const channels = asMap(activations.shape(layer))[2];
  const detail = (channel: number, start: number, step: number): MapDetail => {
    const stats = statistics(data, start, step);
    return { channel, ...stats, histogram: histogram(data, BINS, { start, step }), silent: stats.zeroFraction === 1 };
  };
  return {
    maps: Array.from({ length: count }, (_, i) => detail(first + i, first + i, channels)),
    layer: wholeLayer(activations, layer, () => detail(-1, 0, 1)),
  };
}

/** One map, or of flat features (channel −1) the whole vector as one row. @throws FailureError for a map that is not there. */
export function valuesOf(activations: Activations, layer: number, channel: number): Result<'values'> {
  const shape = activations.shape(layer);
  const [height, width, channels] = asMap(shape);
  if (channel === -1 && shape.length === 1) {
    return { height: 1, width: channels, data: activations.data(layer).slice() };
  }
  if (channel < 0 || channel >= channels) {
    throw new FailureError('internal', { reason: say('view.channel', { layer, channels, channel }) });
  }
  return { height, width, data: activations.map(layer, channel) };
}

/** @throws FailureError for a unit that is not there. */
export function explanationOf(
  model: Model,
  activations: Activations,
  layer: number,
  channel: number,
  y: number,
  x: number,
): Explanation {
  try {
    return explain(model, (index) => activations.data(index), layer, channel, y, x);
  } catch (error) {
    if (error instanceof SpecError) throw new FailureError('internal', { reason: error.reason });
    throw error;
  }
}
