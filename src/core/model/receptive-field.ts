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

/** The box of every layer's units, and of the image's pixels, that `region` of layer `layer` is computed from: boxes of branches are united. */
function trace(graph: Graph, layer: number, region: Region, clipped: boolean): Region | null {
  const boxes = new Map<number, Region>([[layer, region]]);
  for (let index = layer; index >= 0; index--) {
    const box = boxes.get(index);
    if (!box) continue;
    const reader = graph.layers[index];
    reader.inputs.forEach((source, input) => {
      const read = reader.reads(box, input);
      const seen = read && clipped ? inside(read, box, reader.window, reader.inputShapes[input]) : read;
      if (!seen) return;
      const known = boxes.get(source);
      boxes.set(source, known ? union(known, seen) : seen);
    });
  }
  return boxes.get(-1) ?? null;
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
 * Source: Dumoulin & Visin 2016; Araujo, Norris & Sim 2019, "Computing receptive fields of convolutional neural networks".
 */
export function receptiveField(graph: Graph, layer: number): ReceptiveField {
  const image = spatialOf(graph.inputShape);
  if (layer === -1) return { size: image.map(() => 1), step: image.map(() => 1) };
  const { outputShape } = graph.layers[layer];
  const axes = spatialOf(outputShape).length;
  const last = channelsOf(outputShape) - 1;
  const read = (region: Region): Region | null => trace(graph, layer, region, false);
  const origin = Array<number>(axes).fill(0);
  const boxes =
    axes === 0
      ? differing(graph, layer).map((index) => read(unitRegion([], index)))
      : [read(unitRegion(origin, 0, last))];
  const fields = boxes.filter((each) => each !== null);
  return {
    size: image.map((size, axis) =>
      Math.min(size, Math.max(0, ...fields.map(({ start, end }) => end[axis] - start[axis] + 1))),
    ),
    step: image.map((_, axis) => {
      // Axes are counted from the last one: a layer may have more or fewer than the input.
      const own = axis - image.length + axes;
      if (own < 0 || fields.length === 0) return 0;
      const next = read(unitRegion(origin.with(own, 1), 0, last));
      return next ? next.start[axis] - fields[0].start[axis] : 0;
    }),
  };
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
