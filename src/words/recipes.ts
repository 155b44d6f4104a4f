import type { Entries } from './message';

/** Recipes: the files of the course notes' experiments. */
export const recipeWords = {
  'recipe.members-beside': {
    en: 'expected members that vote or networks beside, not both',
    zh: '应为投票的多次训练或用于比较的网络，不能两者都有',
  },
  'recipe.parameters': {
    en: 'found {found}, the network has {parameters}',
    zh: '写的是 {found}，而网络有 {parameters} 个参数',
  },
  'recipe.file': { en: 'the file', zh: '内容' },
  'recipe.none': { en: 'none', zh: '无' },
  // What a field may be.
  'recipe.expect.texts': {
    en: 'the texts en and zh, neither of them empty',
    zh: '非空的文本 en 与 zh',
  },
  'recipe.expect.model': { en: "a network's ID or a network", zh: '网络的名称或网络本身' },
  'recipe.expect.share': { en: '0 … 1 or null', zh: ' 0 到 1 的数或 null' },
} as const satisfies Entries;
