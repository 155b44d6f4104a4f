import type { Entries } from './message';

/** The network: specs, layers and their settings. */
export const coreWords = {
  'spec.field': {
    en: "layer '{layer}', {field}: found {found}, expected {expected}",
    zh: '层“{layer}”的 {field}：实际为 {found}，应为{expected}',
  },
  'spec.field-of': {
    en: 'layer number {layer}, {field}: found {found}, expected {expected}',
    zh: '第 {layer} 层的 {field}：实际为 {found}，应为{expected}',
  },
  'spec.field-of-network': {
    en: 'network, {field}: found {found}, expected {expected}',
    zh: '网络的 {field}：实际为 {found}，应为{expected}',
  },
  'spec.field-of-input': {
    en: 'input, {field}: found {found}, expected {expected}',
    zh: '输入的 {field}：实际为 {found}，应为{expected}',
  },
  'spec.nothing': { en: 'nothing', zh: '空' },
  'spec.no-reader': { en: 'no layer that reads it', zh: '没有读取它的层' },

  // What a spec as a whole must be.
  'spec.layers': { en: 'a list of 1 to {limit} layers', zh: ' 1 到 {limit} 层的列表' },
  'spec.object': { en: 'an object with input and layers', zh: '含 input 与 layers 的对象' },
  'spec.input': { en: 'an object with height, width and channels', zh: '含 height、width 与 channels 的对象' },
  'spec.layer': { en: 'an object with a kind', zh: '含 kind 的对象' },
  'spec.name': {
    en: 'up to 100 letters, digits, _ and -, the first not -',
    zh: '至多 100 个字母、数字、_ 或 -，且不以 - 开头',
  },
  'spec.unique': { en: 'a name that no other layer has', zh: '与其他层不同的名称' },
  'spec.inputs': { en: 'a list of layer names', zh: '层名称的列表' },
  'spec.earlier': { en: "the name of an earlier layer, or 'input'", zh: '前面某层的名称，或“input”' },
  'spec.block': { en: 'the name of a block, but the spec has none', zh: '块的名称，但规格中没有块' },
  'spec.block-object': { en: 'an object with layers', zh: '含 layers 的对象' },
  'spec.blocks': { en: 'an object of blocks by name', zh: '以名称为键的块对象' },
  'spec.block-depth': { en: 'blocks inside blocks, at most {limit} deep', zh: '块的嵌套最多 {limit} 层' },
  'spec.block-value': { en: "a value, given by the block's use or its 'with'", zh: '由块的使用处或其“with”给出的值' },
  'spec.one-input': { en: '1 input', zh: ' 1 个输入' },
  'spec.more-inputs': { en: '2 inputs or more', zh: ' 2 个或更多输入' },
  'spec.reader': { en: 'a reader for every layer but the last', zh: '除最后一层外，每层都有读取它的层' },
  'spec.numbers': { en: 'at most {limit} numbers', zh: '至多 {limit} 个数值' },
  'spec.numbers-together': {
    en: 'at most {limit} numbers in all layers in total',
    zh: '所有层合计至多 {limit} 个数值',
  },
  'spec.together': { en: 'at most {limit} in all layers in total', zh: '所有层合计至多 {limit}' },
  'spec.index': { en: 'a layer from 0 to {most}', zh: ' 0 到 {most} 的层' },

  // What a setting may be.
  'spec.whole': { en: 'a whole number from {from} to {to}', zh: ' {from} 到 {to} 的整数' },
  'spec.number': { en: 'a number', zh: '数字' },
  'spec.number.range': { en: 'a number from {from} to {to}', zh: ' {from} 到 {to} 的数' },
  'spec.number.above': { en: 'a number above {from}, at most {to}', zh: '大于 {from}、不超过 {to} 的数' },
  'spec.number.below': { en: 'a number from {from}, below {to}', zh: '不小于 {from}、小于 {to} 的数' },
  'spec.number.from': { en: 'a number from {from} up', zh: '不小于 {from} 的数' },
  'spec.odd': { en: 'an odd whole number', zh: '奇数' },
  'spec.number.positive': { en: 'a number above 0', zh: '大于 0 的数' },
  'spec.boolean': { en: 'true or false', zh: ' true 或 false' },
  'spec.choices': { en: 'one of {choices}', zh: '其中之一：{choices}' },
  'spec.choice': { en: "'{choice}'", zh: '“{choice}”' },
  'spec.pair': {
    en: 'a whole number from {from} to {to}, or two of them as [height, width]',
    zh: ' {from} 到 {to} 的整数，或两个这样的整数 [高、宽]',
  },
  'spec.padding': {
    en: "'valid', 'same', 'same-lower', a whole number from 0 to {to}, [height, width] or [top, left, bottom, right]",
    zh: '“valid”、“same”、“same-lower”、0 到 {to} 的整数、[高、宽] 或 [上、左、下、右]',
  },
  'spec.sides': {
    en: 'a whole number from 0 to {to}, or a list of {axes} (one for each spatial axis of the input) or {sides} (before each axis, then after each)',
    zh: '0 到 {to} 的整数，或 {axes} 个（输入的每个空间轴一个）或 {sides} 个（先为各轴之前，再为各轴之后）这样的整数',
  },
  'spec.list': {
    en: 'a list of whole numbers from {from} to {to}',
    zh: '由 {from} 到 {to} 的整数组成的列表',
  },
  'spec.distinct': { en: 'numbers that differ from each other', zh: '互不相同的数' },
  'spec.table': {
    en: 'a list of 1 to {rows} lists, for each kernel the channels that it reads',
    zh: '由 1 到 {rows} 个列表组成的列表，每个列表给出一个卷积核所读的通道',
  },
  'spec.table-row': {
    en: 'channels from 0 to {most} in ascending order, one or more',
    zh: '一个或多个 0 到 {most} 的通道号，按升序排列',
  },
  'spec.table-channels': {
    en: "channels from 0 to {most}: the input's",
    zh: ' 0 到 {most} 的通道号（输入的通道）',
  },
  'spec.crop': {
    en: 'less than the {size} {size|cell|cells} of the input along an axis',
    zh: '沿该轴小于输入的 {size} 个像素',
  },
  'spec.divisor-square': {
    en: 'a number whose square divides the {channels} channels of the input',
    zh: '平方能整除输入通道数 {channels} 的数',
  },
  'spec.output-padding': {
    en: 'less than the stride or the dilation along each axis',
    zh: '沿各轴小于步幅或膨胀率',
  },
  'spec.transposed': { en: 'padding that leaves at least one cell of the output', zh: '使输出至少剩一个像素的填充' },
  'spec.plane': { en: 'a feature map [height, width, channels]', zh: '特征图 [高、宽、通道数]' },
  'spec.per-axis': {
    en: 'a whole number from {from} to {to}, or a list of {axes}, one for each spatial axis of the input',
    zh: ' {from} 到 {to} 的整数，或 {axes} 个这样的整数（输入的每个空间轴一个）',
  },
  'spec.padding-axes': {
    en: "'valid', 'same', 'same-lower', a whole number from 0 to {to}, or a list of {axes} (one for each spatial axis of the input) or {sides} (before each axis, then after each)",
    zh: '“valid”、“same”、“same-lower”、0 到 {to} 的整数，或 {axes} 个（输入的每个空间轴一个）或 {sides} 个（先为各轴之前，再为各轴之后）这样的整数',
  },
  'spec.shape': {
    en: '[features] or [height, width, channels] (or one or three spatial sizes before the channels), at most one of them −1',
    zh: ' [特征数] 或 [高、宽、通道数]（通道数之前也可有一个或三个空间尺寸），其中至多一个为 −1',
  },
  'spec.known': { en: 'only the settings {known}', zh: '以下设置之一：{known}' },
  'spec.no-settings': { en: 'no settings', zh: '空（该层没有设置）' },

  // What layers expect of their inputs.
  'spec.equal-shapes': {
    en: 'shapes that are equal, or 1 where they differ; the inputs are {shapes}',
    zh: '相同的形状，或在不同之处为 1；各输入为 {shapes}',
  },
  'spec.flat-like-first': { en: 'flat features like the first input', zh: '与第一个输入一样的一维特征' },
  'spec.maps-like-first': {
    en: 'maps of {size} like the first input',
    zh: '与第一个输入一样的 {size} 特征图',
  },
  'spec.channel-axis': {
    en: "'channel': flat features have no rows and columns",
    zh: '“channel”：一维特征没有行与列',
  },
  'spec.no-rows': { en: "'channel' or 'width': a signal has no rows", zh: '“channel”或“width”：信号没有行' },
  'spec.slices': { en: 'slices', zh: '层' },
  'spec.rows': { en: 'rows', zh: '行' },
  'spec.columns': { en: 'columns', zh: '列' },
  'spec.window': {
    en: "a window of at most {most} {what} (the input's {input} and padding), not {spread}",
    zh: '至多 {most} {what}的窗口（输入的 {input} {what}加填充），而不是 {spread} {what}',
  },
  'spec.map': {
    en: 'a feature map [height, width, channels], not flat features',
    zh: '特征图 [高、宽、通道数]，而不是一维特征',
  },
  'spec.flat': {
    en: 'flat features [C]: put a flatten layer before it',
    zh: '一维特征 [C]：请在它之前加一个 flatten 层',
  },
  'spec.divisor-filters': { en: 'a divisor of the {filters} filters', zh: '卷积核数 {filters} 的约数' },
  'spec.divisor-channels': {
    en: "a divisor of the input's {channels} channels",
    zh: '输入通道数 {channels} 的约数',
  },
  'spec.slice-channels': {
    en: "no more than the input's {channels} channels, from number {first} on",
    zh: '从第 {first} 号起不超过输入的 {channels} 个通道',
  },
  'spec.less-padding': {
    en: "less padding on each side than the window's size {size}",
    zh: '每侧小于窗口大小 {size} 的填充',
  },
  'spec.reshape': {
    en: 'a shape of {size} numbers, as many as the input [{input}] has',
    zh: '共 {size} 个数值的形状，与输入 [{input}] 相同',
  },

  // What is asked of a network that it does not have.
  'view.channel': {
    en: 'layer {layer} has {channels} {channels|map|maps}, found channel {channel}',
    zh: '第 {layer} 层有 {channels} 个特征图，没有通道 {channel}',
  },
  'view.texts': { en: "'{name}' holds texts, which cannot be drawn", zh: '“{name}”存放的是文本，无法绘制' },
  'view.no-kernels': { en: "layer '{layer}' ({kind}) has no kernels", zh: '层“{layer}”（{kind}）没有卷积核' },
} as const satisfies Entries;
