import type { Term } from '../../../../shared/explanation';
import type { LayerInfo } from '../../../../shared/protocol';
import { foldedSource } from '../../state/layers';

/** A unit of a layer; flat features have y = x = 0. Layer −1 is the input. */
export interface UnitPlace {
  layer: number;
  channel: number;
  y: number;
  x: number;
}

/** The place of the flat feature `index` (CHW order) in a layer's maps. */
export function unfold(
  index: number,
  [, height, width]: readonly [number, number, number],
): { channel: number; y: number; x: number } {
  const cells = height * width;
  return { channel: Math.floor(index / cells), y: Math.floor((index % cells) / width), x: index % width };
}

/** Where a term of `layer` leads: one step down the network, to the maps where the source still has them. */
export function termPlace(
  layers: readonly LayerInfo[],
  layer: number,
  source: number,
  term: Pick<Term, 'channel' | 'y' | 'x'>,
  inputShape: readonly number[],
): UnitPlace {
  const shape = source < 0 ? inputShape : layers[source].outputShape;
  if (layers[layer].kind !== 'dense' || shape.length === 3)
    return { layer: source, channel: term.channel, y: term.y, x: term.x };
  const folded = foldedSource(layers, layer);
  const [channels, height = 1, width = 1] = folded < 0 ? inputShape : layers[folded].outputShape;
  const maps: [number, number, number] = [channels, height, width];
  if (folded === source || maps[1] * maps[2] === 1) return { layer: folded, channel: term.channel, y: 0, x: 0 };
  return { layer: folded, ...unfold(term.channel, maps) };
}
