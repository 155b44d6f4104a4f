import type { Entries } from './message';

/** Values from outside that do not hold: a field of a message, of a file. */
export const schemaWords = {
  'schema.at': { en: '{field}: {reason}', zh: '“{field}”：{reason}' },
  'schema.found': { en: 'found {found}, expected {expected}', zh: '实际为 {found}，应为{expected}' },
  'schema.unknown': { en: 'there is no such field (known: {known})', zh: '没有这个字段（可用：{known}）' },
  'schema.nothing': { en: 'nothing', zh: '空' },
  'schema.bytes': { en: '{count} {count|byte|bytes}', zh: '{count} 字节' },

  // What a value may be.
  'schema.text': { en: 'a text', zh: '文本' },
  'schema.text-something': { en: 'a text that is not empty', zh: '非空的文本' },
  'schema.boolean': { en: 'true or false', zh: ' true 或 false' },
  'schema.some-bytes': { en: 'bytes', zh: '字节' },
  'schema.number': { en: 'a number', zh: '数字' },
  'schema.moments': {
    en: 'one mean and standard deviation for each channel of the color',
    zh: '每个颜色通道各一个均值和标准差',
  },
  'schema.range': { en: 'a number from {from} to {to}', zh: ' {from} 到 {to} 的数' },
  'schema.whole': { en: 'a whole number, {from} or more', zh: '不小于 {from} 的整数' },
  'schema.whole-range': { en: 'a whole number from {from} to {to}', zh: ' {from} 到 {to} 的整数' },
  'schema.one-of': { en: 'one of {names}', zh: '其中之一：{names}' },
  'schema.object': { en: 'an object', zh: '对象' },
  'schema.list': { en: 'a list', zh: '列表' },
  'schema.list-length': { en: 'a list of {from} to {to}', zh: '含 {from} 到 {to} 项的列表' },

  // What the protocol's parameters may be.
  'schema.color': { en: 'a color, #rrggbb', zh: '颜色 #rrggbb' },
  'schema.pixels': {
    en: 'as many bytes as height × width × channels',
    zh: '与 高 × 宽 × 通道数 同样多的字节',
  },
  'schema.pixel-range': { en: 'low below high', zh: ' low 小于 high' },
} as const satisfies Entries;
