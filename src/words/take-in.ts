import type { Entries } from './message';

/** What stands in the way of making a foreign network one of ours. */
export const takeInWords = {
  'take.cannot': {
    en: 'it cannot be taken in as a network of ours: {obstacles}',
    zh: '无法将其转换为自有网络：{obstacles}',
  },
  'take.more': { en: '{count} more {count|obstacle|obstacles}', zh: '另有 {count} 处障碍' },
  'take.node': { en: '{node}: {reason}', zh: '{node}：{reason}' },
  'take.operator': { en: 'no layer here computes {operator}', zh: '没有计算 {operator} 的层' },
  'take.constant-operator': {
    en: '{operator} of constants is not computed here',
    zh: '无法对常量计算 {operator}',
  },
  'take.layer': { en: 'no layer here computes {what}', zh: '没有计算{what}的层' },
  'take.difference': { en: 'the difference of two layers', zh: '两层之差' },
  'take.quotient': { en: 'a quotient with a layer below the line', zh: '以某层为除数的商' },
  'take.attribute': {
    en: "attribute '{name}': found {found}, expected {expected}",
    zh: '属性“{name}”：为 {found}，应为 {expected}',
  },
  'take.sizes': { en: 'a size for each axis', zh: '每个轴的大小' },
  'take.not-constant': {
    en: "'{value}' is computed by the network; a layer takes constants there",
    zh: '“{value}”由网络计算得出，而层在此处需要常量',
  },
  'take.constant': {
    en: "'{value}' is a constant, expected what a layer computes",
    zh: '“{value}”是常量，应为某层的输出',
  },
  'take.left-out': { en: 'input {input} is missing', zh: '缺少第 {input} 个输入' },
  'take.weights': { en: 'found {found} weights, expected {expected}', zh: '有 {found} 个权重，应为 {expected}' },
  'take.flat': {
    en: 'found {shape}, expected one list of features for each sample',
    zh: '形状为 {shape}，应为每个样本一列特征',
  },
  'take.map': {
    en: 'found {shape} in another order, expected the batch, then channels, then rows and columns',
    zh: '形状 {shape} 的顺序不同，应依次为批、通道、行和列',
  },
  'take.reshape': {
    en: 'from {from} to {to} numbers would change their order, or the batch its place',
    zh: '从 {from} 变为 {to} 会改变数值的顺序或批的位置',
  },
  'take.batch': { en: 'axis {axis} is the batch, or none at all', zh: '轴 {axis} 是批，或并不存在' },
  'take.broadcast': {
    en: 'a constant of {constant} does not fit {shape}',
    zh: '形状为 {constant} 的常量不适合 {shape}',
  },
  'take.per-channel': {
    en: 'a constant of {constant} differs from place to place, expected one number for each channel',
    zh: '形状为 {constant} 的常量因位置而异，应为每个通道一个数值',
  },
  'take.indices': {
    en: 'the places of the maxima are read, which no layer gives',
    zh: '需要最大值的位置，而没有层提供它',
  },
  'take.reduce': {
    en: 'along the axes {axes}, expected all of a map ({expected})',
    zh: '沿轴 {axes}，应为特征图的全部轴（{expected}）',
  },
  'take.all': { en: 'all', zh: '全部' },
  'take.pad-value': { en: 'fills with {value}, expected zeros', zh: '以 {value} 填充，应以零填充' },
  'take.pad-axis': {
    en: 'adds {before} and {after} along axis {axis}, expected rows and columns only',
    zh: '沿轴 {axis} 增加 {before} 与 {after}，应只沿行和列增加',
  },
  'take.slice-step': {
    en: 'takes every {step}th place along axis {axis}, expected each',
    zh: '沿轴 {axis} 每 {step} 个取一个，应逐个取出',
  },
  'take.slice-axis': {
    en: 'takes a part of the batch, or nothing at all, along axis {axis}',
    zh: '沿轴 {axis} 截取了批的一部分，或什么也没有截取',
  },
  'take.slice-order': {
    en: 'takes a part of features that lie in another order here',
    zh: '截取的特征在这里排列顺序不同',
  },
  'take.resize': {
    en: 'makes the axes {scales} times as large, expected whole numbers, and 1 for batch and channels',
    zh: '将各轴放大为 {scales} 倍，应为整数倍，且批与通道应为 1',
  },
  'take.resize-places': {
    en: "reads other places than a layer here does (mode '{mode}', coordinates '{way}')",
    zh: '读取的位置与此处的层不同（模式“{mode}”，坐标“{way}”）',
  },
  'take.layer-norm': {
    en: 'normalizes from axis {axis} on, expected the channels of each place, or all of a sample',
    zh: '从轴 {axis} 起标准化，应为每个位置的通道或整个样本',
  },
  'take.weight-left': { en: 'the constant matrix stands left, expected right', zh: '常量矩阵在左侧，应在右侧' },
  'take.matrix': { en: 'found weights of {shape}, expected one matrix', zh: '权重形状为 {shape}，应为一个矩阵' },
  'take.clip': { en: 'no layer here limits to {least} … {most}', zh: '没有将数值限制在 {least} … {most} 的层' },
  'take.training': { en: 'is in training mode', zh: '处于训练模式' },
  'take.softmax': { en: 'along axis {axis}, expected channels, rows or columns', zh: '沿轴 {axis}，应沿通道、行或列' },
  'take.concat': { en: 'along axis {axis}, expected channels', zh: '沿轴 {axis}，应沿通道' },
  'take.join': { en: 'shapes {shapes} in different orders', zh: '形状 {shapes} 的顺序不同' },
  'take.cast': { en: 'to whole numbers or truth values', zh: '转换为整数或布尔值' },
  'take.constant-size': {
    en: 'makes a constant of {shape}, expected at most {limit} numbers',
    zh: '产生形状为 {shape} 的常量，最多应有 {limit} 个数值',
  },
  'take.outputs': { en: 'it has several outputs ({outputs}), expected one', zh: '有多个输出（{outputs}），应只有一个' },
  'take.inputs': {
    en: 'its output depends on the inputs {inputs}, expected one',
    zh: '其输出依赖于输入 {inputs}，应只有一个',
  },
  'take.input': {
    en: "input '{name}': found {shape}, expected a batch and a picture, a signal, a volume or features",
    zh: '输入“{name}”：形状为 {shape}，应为一批图像、信号、体数据或特征',
  },
  'take.output-constant': { en: "its output '{output}' is a constant", zh: '其输出“{output}”是常量' },
  'take.output-order': {
    en: "the output '{output}' has its features in another order than any layer",
    zh: '输出“{output}”的特征顺序与任何层都不同',
  },
  'take.differs': {
    en: 'computed here, its output is {difference} of the largest value away from that of onnxruntime, expected at most {limit}',
    zh: '在此计算的输出与 onnxruntime 的结果相差最大值的 {difference}，最多应为 {limit}',
  },
  'take.bgr': {
    en: 'it takes blue before red, and something other than a convolution reads its input',
    zh: '其通道顺序为蓝绿红，且读取输入的不是卷积',
  },
  'take.scale-zero': { en: 'it multiplies its input by 0', zh: '它将输入乘以 0' },
  'take.own': { en: 'the network is made of layers of ours already', zh: '该网络已由自有的层构成' },
  'take.no-layers': { en: 'it computes nothing', zh: '它不计算任何内容' },
} as const satisfies Entries;
