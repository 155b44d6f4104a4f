import type { Term } from './term';

/** What a network learns from, and how. */
export const trainingTerms = {
  augmentation: {
    term: { en: 'augmentation', zh: '数据增强' },
    sentence: {
      en: 'Random changes of training pictures: shift, flip, rotate, crop.',
      zh: '对训练图像的随机变化：平移、翻转、旋转、裁剪。',
    },
  },
  'back-propagation': {
    term: { en: 'back-propagation', zh: '反向传播' },
    sentence: {
      en: 'The gradient of the loss, layer by layer from the last to the first.',
      zh: '从最后一层到第一层逐层求出损失的梯度。',
    },
  },
  batch: {
    term: { en: 'batch', zh: '批' },
    sentence: { en: 'The pictures of one update.', zh: '一次更新所用的图像。' },
  },
  checkpoint: {
    term: { en: 'checkpoint', zh: '检查点' },
    sentence: {
      en: 'All that a run needs to resume, written while it trains.',
      zh: '训练过程中写下的、恢复训练所需的一切。',
    },
  },
  'cross-entropy': {
    term: { en: 'cross-entropy', zh: '交叉熵' },
    sentence: {
      en: 'The loss of a classifier: −ln of the actual class’s probability.',
      zh: '分类器的损失：实际类别概率的负对数。',
    },
    formula: 'L = −ln p',
  },
  'data-set': {
    term: { en: 'data set', zh: '数据集' },
    sentence: { en: 'Labeled pictures, in splits.', zh: '带标签的图像，分为几个划分。' },
  },
  epoch: {
    term: { en: 'epoch', zh: '轮次' },
    sentence: { en: 'One pass over all training pictures.', zh: '把全部训练图像过一遍。' },
    shown: ['train'],
  },
  fit: {
    term: { en: 'fit', zh: '缩放方式' },
    sentence: {
      en: 'How a picture is brought to the input’s size: stretch, crop or letterbox.',
      zh: '把图像变为输入尺寸的方式：拉伸、裁剪或加边。',
    },
  },
  gradient: {
    term: { en: 'gradient', zh: '梯度' },
    sentence: { en: 'How the loss changes with each weight.', zh: '损失随每个权重变化的快慢。' },
    scene: 'backward',
  },
  'learning-rate': {
    term: { en: 'learning rate', zh: '学习率' },
    sentence: { en: 'How far one update moves the weights.', zh: '一次更新把权重移动多远。' },
    formula: 'w ← w − η · ∂L/∂w',
  },
  loss: {
    term: { en: 'loss', zh: '损失' },
    sentence: { en: 'What training makes small.', zh: '训练要减小的量。' },
    shown: ['train'],
  },
  normalization: {
    term: { en: 'normalization', zh: '标准化' },
    sentence: {
      en: 'Pixels minus their mean, divided by their standard deviation.',
      zh: '像素减去均值，再除以标准差。',
    },
    formula: '(x − μ) ÷ σ',
    shown: ['overview'],
  },
  optimizer: {
    term: { en: 'optimizer', zh: '优化器' },
    sentence: {
      en: 'The rule by which gradients move weights: SGD, momentum, Adam …',
      zh: '由梯度更新权重的规则：SGD、动量、Adam 等。',
    },
  },
  run: {
    term: { en: 'run', zh: '训练' },
    sentence: {
      en: 'One training: settings, curves, checkpoints, the best model.',
      zh: '一次训练：设置、曲线、检查点和最佳模型。',
    },
    shown: ['train'],
  },
  split: {
    term: { en: 'split', zh: '划分' },
    sentence: {
      en: 'The training, validation and test pictures of a data set.',
      zh: '数据集中的训练、验证和测试图像。',
    },
  },
  'standard-deviation': {
    term: { en: 'standard deviation', zh: '标准差' },
    sentence: { en: 'How far values lie from their mean.', zh: '各值偏离均值的程度。' },
    formula: 'σ = √(∑ (x − μ)² ÷ n)',
    shown: ['layer', 'overview'],
  },
  sets: {
    term: { en: 'training, validation, test set', zh: '训练集，验证集，测试集' },
    sentence: {
      en: 'What is learned from; what chooses the best epoch; what is reported.',
      zh: '依次用于学习、选出最佳轮次、报告结果。',
    },
  },
  update: {
    term: { en: 'update', zh: '更新' },
    sentence: { en: 'One step of the optimizer.', zh: '优化器走的一步。' },
  },
  'weight-decay': {
    term: { en: 'weight decay', zh: '权重衰减' },
    sentence: { en: 'Weights shrink a little with every update.', zh: '权重随每次更新略微缩小。' },
  },
} as const satisfies Record<string, Term>;
