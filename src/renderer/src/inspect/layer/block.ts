import type { LayerInfo } from '../../../../shared/protocol';
import { mapsOf } from '../../state/layers';

/** Whether map c of this layer comes from map c of the one layer before it, and from nothing else. */
export function followsOneMap(layers: readonly LayerInfo[], layer: LayerInfo): boolean {
  if (layer.traits.maps !== 'own' || layer.inputs.length !== 1) return false;
  const before = layers[layer.inputs[0]];
  return before !== undefined && mapsOf(before)[0] === mapsOf(layer)[0];
}

/**
 * The block around a layer (conv → relu → pool, for example): back to the layer that mixes channels, then forward as
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

/** The layer at the block's head, where weights of its own make the maps. */
export function weightedLayer(layers: readonly LayerInfo[], index: number): LayerInfo | null {
  const head = layers[blockAround(layers, index)[0]];
  return head?.traits.weights ? head : null;
}
