import type { Entries } from './message';

/** Recipes: the files of the course notes' experiments. */
export const recipeWords = {
  'recipe.field': { en: 'found {found}, expected {expected}', zh: '实际为 {found}，应为{expected}' },
  'recipe.nothing': { en: 'nothing', zh: '空' },
  'recipe.noObject': { en: 'is no object', zh: '不是对象' },
  'recipe.unknownField': {
    en: 'nothing is called so (there are {known})',
    zh: '没有这个字段（可用：{known}）',
  },
  'recipe.parameters': {
    en: 'found {found}, the network has {parameters}',
    zh: '写的是 {found}，而网络有 {parameters} 个参数',
  },
  'recipe.file': { en: 'the file', zh: '内容' },
  'recipe.none': { en: 'none', zh: '无' },
  // What a field may be.
  'recipe.expect.texts': {
    en: 'the texts en and zh, both of them saying something',
    zh: '非空的文本 en 与 zh',
  },
  'recipe.expect.model': { en: "a network's ID or a network", zh: '网络的名称或网络本身' },
  'recipe.expect.object': { en: 'an object', zh: '对象' },
  'recipe.expect.whole': { en: 'a whole number from {from} to {to}', zh: ' {from} 到 {to} 的整数' },
  'recipe.expect.count': { en: 'a whole number', zh: '整数' },
  'recipe.expect.share': { en: '0 … 1 or null', zh: ' 0 到 1 的数或 null' },
  'recipe.expect.oneOf': { en: 'one of {names}', zh: '其中之一：{names}' },
  'recipe.expect.number': { en: 'a number', zh: '数字' },
  'recipe.expect.text': { en: 'a text', zh: '文本' },
} as const satisfies Entries;
