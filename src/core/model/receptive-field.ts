import {
  channelsOf,
  intersection,
  placeAt,
  spatialOf,
  union,
  unitRegion,
  wholeRegion,
  windowInside,
  type Region,
  type WindowGeometry,
} from '../geometry';
import { sizeOf, type FeatureShape } from '../tensor';
import type { Graph } from './graph';
import { boxOf, hasAllChannels, viewsOf, type Views } from './receptive-views';

/**
 * What one unit of a layer sees of the input, for a unit far from the border, and how far apart neighbors' fields are: one number
 * for each spatial axis of the input.
 */
export interface ReceptiveField {
  /** Places, at most those of the input. */
  size: number[];
  /** Places between the fields of neighbors along the axis; 0 for flat features, which have no neighbors. */
  step: number[];
}

/**
 * The box of the image's pixels that `region` of layer `layer` is computed from: boxes of branches are united. Where a layer's
 * `views` are known, it goes no further back.
 */
function trace(
  graph: Graph,
  layer: number,
  region: Region,
  clipped: boolean,
  views: readonly (Views | null)[] = [],
): Region | null {
  if (layer === -1) return region;
  const boxes = new Map<number, Region>([[layer, region]]);
  let pixels: Region | null = null;
  const add = (source: number, box: Region): void => {
    const known = boxes.get(source);
    if (source === -1) pixels = pixels ? union(pixels, box) : box;
    else boxes.set(source, known ? union(known, box) : box);
  };
  for (let index = layer; boxes.size > 0; index--) {
    const box = boxes.get(index);
    if (!box) continue;
    boxes.delete(index);
    const reader = graph.layers[index];
    const known = views[index];
    if (known && hasAllChannels(box, reader.outputShape)) {
      const seen = boxOf(known, box, graph.inputShape);
      if (seen) add(-1, seen);
      continue;
    }
    reader.inputs.forEach((source, input) => {
      const read = reader.reads(box, input);
      const seen = read && clipped ? inside(read, box, reader.window, reader.inputShapes[input]) : read;
      if (seen) add(source, seen);
    });
  }
  return pixels;
}

/** The cells of `read` that are inside the map; of a window only its own cells. */
function inside(read: Region, box: Region, window: WindowGeometry | null, shape: FeatureShape): Region | null {
  if (window) {
    const cells = windowInside(window, box, shape);
    return cells && { ...cells, first: read.first, last: read.last };
  }
  return intersection(read, wholeRegion(shape));
}

/**
 * Size and step of a layer's receptive field, −1 being the image itself. On a branching graph it is the box around the branches' fields.
 * @param views the graph's, for who asks for many layers; with none the whole network is gone through, with the same result.
 * Source: Dumoulin & Visin 2016; Araujo, Norris & Sim 2019, "Computing receptive fields of convolutional neural networks".
 */
export function receptiveField(
  graph: Graph,
  layer: number,
  views: readonly (Views | null)[] = viewsOf(graph),
): ReceptiveField {
  const image = spatialOf(graph.inputShape);
  if (layer === -1) return { size: image.map(() => 1), step: image.map(() => 1) };
  const { outputShape } = graph.layers[layer];
  const sizes = spatialOf(outputShape);
  const last = channelsOf(outputShape) - 1;
  const read = (place: readonly number[], first = 0, end = last): Region | null =>
    trace(graph, layer, unitRegion(place, first, end), false, views);
  const diagonal =
    sizes.length === 0 ? [] : places(graph, layer, views).map((at) => sizes.map((size) => Math.min(at, size - 1)));
  const boxes =
    sizes.length === 0
      ? differing(graph, layer).map((index) => read([], index, index))
      : diagonal.map((place) => read(place));
  const fields = boxes.filter((each) => each !== null);
  return {
    size: image.map((size, axis) =>
      Math.min(size, Math.max(0, ...fields.map(({ start, end }) => end[axis] - start[axis] + 1))),
    ),
    step: image.map((_, axis) => {
      // Axes are counted from the last one: a layer may have more or fewer than the input.
      const own = axis - image.length + sizes.length;
      const first = diagonal.findIndex((_, i) => boxes[i] !== null);
      if (own < 0 || first === -1) return 0;
      const next = read(diagonal[first].with(own, diagonal[first][own] + 1));
      return next ? next.start[axis] - boxes[first]!.start[axis] : 0;
    }),
  };
}

/** Places along each axis that include one with the largest field. */
function places({ layers }: Graph, layer: number, views: readonly (Views | null)[]): number[] {
  // Views of different steps are widest at one of the ends.
  if (views[layer]) return [0, Infinity];
  // Where a layer makes more places than it reads (transposed convolution, upsampling), neighbors may see differently much.
  const grows = layers
    .slice(0, layer + 1)
    .some(({ window, inputShapes, outputShape }) =>
      window
        ? false
        : inputShapes.some((input) =>
            spatialOf(outputShape).some((size, axis) => size > (spatialOf(input)[axis] ?? Infinity)),
          ),
    );
  return Array.from({ length: grows ? 32 : 1 }, (_, at) => at);
}

/** Up to this many flat features are all examined; beyond that, only representative ones. */
const FEW = 512;

/** Units of flat features that include every size of receptive field; they may come from different branches, maps and places. */
function differing(graph: Graph, layer: number): number[] {
  const [units] = graph.layers[layer].outputShape;
  const found = standingForAll(graph, layer, new Map());
  const alike = found.length === 1;
  return !alike && units <= FEW ? Array.from({ length: units }, (_, index) => index) : found;
}

/** The first and the last unit of each map that was flattened, wherever it went; one where each unit reads all. */
function standingForAll(graph: Graph, layer: number, known: Map<number, number[]>): number[] {
  const before = known.get(layer);
  if (before) return before;
  const { traits, inputs, inputShapes } = graph.layers[layer];
  const { maps } = traits;
  const found = new Set<number>();
  let start = 0;
  inputs.forEach((source, input) => {
    const channels = channelsOf(inputShapes[input]);
    const places = sizeOf(spatialOf(inputShapes[input]));
    if (maps === 'mixed') found.add(0);
    else if (inputShapes[input].length === 1)
      for (const unit of standingForAll(graph, source, known)) found.add(start + unit);
    else {
      for (let c = 0; c < channels; c++) {
        found.add(start + c * places);
        found.add(start + (c + 1) * places - 1);
      }
    }
    if (maps === 'stacked') start += channels;
  });
  const units = [...found];
  known.set(layer, units);
  return units;
}

/**
 * The pixels that influence one unit. Each layer's window is clipped to its map, so that padding does not count. Null
 * for none (a window wholly in padding). @param y, x the unit's place as in `asMap`.
 */
export function unitField(graph: Graph, layer: number, channel: number, y: number, x: number): Region | null {
  const shape = layer === -1 ? graph.inputShape : graph.layers[layer].outputShape;
  return trace(graph, layer, unitRegion(placeAt(shape, y, x), channel), true);
}
