import { channelsOf, spatialOf, unitRegion, type Region } from '../geometry';
import type { FeatureShape } from '../tensor';
import type { Graph, GraphLayer } from './graph';

/** Along one axis, unit i reads from start + i · step to end + i · step. */
interface View {
  start: number;
  end: number;
  step: number;
}

/**
 * What units of a layer, with all its channels, see of the image: for each axis of the image, the views through its branches,
 * as many as have different steps.
 */
export type Views = readonly (readonly View[])[];

/**
 * The views of every layer, in one pass over them. Null where what a unit sees does not move in even steps with its place, in
 * upsampling for one, and after that.
 */
export function viewsOf({ inputShape, layers }: Graph): (Views | null)[] {
  const axes = spatialOf(inputShape).length;
  const image: Views = Array.from({ length: axes }, () => [{ start: 0, end: 0, step: 1 }]);
  const views: (Views | null)[] = [];
  for (const layer of layers) {
    const own = image.map((): View[] => []);
    const even = layer.inputs.every((source, input) => {
      const before = source === -1 ? image : views[source];
      const read = before && readOf(layer, input);
      // Axes are counted from the last one: a layer may have more or fewer than the image.
      if (read && read !== 'nothing')
        before.forEach((of, axis) => of.forEach((view) => add(own[axis], behind(view, read.at(axis - axes)))));
      return read !== null;
    });
    views.push(even ? own : null);
  }
  return views;
}

/** The box of the image that `region` of a layer with these views, all channels of it, sees; null for nothing. */
export function boxOf(views: Views, { start, end }: Region, image: FeatureShape): Region | null {
  const side = (of: (view: View, axis: number) => number, pick: (...values: number[]) => number): number[] =>
    views.map((each, axis) => pick(...each.map((view) => of(view, axis - views.length))));
  if (views.some((each) => each.length === 0)) return null;
  return {
    start: side((view, axis) => view.start + (start.at(axis) ?? 0) * view.step, Math.min),
    end: side((view, axis) => view.end + (end.at(axis) ?? 0) * view.step, Math.max),
    first: 0,
    last: channelsOf(image) - 1,
  };
}

export const hasAllChannels = ({ first, last }: Region, shape: FeatureShape): boolean =>
  first === 0 && last === channelsOf(shape) - 1;

/** What a layer's unit reads of one input, for each axis of the input; null where that is not even, or not of all channels. */
function readOf(layer: GraphLayer, input: number): readonly View[] | 'nothing' | null {
  const sizes = spatialOf(layer.outputShape);
  const origin = sizes.map(() => 0);
  const read = (place: readonly number[]): Region | null =>
    layer.reads(unitRegion(place, 0, channelsOf(layer.outputShape) - 1), input);
  // Before the first place, which a window at the border reads, and at the last one: what is no line differs at one of them.
  const probes = sizes.flatMap((size, axis) =>
    [-1, 1, Math.max(2, size - 1)].map((at) => ({ axis, at, box: read(origin.with(axis, at)) })),
  );
  const first = read(origin);
  if (!first) return probes.every(({ box }) => box === null) ? 'nothing' : null;
  if (!hasAllChannels(first, layer.inputShapes[input])) return null;
  const back = -sizes.length;
  const views = first.start.map((start, axis) => ({ start, end: first.end[axis], step: 0 }));
  for (const { axis, at, box } of probes) {
    const view = views.at(axis + back);
    if (view && at === 1 && box) view.step = box.start.at(axis + back)! - view.start;
  }
  const isLine = probes.every(({ axis, at, box }) =>
    views.every((each, i) => {
      const by = each === views.at(axis + back) ? at * each.step : 0;
      return box?.start[i] === each.start + by && box.end[i] === each.end + by;
    }),
  );
  return isLine ? views : null;
}

/** What is seen through a layer that reads `read` along an axis; by all its units the same where it has no such axis. */
const behind = ({ start, end, step }: View, read: View = { start: 0, end: 0, step: 0 }): View => ({
  start: start + read.start * step,
  end: end + read.end * step,
  step: read.step * step,
});

/** Adds a branch's view. */
function add(views: View[], view: View): void {
  const same = views.find(({ step }) => step === view.step);
  if (!same) views.push(view);
  else Object.assign(same, { start: Math.min(same.start, view.start), end: Math.max(same.end, view.end) });
}
