import { asMap, union, wholeRegion, windowInside, type Region, type WindowGeometry } from '../geometry';
import type { FeatureShape } from '../tensor';
import type { Graph } from './graph';

/** What one unit of a layer sees of the image, for a unit far from the border, and how far apart neighbours' fields are. */
export interface ReceptiveField {
  /** Rows and columns, at most those of the image. */
  height: number;
  width: number;
  /** Rows between the fields of vertical neighbours; 0 for flat features, which have no neighbours. */
  stepY: number;
  stepX: number;
}

/** Rows and columns of the image, inclusive, clipped to it. An empty field (a window wholly in padding) has height and width 0. */
export interface UnitField {
  top: number;
  left: number;
  bottom: number;
  right: number;
  height: number;
  width: number;
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

/** What of `read` lies in the map; of a window only its cells. */
function inside(read: Region, box: Region, window: WindowGeometry | null, shape: FeatureShape): Region | null {
  if (window) {
    const cells = windowInside(window, box, shape);
    return cells && { ...cells, first: read.first, last: read.last };
  }
  const whole = wholeRegion(shape);
  const part = {
    top: Math.max(read.top, whole.top),
    left: Math.max(read.left, whole.left),
    bottom: Math.min(read.bottom, whole.bottom),
    right: Math.min(read.right, whole.right),
    first: Math.max(read.first, whole.first),
    last: Math.min(read.last, whole.last),
  };
  return part.top > part.bottom || part.left > part.right || part.first > part.last ? null : part;
}

/**
 * Size and step of a layer's receptive field, −1 being the image itself. On a branching graph it is the box around the branches' fields.
 * Source: Dumoulin & Visin 2016; Araujo, Norris & Sim 2019, "Computing receptive fields of convolutional neural networks".
 */
export function receptiveField(graph: Graph, layer: number): ReceptiveField {
  const [imageHeight, imageWidth] = graph.inputShape;
  if (layer === -1) return { height: 1, width: 1, stepY: 1, stepX: 1 };
  const { outputShape } = graph.layers[layer];
  const flat = outputShape.length === 1;
  const last = asMap(outputShape)[2] - 1;
  const unit = (y: number, x: number, first: number, end: number): Region | null =>
    trace(graph, layer, { top: y, bottom: y, left: x, right: x, first, last: end }, false);
  const boxes = flat ? differing(graph, layer).map((index) => unit(0, 0, index, index)) : [unit(0, 0, 0, last)];
  const fields = boxes.filter((each) => each !== null);
  const below = flat ? null : unit(1, 0, 0, last);
  const beside = flat ? null : unit(0, 1, 0, last);
  return {
    height: Math.min(imageHeight, Math.max(0, ...fields.map((each) => each.bottom - each.top + 1))),
    width: Math.min(imageWidth, Math.max(0, ...fields.map((each) => each.right - each.left + 1))),
    stepY: below && fields[0] ? below.top - fields[0].top : 0,
    stepX: beside && fields[0] ? beside.left - fields[0].left : 0,
  };
}

/** So many flat features are all looked at; of more, those that stand for the others. */
const FEW = 512;

/** Units of flat features among which every size of field appears: they may come from different branches, maps and places. */
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
    const [height, width, channels] = asMap(inputShapes[input]);
    if (maps === 'mixed') found.add(0);
    else if (inputShapes[input].length === 1)
      for (const unit of standingForAll(graph, source, known)) found.add(start + unit);
    else {
      for (let c = 0; c < channels; c++) {
        found.add(start + c * height * width);
        found.add(start + (c + 1) * height * width - 1);
      }
    }
    if (maps === 'stacked') start += channels;
  });
  const units = [...found];
  known.set(layer, units);
  return units;
}

/** The pixels that reach one unit: each layer's window clipped to its map, so that what only padding brings is left out. */
export function unitField(graph: Graph, layer: number, channel: number, y: number, x: number): UnitField {
  const box = trace(graph, layer, { top: y, bottom: y, left: x, right: x, first: channel, last: channel }, true);
  if (!box) return { top: 0, left: 0, bottom: -1, right: -1, height: 0, width: 0 };
  const { top, left, bottom, right } = box;
  return { top, left, bottom, right, height: bottom - top + 1, width: right - left + 1 };
}
