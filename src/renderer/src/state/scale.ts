import type { Inspection, ModelInfo } from '../../../shared/protocol';
import { answerLayers, isFlat, layerAt } from './layers';

/** Whose largest absolute value the ends of the color map stand for. */
export type Scope = 'unit' | 'layer' | 'network';
export const scopes: readonly Scope[] = ['unit', 'layer', 'network'];

/** Largest absolute value of a layer on this image, −1 the input; null where it was not computed with the others. */
export function layerScale({ layers }: Inspection, layer: number): number | null {
  // They stand in order, and mostly without a gap.
  const beside = layers[layer - (layers[0]?.index ?? 0)];
  const stats = beside?.index === layer ? beside : layers.find(({ index }) => index === layer);
  return stats?.absMax ?? null;
}

/** Largest absolute value of the network on this image; the answer (logits, softmax) has a scale of its own. */
export function networkScale(model: ModelInfo, inspection: Inspection): number {
  const answer = answerLayers(model);
  let most = 0;
  for (const { index, absMax } of inspection.layers) if (!answer.has(index) && absMax > most) most = absMax;
  return most;
}

/**
 * The scope that really holds for a layer: the answer's units are always compared with each other, and a flat layer's
 * units, single numbers, have no scale of their own.
 */
export function scopeOf(model: ModelInfo, layer: number, scope: Scope): Scope {
  if (answerLayers(model).has(layer)) return 'layer';
  return scope === 'unit' && isFlat(layerAt(model, layer)) ? 'layer' : scope;
}
