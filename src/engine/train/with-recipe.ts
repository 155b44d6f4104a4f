import type { TrainOptions } from '../../core/train/settings';
import { isGenerated } from '../../shared/recipes';
import { recipeNamed } from '../models/recipes';
import type { TrainRequest } from './request';

/** The request with what it leaves out taken from its recipe, where it names one. @throws FailureError for an unknown recipe. */
export async function withRecipe(request: TrainRequest): Promise<TrainRequest> {
  if (!request.recipe) return request;
  const recipe = await recipeNamed(request.recipe);
  const { model, data } = recipe;
  const network = typeof model === 'string' ? model : { name: recipe.id, spec: model, preprocessing: null };
  return {
    ...request,
    model: request.model ?? network,
    data: request.data ?? (isGenerated(data.kind) ? data.kind : undefined),
    title: request.title ?? recipe.title.en,
    options: { ...recipe.options, ...given(request.options) },
  };
}

/** What somebody wrote: an option that is there and undefined is left out. */
const given = (options: TrainOptions): TrainOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

/** Names for classes that the data only numbers, from the recipe that is followed; none where they are others. */
export async function usualLabels(id: string | undefined, own: readonly string[]): Promise<string[] | undefined> {
  const labels = id ? (await recipeNamed(id)).labels : undefined;
  return labels?.length === own.length && own.every((label, i) => label === String(i)) ? labels : undefined;
}
