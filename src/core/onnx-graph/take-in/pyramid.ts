/** Spatial pyramid pooling: levels that files compose of slices, and levels side by side. */
import { say } from '../../../words';
import { channelsOf, spatialOf } from '../../geometry';
import { binsOf } from '../../kernels/reference/pyramid';
import type { FeatureShape } from '../../tensor';
import { intOf } from '../attributes';
import type { GraphNode, NetworkGraph } from '../network';
import type { NodeCall } from './call';
import { callInside, distinct, Gathering, type Composed } from './composed';
import type { Taking } from './taking';
import type { Features } from './values';

/** A bin along one axis: a part of the map, and the maximum over it. */
interface Cut {
  slice: GraphNode;
  pool: GraphNode;
}

/**
 * One level whose bins overlap, a Concat of the bins along each axis in turn. The map `[N, C, n, n]` that it makes is taken in as a pyramid of that level,
 * which has the same numbers in the same order.
 */
export function levelAt(graph: NetworkGraph, last: GraphNode): Composed | null {
  const lastAxis = intOf(last, 'axis', 1);
  if (last.opType !== 'Concat' || lastAxis < 2) return null;
  const gathering = new Gathering(graph, last);
  const axes: Cut[][] = [];
  let sources: string[] = [];
  let joined = last;
  for (let axis = lastAxis; axis >= 2; axis--) {
    if (axis < lastAxis) {
      const [own, ...others] = sources.map((name) => gathering.before(name, 'Concat'));
      if (!own || others.some((each) => each !== own) || intOf(own, 'axis', 1) !== axis) return null;
      joined = own;
    }
    const cuts = joined.inputs.map((name) => cutAt(gathering, name));
    if (!cuts.every((cut) => cut !== null)) return null;
    axes.unshift(cuts);
    sources = cuts.map(({ slice }) => slice.inputs[0]);
  }
  if (!gathering.closed) return null;
  const maps = distinct(sources);
  const bounds = axes.flat().flatMap(({ slice }) => slice.inputs.slice(1));
  return {
    inputs: distinct([...maps, ...bounds]),
    inside: gathering.inside,
    named: last,
    take(call) {
      const [input, ...others] = maps.map((_, at) => call.map(at));
      const sizes = spatialOf(input.shape);
      const level = axes[0].length;
      const same = others.every(({ layer }) => layer === input.layer);
      const fits = axes.every((cuts, axis) => areBins(call, cuts, axis, sizes, level));
      if (!same || axes.length !== sizes.length || !fits) call.refuse(say('take.concat', { axis: lastAxis }));
      const found = call.emit('spatialpyramid', { levels: [level] }, [input]);
      return { ...found, view: [channelsOf(input.shape), ...sizes.map(() => level)] };
    },
  };
}

function cutAt(gathering: Gathering, name: string): Cut | null {
  const pool = gathering.before(name, 'MaxPool');
  const slice = pool && gathering.before(pool.inputs[0], 'Slice');
  return slice && { slice, pool };
}

/** Whether the cuts along an axis are the bins of a level. */
function areBins(call: NodeCall, cuts: readonly Cut[], axis: number, sizes: readonly number[], level: number): boolean {
  const bins = binsOf(sizes[axis], level);
  if (cuts.length !== bins.length) return false;
  return cuts.every(({ slice, pool }, i) => {
    const [own, whole] = [callInside(call, slice), callInside(call, pool)];
    const size = sizes[axis];
    const at = (index: number): number => Math.min(size, index < 0 ? index + size : index);
    const [starts, ends] = [own.numbers('starts', 1) ?? [], own.numbers('ends', 2) ?? []];
    const along = own.numbers('axes', 3) ?? starts.map((_, each) => each);
    const { start, end } = bins[i];
    const kernel = sizes.map((_, other) => (other === axis ? end - start : 1));
    return (
      along.length === 1 &&
      (along[0] + sizes.length + 2) % (sizes.length + 2) === axis + 2 &&
      (own.constant(4)?.numbers()[0] ?? 1) === 1 &&
      at(starts[0]) === start &&
      at(ends[0]) === end &&
      pool.outputs.length === 1 &&
      whole.ints('kernel_shape')?.join() === kernel.join() &&
      whole.text('auto_pad', 'NOTSET') === 'NOTSET' &&
      [...(whole.ints('strides') ?? []), ...(whole.ints('dilations') ?? [])].every((each) => each === 1) &&
      (whole.ints('pads') ?? []).every((each) => each === 0)
    );
  });
}

/** The pyramid that flat values side by side are the levels of; null where they are others. */
export function pyramidOf(call: NodeCall, parts: readonly Features[]): Features | null {
  if (parts.length < 2) return null;
  const levels = parts.map((each) => levelsOf(call.taking, each));
  if (!levels.every((each) => each !== null)) return null;
  const all = levels.flatMap((each) => each.levels);
  const [{ source }] = levels;
  if (levels.some((each) => each.source !== source) || new Set(all).size < all.length) return null;
  return call.emit('spatialpyramid', { levels: all }, [call.taking.features(source)]);
}

function levelsOf(taking: Taking, { layer, places }: Features): { source: string; levels: readonly number[] } | null {
  if (places) return null;
  const pyramid = taking.layerOf(layer, 'spatialpyramid');
  if (pyramid) return { source: pyramid.inputs![0], levels: pyramid.levels as number[] };
  const pooled = taking.layerOf(layer, 'flatten')?.inputs![0];
  if (pooled === undefined) return null;
  const whole = taking.layerOf(pooled, 'globalmaxpool');
  if (whole) return { source: whole.inputs![0], levels: [1] };
  const pool = taking.layerOf(pooled, 'maxpool');
  if (!pool) return null;
  const source = pool.inputs![0];
  const level = evenLevel(pool, taking.features(source).shape, taking.features(pool.name).shape);
  return level === null ? null : { source, levels: [level] };
}

/** The level whose bins are a pooling layer's windows. */
function evenLevel(pool: Record<string, unknown>, input: FeatureShape, output: FeatureShape): number | null {
  const { size, stride, dilation, padding } = pool as Record<string, readonly number[] | string>;
  if (typeof padding === 'string' || padding.some((cells) => cells !== 0)) return null;
  const level = output[0];
  const even = spatialOf(input).every(
    (cells, axis) =>
      output[axis] === level &&
      (dilation[axis] === 1 || size[axis] === 1) &&
      binsOf(cells, level).every(
        ({ start, end }, i) => start === i * (stride[axis] as number) && end - start === size[axis],
      ),
  );
  return even ? level : null;
}
