import { buildGraph } from '../../core/model/build';
import type { NetworkChoice, NetworkInfo } from '../../shared/training';
import { describeGraph } from '../models/describe';
import { recipeNamed } from '../models/recipes';
import { bundledArchitecture, fitToClasses, type Architecture } from '../train/architecture';

/**
 * The architecture of a bundled network or of a recipe, and which variant of it is to be trained: `fitToClasses` makes that.
 * @throws FailureError where nothing is called so.
 */
export async function architectureChosen({ source, variant }: NetworkChoice): Promise<Architecture> {
  if (source.kind === 'bundled') return { ...(await bundledArchitecture(source.id)), variant };
  const { title, model } = await recipeNamed(source.id);
  const architecture =
    typeof model === 'string'
      ? await bundledArchitecture(model)
      : { name: source.id, spec: model, preprocessing: null };
  return { ...architecture, title: title.en, variant };
}

/** @param classes null: as many as it has by itself. @throws FailureError as `architectureChosen` and `fitToClasses`. */
export async function describeNetwork(choice: NetworkChoice, classes: number | null): Promise<NetworkInfo> {
  const architecture = await architectureChosen(choice);
  const { graph, changes } = fitToClasses(architecture, classes ?? ownClasses(architecture));
  return { title: architecture.title ?? architecture.name, ...describeGraph(graph), changes };
}

function ownClasses({ spec }: Architecture): number {
  const { outputShape } = buildGraph(spec).layers[spec.layers.length - 1];
  return outputShape[outputShape.length - 1];
}
