import type { NetworkChoice } from '../../shared/network-choice';
import { recipeArchitecture, recipeNamed } from '../models/recipes';
import { atInput, bundledArchitecture, withoutIdeas, type Architecture } from './architecture';

/**
 * The architecture of a bundled network or of a recipe, and which variant of it is to be trained: `fitToClasses` makes that.
 * @throws FailureError where nothing is called so.
 */
export async function architectureChosen({ source, variant, input, without }: NetworkChoice): Promise<Architecture> {
  const found =
    source.kind === 'bundled'
      ? await bundledArchitecture(source.id)
      : await recipeArchitecture(await recipeNamed(source.id));
  const architecture = { ...withoutIdeas(found, without), variant };
  return input ? atInput(architecture, input) : architecture;
}
