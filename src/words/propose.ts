import type { Entries } from './message';

/** What is proposed for a data set, and why. */
export const proposeWords = {
  'propose.known': {
    en: 'The network was made for this data, and the default settings suit it.',
    zh: '此网络正是为这些数据设计的，默认设置适合它。',
  },
  'propose.size': {
    en: 'Input {side} × {side}: the pictures are about {width} × {height}; more detail would take much longer and help a small network little.',
    zh: '输入 {side} × {side}：图像约为 {width} × {height}；更细则耗时大增，对小网络帮助不大。',
  },
  'propose.color': {
    en: 'In color: the pictures have colors.',
    zh: '彩色输入：图像有颜色。',
  },
  'propose.gray': {
    en: 'In gray: the pictures have no colors, and one channel takes less time than three.',
    zh: '灰度输入：图像没有颜色，一个通道比三个省时。',
  },
  'propose.network': {
    en: 'A small CNN with batch normalization that ends in the mean of each map: few weights, so that few pictures can train it, at {side} × {side} as at any size.',
    zh: '带批标准化的小型 CNN，以各特征图的均值结尾：权重少，少量图像即可训练，{side} × {side} 及其他尺寸都可用。',
  },
  'propose.batch': {
    en: 'Batches of {batch}: with {count} training {count|picture|pictures}, larger ones would make too few updates.',
    zh: '批大小 {batch}：训练图像有 {count} 张，批再大则更新次数太少。',
  },
  'propose.epochs': {
    en: '{epochs} {epochs|epoch|epochs}: {updates} {updates|update|updates}; from random weights a network needs several hundred at least.',
    zh: '{epochs} 轮：共 {updates} 次更新；从随机权重开始，至少需要几百次。',
  },
  'propose.augment.photo': {
    en: 'Mirrored at random and shifted by up to {shift} {shift|pixel|pixels}: what a photo shows stays the same, and the network cannot learn the pictures by heart as easily.',
    zh: '随机左右翻转，并最多平移 {shift} 像素：照片的内容不变，网络也就不易死记图像。',
  },
  'propose.augment.drawing': {
    en: 'Shifted by up to {shift} {shift|pixel|pixels}, not mirrored: a mirrored digit or letter is another one or none.',
    zh: '最多平移 {shift} 像素，不翻转：数字和字母翻转后就成了另一个字或不成字。',
  },
  'propose.patience': {
    en: 'Stops early once the validation loss has not fallen for {patience} {patience|epoch|epochs}; the best epoch is kept.',
    zh: '验证损失连续 {patience} 轮没有下降就提前停止；保留最好一轮。',
  },
  'propose.validation': {
    en: '{share} % of the pictures are kept for validation: of so few, a smaller share would tell little.',
    zh: '留出 {share}% 的图像作验证：图像很少时，再少就说明不了什么。',
  },
  'propose.few': {
    en: '{count} {count|picture|pictures}, about {each} of each class, are too few for a network that starts from random weights: expect little more than guessing. A pretrained network needs far fewer; with more pictures of each class, 100 or more, this one works too.',
    zh: '共 {count} 张图像，每类约 {each} 张，对从随机权重开始的网络来说太少：结果大概比猜测好不了多少。预训练网络需要的图像少得多；若每类有 100 张以上，这个网络也可用。',
  },
  'propose.head': {
    en: '{count} {count|picture|pictures}, about {each} of each class, are too few for a network that starts from random weights. They are often enough for a new head on a network that has learned from a million photos.',
    zh: '共 {count} 张图像，每类约 {each} 张，对从随机权重开始的网络来说太少；但在用上百万张照片训练过的网络上训练新的分类头，往往就够。',
  },
  'propose.head.frozen': {
    en: 'The pretrained body stays as it is: each picture goes through it once, and only the head is trained on what comes out.',
    zh: '预训练主干保持不变：每张图像只经过它一次，只用其输出训练分类头。',
  },
  'propose.head.settings': {
    en: 'Many short epochs with a small penalty on the weights: a linear head takes seconds, and the penalty keeps it from memorizing single pictures.',
    zh: '轮次多而短，并对权重施加小的惩罚：线性分类头只需几秒，惩罚使它不会记住个别图像。',
  },
  'propose.title': {
    en: 'no network was named: network and settings are proposed, by the number, size and colors of the pictures',
    zh: '未指定网络：按图像的数量、尺寸和颜色建议网络与设置',
  },
} as const satisfies Entries;
