import type { RecipeDataKind } from './recipes';
import type { DataInfo } from './data-sets';

const words = ({ name, path }: Pick<DataInfo, 'name' | 'path'>): string => `${path ?? ''}/${name}`.toLowerCase();

/** Networks that were made for a known set, at its size; the default settings suit them. */
const MADE_FOR: Partial<Record<RecipeDataKind, string>> = {
  'builtin:colors': 'colors-cnn',
  'builtin:shapes': 'shapes-cnn',
  'fashion-mnist': 'fashion-cnn',
  mnist: 'lenet5-mnist',
};

/** ID of the bundled network that was made for such data; null where there is none. */
export const networkMadeFor = (known: RecipeDataKind | null): string | null => (known && MADE_FOR[known]) ?? null;

const KINDS: RecipeDataKind[] = ['builtin:colors', 'builtin:shapes', 'mnist', 'fashion-mnist', 'cifar10'];

/** Which known set it is, as far as its name tells. */
export const knownAs = (data: Parameters<typeof suits>[0]): RecipeDataKind | null =>
  KINDS.find((kind) => suits(data, kind)) ?? null;

/** Whether a data set is what a recipe asks for, as far as its name tells. */
export function suits(data: Pick<DataInfo, 'id' | 'kind' | 'name' | 'path'> | null, kind: RecipeDataKind): boolean {
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
