import { plainTraits } from '../../../core/layers/traits';
import { isVector, mapSizes } from '../../../shared/axes';
import type { Inspection, LayerInfo, ModelInfo } from '../../../shared/protocol';

/** What stands for the input of a network that has none: it generates, or computes constants. */
const NO_INPUT: LayerInfo = {
  index: -1,
  name: '–',
  kind: 'input',
  traits: plainTraits,
  settings: {},
  inputs: [],
  outputShape: [],
  axes: [],
  type: null,
  params: 0,
  trainable: 0,
  macs: 0,
  receptiveField: null,
};

/** A layer by its index, −1 the input, −2 a second one. */
export function layerAt(model: Pick<ModelInfo, 'inputs' | 'layers'>, index: number): LayerInfo {
  return index < 0 ? (model.inputs.at(-1 - index) ?? NO_INPUT) : model.layers[index];
}

/** −1, the input; of a network without inputs the first that a node makes. */
export const firstLayer = ({ inputs }: Pick<ModelInfo, 'inputs'>): number => (inputs.length > 0 ? -1 : 0);

/** `[C, H, W]`; flat features are C maps of 1 × 1. */
export const mapsOf = ({ outputShape, axes }: LayerInfo): [channels: number, height: number, width: number] =>
  mapSizes(outputShape, axes);

export const isFlat = ({ axes }: LayerInfo): boolean => isVector(axes);

/** The network with the shapes that were known only when it had run. */
export function asRun(model: ModelInfo, { shapes }: Pick<Inspection, 'shapes'>): ModelInfo {
  if (shapes.length === 0) return model;
  const ran = new Map(shapes.map(({ index, outputShape, axes }) => [index, { outputShape, axes }]));
  const known = (layer: LayerInfo): LayerInfo => ({ ...layer, ...ran.get(layer.index) });
  return { ...model, inputs: model.inputs.map(known), layers: model.layers.map(known) };
}

/** Layers that the overview leaves out: what is folded into another, in a foreign network. */
export function hiddenLayers({ foreign, layers }: Pick<ModelInfo, 'foreign' | 'layers'>): number[] {
  if (!foreign) return [];
  const drawn = new Set(foreign.drawn.map(({ layer }) => layer));
  return layers.flatMap(({ index }) => (drawn.has(index) ? [] : [index]));
}

/** The network as the overview draws it: a foreign one folded, each box by what its nodes do together. */
export function drawnModel(model: ModelInfo): ModelInfo {
  if (!model.foreign) return model;
  const layers = [...model.layers];
  for (const { layer, inputs, name, operators, params, macs, traits } of model.foreign.drawn) {
    const own = layers[layer];
    layers[layer] = {
      ...own,
      name: shortName(name, operators[0]),
      kind: operators.join(' + '),
      inputs,
      params,
      macs,
      traits: { ...own.traits, ...traits },
    };
  }
  return { ...model, layers };
}

/** The longest name of a box. */
const NAME = 20;

/** The last part of a path that says more than the operator: `features.0` of `/features/features.0/Conv`. */
export function shortName(name: string, operator: string): string {
  const parts = name.split('/').filter(Boolean);
  while (parts.length > 1 && parts[parts.length - 1].startsWith(operator)) parts.pop();
  const last = parts.pop() ?? name;
  return last.length > NAME ? `…${last.slice(1 - NAME)}` : last;
}

/** Whether a layer's values are never negative, for any image: its legend shows the positive half alone. */
export function isNonNegative(model: ModelInfo, index: number): boolean {
  if (index < 0) return model.preprocessing.mean.every((mean) => mean <= 0);
  const layer = model.layers[index];
  const { negative } = layer.traits;
  return (
    negative === 'never' || (negative === 'as inputs' && layer.inputs.every((input) => isNonNegative(model, input)))
  );
}

/**
 * The layers that hold the classes' probabilities and logits: their sizes are of another kind, so a scale over the network
 * leaves them out.
 */
export function answerLayers({ head }: Pick<ModelInfo, 'head'>): ReadonlySet<number> {
  return new Set(head ? [head.output, head.logits] : []);
}

/**
 * What a dense layer looks at: back through layers that copy to the last layer that still has maps.
 * Where there is none, the layer before it.
 */
export function foldedSource(layers: readonly LayerInfo[], index: number): number {
  const before = layers[index].inputs[0];
  let at = before;
  while (at >= 0 && isFlat(layers[at]) && layers[at].traits.copies) at = layers[at].inputs[0];
  return at < 0 || !isFlat(layers[at]) ? at : before;
}
