import type { NetworkChoice } from '../../../../shared/network-choice';
import type { Recipe } from '../../../../shared/recipes';
import type { Session } from '../../state/session.svelte';

export type Source = NetworkChoice['source'];

/** The network that a recipe names: a bundled one, or its own. */
export function sourceOf(recipe: Recipe, session: Session): Source {
  const known = [...(session.info?.models ?? []), ...(session.classics ?? [])];
  const bundled = known.find(({ id }) => id === recipe.model);
  return bundled ? { kind: 'bundled', id: bundled.id } : { kind: 'recipe', id: recipe.id };
}

/** `[C, H, W]` that a network takes; null where only the engine knows. */
export function inputShapeOf(session: Session, recipes: readonly Recipe[], source: Source): number[] | null {
  const known = [...(session.info?.models ?? []), ...(session.classics ?? [])];
  const shapeOf = (wanted: string): number[] | null => known.find(({ id }) => id === wanted)?.inputShape ?? null;
  if (source.kind !== 'recipe') return shapeOf(source.id);
  const model = recipes.find(({ id }) => id === source.id)?.model;
  if (!model) return null;
  if (typeof model === 'string') return shapeOf(model);
  const { channels, ...sizes } = model.input;
  return [channels, ...Object.values(sizes)];
}
