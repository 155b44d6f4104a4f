import type { Failure } from '../../../../shared/failures';
import type { DataInfo } from '../../../../shared/data-sets';
import type { NetworkChoice, NetworkVariant } from '../../../../shared/network-choice';
import type { Recipe } from '../../../../shared/recipes';
import { failureText, isKey, language, t, type Key } from '../../i18n/index.svelte';
import { classicName, networkName, sampleLabel } from '../../i18n/names';
import type { Session } from '../../state/session.svelte';

/** A data set as people call it: generated ones by the catalog, others by their folder. */
export function dataTitle(data: Pick<DataInfo, 'id' | 'name'>): string {
  const key = `setup.data.${data.id}`;
  return isKey(key) ? t(key as Key) : data.name;
}

/** What went wrong with a data set, under the name that people know it by: an upload's own folder says nothing to them. */
export function dataFailureText(failure: Failure, data: DataInfo | null): string {
  const { file } = failure.values;
  if (data?.kind !== 'uploaded' || data.path === null || typeof file !== 'string' || !file.startsWith(data.path))
    return failureText(failure);
  const named = data.name + file.slice(data.path.length);
  const message = failure.message.replace(file, named);
  return failureText({ ...failure, values: { ...failure.values, file: named }, message });
}

/** Sentences after each other, as the language spaces them. */
export function joined(sentences: readonly (string | null | undefined | false)[]): string {
  return sentences.filter((each) => each).join(language.current === 'zh' ? '' : ' ');
}

/** Classes of generated data have names in the catalog; those of folders stay as they are. */
export function classTitle(data: DataInfo | null, label: string): string {
  return data?.kind === 'generated' ? sampleLabel(label) : label;
}

export function recipeTitle(recipe: Recipe): string {
  return recipe.title[language.current];
}

/** A network's name: a bundled one's, or the title of the recipe that brings it. */
export function sourceTitle(session: Session, recipes: readonly Recipe[], source: NetworkChoice['source']): string {
  if (source.kind === 'recipe') {
    const recipe = recipes.find(({ id }) => id === source.id);
    return recipe ? recipeTitle(recipe) : source.id;
  }
  if (source.kind === 'body') return t('run.head', { name: source.id });
  const classic = session.classics?.find(({ id }) => id === source.id);
  if (classic) return classicName(classic);
  const model = session.info?.models.find(({ id }) => id === source.id);
  return networkName(model ?? { id: source.id, title: source.id });
}

/** What a network goes without: `without shortcuts`. */
export function ideaTitle(idea: string): string {
  const key = `setup.without.${idea}`;
  return isKey(key) ? t(key as Key) : t('setup.without.other', { idea });
}

/** A network and what was made of it, part by part. */
export function choiceParts(
  session: Session,
  recipes: readonly Recipe[],
  { source, variant, without = [] }: NetworkChoice,
): string[] {
  const made = variant === 'itself' ? [] : [variantTitle(variant)];
  return [sourceTitle(session, recipes, source), ...without.map(ideaTitle), ...made];
}

export function variantTitle(variant: NetworkVariant): string {
  return t(`setup.variant.${variant}`);
}

/** A title that no run has yet: two of one name cannot be told apart in a list. */
export function unusedTitle(title: string, taken: ReadonlySet<string>): string {
  let number = 2;
  let free = title;
  while (taken.has(free)) free = `${title} (${number++})`;
  return free;
}
