import type { RecipeDataKind } from '../../../../shared/recipes';
import type { DataInfo, NetworkChoice, Recipe } from '../../../../shared/training';

const words = ({ name, path }: DataInfo): string => `${path ?? ''}/${name}`.toLowerCase();

/** Whether a data set is what a recipe asks for, as far as its name tells. */
export function suits(data: DataInfo | null, kind: RecipeDataKind): boolean {
  if (!data) return false;
  switch (kind) {
    case 'builtin:colors':
    case 'builtin:shapes':
      return data.id === kind;
    case 'fashion-mnist':
      return data.kind !== 'generated' && /fashion/.test(words(data));
    case 'mnist':
      return data.kind !== 'generated' && /mnist/.test(words(data)) && !/fashion/.test(words(data));
    case 'cifar10':
      return data.kind !== 'generated' && /cifar/.test(words(data));
  }
}

/** A network to begin with: the one made for the data, or for photographs a small one that sees colors at 32 × 32. */
export function suggestedSource(data: DataInfo, recipes: readonly Recipe[]): NetworkChoice['source'] {
  if (suits(data, 'builtin:colors')) return { kind: 'bundled', id: 'colors-cnn' };
  if (suits(data, 'builtin:shapes')) return { kind: 'bundled', id: 'shapes-cnn' };
  if (suits(data, 'fashion-mnist')) return { kind: 'bundled', id: 'fashion-cnn' };
  if (suits(data, 'mnist')) return { kind: 'bundled', id: 'lenet5-mnist' };
  const photographs = recipes.find(({ data: of, model }) => of.kind === 'cifar10' && typeof model !== 'string');
  return photographs ? { kind: 'recipe', id: photographs.id } : { kind: 'bundled', id: 'colors-cnn' };
}
