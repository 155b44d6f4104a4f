import type { Term } from './term';

/** What a network answers, and how good its answers are. */
export const answerTerms = {
  accuracy: {
    term: { en: 'accuracy', zh: '准确率' },
    sentence: {
      en: 'Share of pictures whose predicted class is the actual one.',
      zh: '预测类别与实际类别一致的图像所占比例。',
    },
    shown: ['train'],
  },
  actual: {
    term: { en: 'actual label', zh: '实际标签' },
    sentence: { en: 'The class that a picture belongs to.', zh: '图像所属的类别。' },
    shown: ['overview'],
  },
  class: {
    term: { en: 'class', zh: '类别' },
    sentence: { en: 'One of the answers that a network can give.', zh: '网络可能给出的答案之一。' },
    shown: ['overview'],
  },
  'confusion-matrix': {
    term: { en: 'confusion matrix', zh: '混淆矩阵' },
    sentence: {
      en: 'How many pictures of each actual class were predicted as each class.',
      zh: '每个实际类别的图像各有多少被预测为每个类别。',
    },
    shown: ['train', 'compare'],
  },
  label: {
    term: { en: 'label', zh: '标签' },
    sentence: { en: 'A class’s name.', zh: '类别的名称。' },
    shown: ['overview'],
  },
  logit: {
    term: { en: 'logit', zh: 'logit（未归一化得分）' },
    sentence: { en: 'An output before the softmax.', zh: 'softmax 之前的输出。' },
    shown: ['overview', 'pixel'],
  },
  precision: {
    term: { en: 'precision', zh: '精确率' },
    sentence: {
      en: 'Of the pictures predicted as a class, the share that belongs to it.',
      zh: '预测为某类别的图像中，确属该类别的比例。',
    },
    formula: 'TP ÷ (TP + FP)',
    shown: ['train', 'compare'],
  },
  predicted: {
    term: { en: 'predicted', zh: '预测' },
    sentence: { en: 'What the network answers.', zh: '网络给出的答案。' },
    shown: ['overview'],
  },
  recall: {
    term: { en: 'recall', zh: '召回率' },
    sentence: {
      en: 'Of a class’s pictures, the share that is predicted as that class.',
      zh: '某类别的图像中，被预测为该类别的比例。',
    },
    formula: 'TP ÷ (TP + FN)',
    shown: ['train', 'compare'],
  },
  softmax: {
    term: { en: 'softmax', zh: 'softmax' },
    sentence: { en: 'Logits as probabilities that sum to 1.', zh: '把 logit 变成总和为 1 的概率。' },
    formula: 'pᵢ = exp(zᵢ) ÷ ∑ exp(zₖ)',
    shown: ['overview'],
  },
} as const satisfies Record<string, Term>;
