import type { LayerInfo, ModelInfo } from '../../../shared/protocol';
import { firstLayer, foldedSource, layerAt, mapsOf } from './layers';

/** 0 overview, 1 layer, 2 pixel. */
export type Depth = 0 | 1 | 2;

/** What is looked at. Layer −1 is the input; flat features have y = x = 0. */
export interface Selection {
  depth: Depth;
  layer: number;
  channel: number;
  y: number;
  x: number;
  /** Which of the unit's windows stands open at pixel depth: 0 is the first input channel of its group. */
  inChannel: number;
}

export const start: Selection = { depth: 0, layer: 0, channel: 0, y: 0, x: 0, inChannel: 0 };

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

/** The same selection with everything inside the layer's bounds. */
export function within(model: ModelInfo, selection: Selection): Selection {
  const index = clampLayer(model, selection.layer);
  const [channels, height, width] = mapsOf(layerAt(model, index));
  const inputs = inputChannels(model, index);
  return {
    depth: selection.depth,
    layer: index,
    channel: clamp(selection.channel, channels),
    y: clamp(selection.y, height),
    x: clamp(selection.x, width),
    inChannel: clamp(selection.inChannel, Math.max(1, inputs)),
  };
}

/**
 * How many windows a unit of the layer looks through: one per input channel of its group (convolution), one per map that
 * it looks at (dense), else one; 0 for the input image.
 */
function inputChannels(model: ModelInfo, index: number): number {
  if (index < 0) return 0;
  const layer = model.layers[index];
  const { weights, groups } = layer.traits;
  if (weights === 'matrix') return mapsOf(layerAt(model, foldedSource(model.layers, index)))[0];
  if (weights !== 'kernel') return 1;
  return mapsOf(layerAt(model, layer.inputs[0] ?? -1))[0] / groups;
}

/** One depth up or down, from a place kept; `up` from the overview stays. */
export function toDepth(selection: Selection, depth: number): Selection {
  return { ...selection, depth: Math.max(0, Math.min(2, depth)) as Depth };
}

/**
 * Where a map of `height × width` is largest in magnitude, from its thumbnail (which may be averaged down): the first of
 * equals, row by row; null for a map of zeros.
 */
export function strongest(
  thumb: { height: number; width: number; data: Int8Array },
  height: number,
  width: number,
): { y: number; x: number } | null {
  let best = -1;
  let most = 0;
  for (const [i, value] of thumb.data.entries()) {
    if (Math.abs(value) > most) {
      most = Math.abs(value);
      best = i;
    }
  }
  if (best < 0) return null;
  const place = (at: number, cells: number, size: number): number =>
    Math.min(size - 1, Math.floor((at + 0.5) * Math.ceil(size / cells)));
  return {
    y: place(Math.floor(best / thumb.width), thumb.height, height),
    x: place(best % thumb.width, thumb.width, width),
  };
}

/** The next or previous map of the layer, round the end. */
export function stepMap(model: ModelInfo, selection: Selection, step: number): Selection {
  const [channels] = mapsOf(layerAt(model, selection.layer));
  return within(model, { ...selection, channel: (((selection.channel + step) % channels) + channels) % channels });
}

/**
 * The next or previous layer. The channel is kept where both have as many, else scaled, as is the place on the map, so
 * that one walks along one line through the network.
 */
export function stepLayer(model: ModelInfo, selection: Selection, step: number): Selection {
  const index = model.foreign ? drawnBeside(model, selection.layer, step) : clampLayer(model, selection.layer + step);
  if (index === selection.layer) return selection;
  return toLayer(model, selection, index);
}

const clampLayer = (model: ModelInfo, index: number): number =>
  Math.max(firstLayer(model), Math.min(model.layers.length - 1, index));

/** Of a foreign network the next layer that is drawn, or the input. */
function drawnBeside(model: ModelInfo, layer: number, step: number): number {
  const drawn = [firstLayer(model), ...(model.foreign?.drawn ?? []).map((each) => each.layer)].sort((a, b) => a - b);
  const beside = step > 0 ? drawn.find((each) => each > layer) : drawn.findLast((each) => each < layer);
  return beside ?? layer;
}

/** Another layer, channel and place carried over. */
export function toLayer(model: ModelInfo, selection: Selection, index: number): Selection {
  const from = mapsOf(layerAt(model, selection.layer));
  const to = mapsOf(layerAt(model, index));
  const carry = (value: number, a: number, b: number): number =>
    a === b ? value : Math.floor(((value + 0.5) / a) * b);
  return within(model, {
    ...selection,
    layer: index,
    channel: carry(selection.channel, from[0], to[0]),
    y: carry(selection.y, from[1], to[1]),
    x: carry(selection.x, from[2], to[2]),
  });
}

/** The neighboring unit of the map; among flat features the neighboring feature. */
export function stepUnit(model: ModelInfo, selection: Selection, dy: number, dx: number): Selection {
  const [, height, width] = mapsOf(layerAt(model, selection.layer));
  if (height * width === 1) return within(model, { ...selection, channel: selection.channel + dy + dx });
  return within(model, { ...selection, y: selection.y + dy, x: selection.x + dx });
}

/** The next input channel at pixel depth, round the end. */
export function stepInput(model: ModelInfo, selection: Selection, step: number): Selection {
  const count = inputChannels(model, selection.layer);
  return count === 0 ? selection : { ...selection, inChannel: (selection.inChannel + step + count) % count };
}

/**
 * Layers whose name, kind, kind in the window's language, shape or element type hold every word that was typed.
 * A layer of that very name comes first (`conv3` is also what every 3 × 3 convolution answers to), then names that begin so.
 */
export function findLayers(model: ModelInfo, query: string, kindText: (layer: LayerInfo) => string): LayerInfo[] {
  const plain = (text: string): string => text.toLowerCase().replaceAll('×', 'x').replaceAll(' ', '');
  const words = query.toLowerCase().replaceAll('×', 'x').split(/\s+/).filter(Boolean);
  const found = [layerAt(model, -1), ...model.layers].filter((layer) => {
    const text = [layer.name, layer.kind, kindText(layer), layer.outputShape.join('x'), layer.type ?? '']
      .map(plain)
      .join(' ');
    const wanted = words.join('').match(/^\d+(x\d+)*x?$/) ? [words.join('')] : words;
    return wanted.every((word) => text.includes(word));
  });
  const typed = plain(query);
  const rank = ({ name }: LayerInfo): number => (plain(name) === typed ? 0 : plain(name).startsWith(typed) ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b));
}
