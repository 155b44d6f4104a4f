import type { LayerInfo } from '../../../../shared/protocol';

/** Kinds whose output map c depends on input map c alone: one map can be followed through them. */
const oneToOne: ReadonlySet<string> = new Set([
  'relu',
  'leakyrelu',
  'prelu',
  'elu',
  'selu',
  'sigmoid',
  'hardsigmoid',
  'tanh',
  'softplus',
  'maxpool',
  'avgpool',
  'globalavgpool',
  'globalmaxpool',
  'batchnorm',
  'dropout',
]);

/** Whether map c of this layer comes from map c of the one layer before it, and from nothing else. */
export function followsOneMap(layers: readonly LayerInfo[], layer: LayerInfo): boolean {
  if (!oneToOne.has(layer.kind) || layer.inputs.length !== 1) return false;
  const before = layers[layer.inputs[0]];
  return before !== undefined && before.outputShape[0] === layer.outputShape[0];
}

/**
 * The block around a layer (conv → relu → pool, whatever it is): back to the layer that mixes channels, then forward as
 * long as exactly one map feeds one map. Where it branches into several such layers, the first one is followed.
 * Indices in order, the asked one among them; the input image (−1) stands alone.
 */
export function blockAround(layers: readonly LayerInfo[], index: number): number[] {
  if (index < 0) return [-1];
  const block = [index];
  for (let at = layers[index]; followsOneMap(layers, at); at = layers[at.inputs[0]]) block.unshift(at.inputs[0]);
  for (;;) {
    const last = block[block.length - 1];
    const next = layers.find((layer) => layer.inputs.includes(last) && followsOneMap(layers, layer));
    if (!next) return block;
    block.push(next.index);
  }
}

/** The layer of the block whose weights make its maps: conv or dense at its head, if it is one. */
export function weightedLayer(layers: readonly LayerInfo[], index: number): LayerInfo | null {
  const head = layers[blockAround(layers, index)[0]];
  return head && (head.kind === 'conv' || head.kind === 'dense') ? head : null;
}
