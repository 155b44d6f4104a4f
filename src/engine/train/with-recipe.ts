import type { TrainOptions } from '../../core/train/settings';
import { isGenerated } from '../../shared/recipes';
import { recipeArchitecture, recipeNamed } from '../models/recipes';
import type { TrainRequest } from './request';

/** The request, with omitted fields taken from its recipe, if it names one. @throws FailureError for an unknown recipe. */
export async function withRecipe(request: TrainRequest): Promise<TrainRequest> {
  if (!request.recipe) return request;
  const recipe = await recipeNamed(request.recipe);
  const { model, data } = recipe;
  const network = typeof model === 'string' ? model : await recipeArchitecture(recipe);
  return {
    ...request,
    model: request.model ?? network,
    data: request.data ?? (isGenerated(data.kind) ? data.kind : undefined),
    title: request.title ?? recipe.title.en,
    options: { ...recipe.options, ...given(request.options) },
  };
}

/** Only options with a value: undefined ones are left out. */
const given = (options: TrainOptions): TrainOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

/** Names from the recipe for classes that the data only numbers; none if the classes differ. */
export async function usualLabels(id: string | undefined, own: readonly string[]): Promise<string[] | undefined> {
  const labels = id ? (await recipeNamed(id)).labels : undefined;
  return labels?.length === own.length && own.every((label, i) => label === String(i)) ? labels : undefined;
}
