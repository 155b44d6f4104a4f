import type { Entries } from './message';

/** Two networks side by side, value by value. */
export const diffWords = {
  'diff.no-picture': {
    en: 'it takes no picture: leave the pictures out to compare it on random inputs',
    zh: '它不接受图像：不指定图像即可用随机输入比较',
  },
  'diff.inputs': {
    en: "input '{name}' is [{found}], that of the first network [{expected}]: they cannot get the same numbers",
    zh: '输入“{name}”的形状为 [{found}]，第一个网络的为 [{expected}]，无法使用相同的数值',
  },
  'diff.bound-given': { en: 'as you chose', zh: '按所选值' },
  'diff.bound-float': { en: 'both compute in float32', zh: '两者均以 float32 计算' },
  'diff.bound-half': { en: 'one of them computes in 16 bits', zh: '其中之一以 16 位计算' },
  'diff.bound-quantized': { en: 'one of them is quantized', zh: '其中之一经过量化' },
  'diff.same': {
    en: 'No value differs by more than rounding: all are above {bound} dB ({reason}).',
    zh: '各值的差异不超出舍入误差：均高于 {bound} dB（{reason}）。',
  },
  'diff.begins': {
    en: "It begins at '{name}' ({operator}), with a signal-to-noise ratio of {snr} dB: the first below {bound} dB ({reason}).",
    zh: '差异始于“{name}”（{operator}），信噪比为 {snr} dB，是第一个低于 {bound} dB（{reason}）的。',
  },
  'diff.begins-input': {
    en: "It begins at the input '{name}', with a signal-to-noise ratio of {snr} dB: pictures are prepared differently.",
    zh: '差异始于输入“{name}”，信噪比为 {snr} dB：图像的预处理方式不同。',
  },
  'diff.answers': {
    en: 'Same answer for {same} of {of} samples.',
    zh: '{of} 个样本中有 {same} 个的结果相同。',
  },
  'diff.weights': {
    en: '{count} {count|weight of one name has|weights of one name have} other numbers: {names}.',
    zh: '有 {count} 个同名权重的数值不同：{names}。',
  },
  'diff.matched': {
    en: '{named} {named|value is|values are} matched by name, {placed} by place in the graph; {onlyA} only in the first, {onlyB} only in the second.',
    zh: '{named} 个值按名称对应，{placed} 个按在计算图中的位置对应；仅第一个有的 {onlyA} 个，仅第二个有的 {onlyB} 个。',
  },
} as const satisfies Entries;
