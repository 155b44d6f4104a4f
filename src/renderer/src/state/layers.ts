import { plainTraits } from '../../../core/layers/traits';
import type { LayerInfo, ModelInfo } from '../../../shared/protocol';

/** The input image as a layer of its own, index −1, so that every view can stand on it. */
function inputLayer(model: Pick<ModelInfo, 'inputShape'>): LayerInfo {
  return {
    index: -1,
    name: 'input',
    kind: 'input',
    traits: plainTraits,
    settings: {},
    inputs: [],
    outputShape: model.inputShape,
    params: 0,
    trainable: 0,
    macs: 0,
    receptiveField: { height: 1, width: 1, stepY: 1, stepX: 1 },
  };
}

/** A layer by its index, −1 the input. */
export function layerAt(model: ModelInfo, index: number): LayerInfo {
  return index < 0 ? inputLayer(model) : model.layers[index];
}

/** `[C, H, W]`; flat features are C maps of 1 × 1. */
export function mapsOf(layer: LayerInfo): [channels: number, height: number, width: number] {
  const [channels, height = 1, width = 1] = layer.outputShape;
  return [channels, height, width];
}

export function isFlat(layer: LayerInfo): boolean {
  return layer.outputShape.length === 1;
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
  while (at >= 0 && layers[at].outputShape.length === 1 && layers[at].traits.copies) at = layers[at].inputs[0];
  return at < 0 || layers[at].outputShape.length === 3 ? at : before;
}
