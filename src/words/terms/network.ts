import type { Term } from './term';

/** What a network is made of, and how a picture goes through it. */
export const networkTerms = {
  activation: {
    term: { en: 'activation', zh: '激活值' },
    sentence: {
      en: 'A layer’s output for one picture; also the function that makes it.',
      zh: '某一层对一幅图像的输出；也指产生它的函数。',
    },
    shown: ['overview', 'layer'],
  },
  'batch-norm': {
    term: { en: 'batch norm', zh: '批标准化' },
    sentence: {
      en: 'Each channel is brought to mean 0 and variance 1 over the batch, then scaled and shifted.',
      zh: '每个通道先按批变为均值 0、方差 1，再缩放并平移。',
    },
    formula: 'y = γ · (x − μ) ÷ √(σ² + ε) + β',
  },
  bias: {
    term: { en: 'bias', zh: '偏置' },
    sentence: {
      en: 'A number that is added to every weighted sum of one map or unit.',
      zh: '加到同一特征图或神经元每个加权和上的一个数。',
    },
    shown: ['pixel', 'layer'],
    scene: 'channels',
  },
  channel: {
    term: { en: 'channel', zh: '通道' },
    sentence: {
      en: 'One map of a layer’s output, or one color of a picture.',
      zh: '一层输出中的一张特征图，或图像的一种颜色。',
    },
    shown: ['layer', 'overview'],
    scene: 'channels',
  },
  convolution: {
    term: { en: 'convolution', zh: '卷积' },
    sentence: {
      en: 'A kernel slides over a map; each output is the sum of products under it.',
      zh: '卷积核在特征图上滑动，每个输出是其下方各乘积之和。',
    },
    formula: 'y[i, j] = b + ∑ x[i·s + k, j·s + l] · w[k, l]',
    shown: ['pixel'],
    scene: 'sliding-window',
  },
  'dense-layer': {
    term: { en: 'dense layer', zh: '全连接层' },
    sentence: {
      en: 'Every output is a weighted sum of all inputs.',
      zh: '每个输出都是全部输入的加权和。',
    },
    formula: 'y = b + ∑ xᵢ · wᵢ',
  },
  'dense-twin': {
    term: { en: 'dense twin', zh: '等参数量全连接网络' },
    sentence: {
      en: 'A DNN of about as many parameters as a CNN.',
      zh: '参数量与某个 CNN 相近的 DNN。',
    },
  },
  dilation: {
    term: { en: 'dilation', zh: '膨胀率' },
    sentence: {
      en: 'The distance between a kernel’s neighboring cells on the map.',
      zh: '卷积核相邻元素在特征图上的间距。',
    },
    shown: ['pixel'],
    scene: 'sliding-window',
  },
  dropout: {
    term: { en: 'dropout', zh: '随机失活' },
    sentence: {
      en: 'In training each value is zero with some probability.',
      zh: '训练时每个值以一定概率变为零。',
    },
  },
  'feature-map': {
    term: { en: 'feature map', zh: '特征图' },
    sentence: {
      en: 'One channel of a layer’s output, as a picture.',
      zh: '一层输出的一个通道，画成图像。',
    },
    shown: ['layer', 'overview'],
    scene: 'sliding-window',
  },
  flatten: {
    term: { en: 'flatten', zh: '展平' },
    sentence: { en: 'A map written as one list of numbers.', zh: '把特征图写成一列数。' },
  },
  kernel: {
    term: { en: 'kernel, filter', zh: '卷积核' },
    sentence: { en: 'The weights of a convolution.', zh: '卷积的权重。' },
    shown: ['layer', 'pixel'],
    scene: 'sliding-window',
  },
  'multiply-adds': {
    term: { en: 'multiply-adds', zh: '乘加次数' },
    sentence: {
      en: 'Products that are summed for one picture.',
      zh: '处理一幅图像所累加的乘积个数。',
    },
    shown: ['overview', 'layer'],
  },
  padding: {
    term: { en: 'padding', zh: '填充' },
    sentence: { en: 'Cells around a map, of value 0.', zh: '特征图四周值为 0 的格子。' },
    shown: ['pixel'],
    scene: 'sliding-window',
  },
  parameter: {
    term: { en: 'parameter', zh: '参数' },
    sentence: { en: 'A number that a network learns or keeps.', zh: '网络学习或保存的一个数。' },
    shown: ['overview', 'layer'],
  },
  pooling: {
    term: { en: 'pooling', zh: '池化' },
    sentence: {
      en: 'A window becomes its largest value, or its mean.',
      zh: '一个窗口变成其中的最大值或平均值。',
    },
    shown: ['pixel'],
  },
  'receptive-field': {
    term: { en: 'receptive field', zh: '感受野' },
    sentence: {
      en: 'The pixels of the input that one output depends on.',
      zh: '一个输出所依赖的输入像素。',
    },
    shown: ['pixel'],
  },
  relu: {
    term: { en: 'ReLU', zh: 'ReLU' },
    sentence: {
      en: 'The activation function that keeps what is above zero and makes the rest zero.',
      zh: '保留正值、把其余变为零的激活函数。',
    },
    formula: 'y = max(0, x)',
  },
  spec: {
    term: { en: 'spec', zh: '网络描述' },
    sentence: { en: 'A network as JSON.', zh: '以 JSON 写成的网络。' },
  },
  stride: {
    term: { en: 'stride', zh: '步幅' },
    sentence: {
      en: 'How far the kernel moves from one output to the next.',
      zh: '从一个输出到下一个输出，卷积核移动的距离。',
    },
    shown: ['pixel'],
    scene: 'sliding-window',
  },
  unit: {
    term: { en: 'unit', zh: '神经元' },
    sentence: {
      en: 'One output of a layer: a pixel of a feature map, or a number of a dense layer.',
      zh: '一层的一个输出：特征图的一个像素，或全连接层的一个数。',
    },
    shown: ['pixel'],
  },
  weight: {
    term: { en: 'weight', zh: '权重' },
    sentence: {
      en: 'A learned number that an input is multiplied by.',
      zh: '学得的、与输入相乘的数。',
    },
    shown: ['pixel', 'layer'],
    scene: 'sliding-window',
  },
} as const satisfies Record<string, Term>;
