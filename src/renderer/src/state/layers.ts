import { isVector, mapSizes } from '../../../shared/axes';
import type { Inspection, LayerInfo, ModelInfo } from '../../../shared/protocol';

/** A layer by its index, −1 the input, −2 a second one. */
export function layerAt(model: Pick<ModelInfo, 'inputs' | 'layers'>, index: number): LayerInfo {
  return index < 0 ? model.inputs[-1 - index] : model.layers[index];
}

/** `[C, H, W]`; flat features are C maps of 1 × 1. */
export const mapsOf = ({ outputShape, axes }: LayerInfo): [channels: number, height: number, width: number] =>
  mapSizes(outputShape, axes);

export const isFlat = ({ axes }: LayerInfo): boolean => isVector(axes);

/** The network with the shapes that were known only when it had run. */
export function asRun(model: ModelInfo, { layers: ran }: Pick<Inspection, 'layers'>): ModelInfo {
  const shapes = new Map(ran.map(({ index, outputShape, axes }) => [index, { outputShape, axes }]));
  const open = ({ outputShape }: LayerInfo): boolean => outputShape.includes(0);
  if (![...model.inputs, ...model.layers].some(open)) return model;
  const known = (layer: LayerInfo): LayerInfo => (open(layer) ? { ...layer, ...shapes.get(layer.index) } : layer);
  return { ...model, inputs: model.inputs.map(known), layers: model.layers.map(known) };
}

/** Whether a layer's values cannot be negative, whatever the image: its legend shows the positive half alone. */
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
