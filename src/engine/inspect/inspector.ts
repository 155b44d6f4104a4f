import { histogram, statistics, type Statistics } from '../../core/statistics';
import { FailureError } from '../../shared/failures';
import type { Explained } from '../../core/explain/types';
import type { LayerStats, MapDetail, Result } from '../../shared/protocol';
import { say } from '../../words';
import type { Activations } from './activations';
import { makerOf, type Unit } from './network';
import { floats, mapOf, type Maps } from './tensor';

/** Bins of a histogram. */
const BINS = 48;

/** For every value that needs no further run, inputs included; values that are not numbers are left out. */
export function layerStats(activations: Activations): LayerStats[] {
  return [...activations.here]
    .sort(([a], [b]) => a - b)
    .flatMap(([index, tensor]) => {
      const data = floats(tensor);
      if (!data || data.length === 0) return [];
      const stats = statistics(data);
      const absMax = activations.once(`largest ${index}`, () => absMaxOf(stats));
      return [{ index, ...stats, absMax, outputShape: [...tensor.shape], axes: [...tensor.axes] }];
    });
}

/** Largest absolute value of a layer. */
export const largestOf = (activations: Activations, layer: number, { data }: Maps): number =>
  activations.once(`largest ${layer}`, () => absMaxOf(statistics(data)));

const absMaxOf = ({ min, max }: Statistics): number => Math.max(0, -min, max) || 0;

/** Statistics and histograms of the maps `first` … `first + count − 1`, cut to those that exist, and of the layer as a whole. */
export async function detailsOf(
  activations: Activations,
  layer: number,
  first: number,
  count: number,
): Promise<Result<'mapDetails'>> {
  const maps = await activations.maps(layer);
  const detail = (channel: number, data: Maps['data']): MapDetail => {
    const stats = statistics(data);
    return { channel, ...stats, histogram: histogram(data, BINS), silent: stats.zeroFraction === 1 };
  };
  const range = within(first, count, maps.map.length);
  const whole = activations.once(`details ${layer}`, () => detail(-1, maps.data));
  return {
    maps: Array.from({ length: range.count }, (_, i) => detail(range.first + i, mapOf(maps, range.first + i))),
    // The answer's arrays move to the asker.
    layer: { ...whole, histogram: { ...whole.histogram, counts: whole.histogram.counts.slice() } },
  };
}

/** Cuts a range of maps to those that exist. */
export function within(first: number, count: number, maps: number): { first: number; count: number } {
  const from = Math.min(first, maps);
  return { first: from, count: Math.min(count, maps - from) };
}

/** One map, or of single units (channel −1) all of them as one row. @throws FailureError for a map that is not there. */
export async function valuesOf(activations: Activations, layer: number, channel: number): Promise<Result<'values'>> {
  const maps = await activations.maps(layer);
  const { data, map, row, column } = maps;
  if (channel === -1 && row.length * column.length === 1)
    return { height: 1, width: map.length, data: Float32Array.from(map, (at) => data[at]) };
  if (channel < 0 || channel >= map.length)
    throw new FailureError('internal', { reason: say('view.channel', { layer, channels: map.length, channel }) });
  return { height: row.length, width: column.length, data: mapOf(maps, channel) };
}

/** How a unit came about, or, where that is not known, what it was made of. @throws FailureError for a unit that is not there. */
export async function explanationOf(activations: Activations, layer: number, unit: Unit): Promise<Explained> {
  const { network } = activations;
  const told = await network.explain(layer, unit, (value) => activations.get(value));
  if (told) return told;
  const { data, map, row, column } = await activations.maps(layer);
  const { channel, y, x } = unit;
  if (channel >= map.length || y >= row.length || x >= column.length)
    throw new FailureError('internal', { reason: say('view.channel', { layer, channels: map.length, channel }) });
  const shown = data[map[channel] + row[y] + column[x]];
  return { layer, ...unit, shown, sources: [...(makerOf(network, layer)?.inputs ?? [])], body: null };
}
