import type { Entries } from './message';
import { settingWords } from './settings';

/** Training: settings, what a run says while it goes on, advice. */
export const trainWords = {
  ...settingWords,
  // What a setting may be.
  'train.setting': {
    en: '{setting}: found {found}, expected {expected}',
    zh: '{setting}：实际为 {found}，应为{expected}',
  },
  'train.range.whole': { en: 'a whole number from {from} to {to}', zh: ' {from} 到 {to} 的整数' },
  'train.range': { en: 'a number from {from} to {to}', zh: ' {from} 到 {to} 的数' },
  'train.range.above': { en: 'a number above {from}, at most {to}', zh: '大于 {from}、不超过 {to} 的数' },
  'train.range.below': { en: 'a number from {from}, below {to}', zh: '不小于 {from}、小于 {to} 的数' },
  'train.named': { en: "'{name}'", zh: '“{name}”' },
  'train.choices': { en: 'one of {choices}', zh: '其中之一：{choices}' },
  'train.choices.none': { en: 'nothing', zh: '空' },
  'train.number': { en: 'a number', zh: '数字' },
  'train.pairs': { en: 'name=value, each once', zh: '“名称=值”，每项一次' },
  'train.memory': {
    en: 'this network with {batch} {batch|picture|pictures} a batch does not fit into memory: {reason}',
    zh: '内存容不下每批 {batch} 张图像的此网络：{reason}',
  },

  // What a run says while it goes on.
  'train.parts': {
    en: '{classes} {classes|class|classes}; {train} {train|image|images} for training{expanded}, {validation} for validation{origin}, {test} for testing',
    zh: '{classes} 个类别：训练 {train} 张{expanded}，验证 {validation} 张{origin}，测试 {test} 张',
  },
  'train.parts.expanded': { en: ' (expanded to {count})', zh: '（扩充为 {count} 张）' },
  'train.parts.tenth': { en: ' (a tenth of the training split)', zh: '（取自训练集的十分之一）' },
  'train.parts.share': { en: ' ({share} % of the training split)', zh: '（取自训练集的 {share}%）' },
  'train.parts.each': { en: ' (one or more of each class)', zh: '（每类至少一张）' },
  'train.parts.few': {
    en: ' (too few pictures; the epoch with the lowest training loss is kept)',
    zh: '（图像太少，按训练损失选取权重）',
  },
  'train.parts.none': { en: ' (the epoch with the lowest training loss is kept)', zh: '（按训练损失选取权重）' },
  'train.alone': {
    en: 'one of {count} {count|image|images}, chosen at random, is left out of each epoch: otherwise the last batch would have one image only',
    zh: '每轮随机略去 {count} 张图像中的一张：否则最后一批只有这一张',
  },
  'train.batchnorm': {
    en: "layer '{layer}' makes all values equal in batches of one picture; use batches of 2 or more",
    zh: '每批只有一张图像时，层“{layer}”的所有输出都相同；批大小请取 2 或更大',
  },
  'train.checked': {
    en: 'checked: on {images} {images|picture|pictures} the gradients of both executors differ by at most {difference} of the largest ({param}){sums}',
    zh: '已核对：在 {images} 张图像上，两种执行器的梯度最多相差最大值的 {difference}（{param}）{sums}',
  },
  'train.checked-sums': {
    en: '; as a batch, {images} {images|picture has|pictures have} the sum of their gradients',
    zh: '；{images} 张图像成批的梯度等于各自梯度之和',
  },
  'train.checked-no-sums': {
    en: '; whether the gradients of a batch add up was not checked',
    zh: '；成批梯度的求和未核对',
  },
  'train.checked-partly': {
    en: 'partly checked: {whole} of {of} {of|layer|layers}, and some kernels of {sampled} more, on {images} {images|picture|pictures}; gradients differ from the reference executor by at most {difference} of the largest ({param}); the whole would take it too long{sums}',
    zh: '已部分核对：共 {of} 层，完整核对 {whole} 层，另有 {sampled} 层核对了部分卷积核，用 {images} 张图像；梯度与参考执行器最多相差最大值的 {difference}（{param}）；全部核对耗时过长{sums}',
  },
  'train.unchecked': {
    en: 'gradients not checked: memory does not suffice for a second executor beside the one that trains',
    zh: '未核对梯度：内存不足，无法在训练所用的执行器之外再开一个执行器',
  },
  'train.epoch': {
    en: 'epoch {epoch} of {epochs}: training {training}{validation}{best}',
    zh: '第 {epoch} / {epochs} 轮：训练{training}{validation}{best}',
  },
  'train.epoch.score': { en: 'loss {loss}, accuracy {accuracy} %', zh: '损失 {loss}，准确率 {accuracy}%' },
  'train.epoch.validation': { en: '; validation {score}', zh: '；验证{score}' },
  'train.epoch.best': { en: ' (best so far)', zh: '（目前最佳）' },
  'train.early': {
    en: 'stops after epoch {epoch}: the validation loss has not fallen for {count} {count|epoch|epochs}',
    zh: '第 {epoch} 轮后结束：验证损失已连续 {count} 轮没有下降',
  },
  'train.goesOn': {
    en: 'resumes after update {update} (epoch {epoch} of {epochs})',
    zh: '从第 {update} 次更新之后继续（第 {epoch} / {epochs} 轮）',
  },
  'train.goesOn.through': {
    en: 'resumes after update {update} (all epochs are done)',
    zh: '从第 {update} 次更新之后继续（各轮已全部完成）',
  },
  'train.anew': { en: 'has no checkpoint yet; it starts from the beginning', zh: '还没有检查点，从头开始' },
  'train.untouched': { en: "'{run}' is finished; it is left unchanged", zh: '“{run}”已完成，保持原样' },
  'train.beside': { en: 'run {member} of {members}: {name}', zh: '第 {member} / {members} 个网络：{name}' },
  'train.member': { en: 'run {member} of {members}', zh: '第 {member} / {members} 个网络' },

  // How a network was changed to fit the classes, and where its weights come from.
  'train.fit.units': {
    en: "dense layer '{layer}' has {units} {units|unit|units} instead of {before}, one per class",
    zh: '全连接层“{layer}”的神经元数由 {before} 改为 {units}，每类一个',
  },
  'train.fit.softmax': { en: 'a softmax is added as the last layer', zh: '末尾加上了 softmax 层' },
  'train.fit.twin': {
    en: 'dense layers of {units} {units|unit|units}: {parameters} parameters; the network itself has {others}',
    zh: '全连接层的神经元数为 {units}：共 {parameters} 个参数；原网络有 {others} 个',
  },
  'train.fit.output': {
    en: 'its output is [{output}], expected [{classes}] for {classes} classes',
    zh: '它的输出为 [{output}]，{classes} 个类别需要 [{classes}]',
  },
  'train.fit.noDense': {
    en: 'its output is [{output}], expected [{classes}] for {classes} classes (there is no dense layer that could be adapted)',
    zh: '它的输出为 [{output}]，{classes} 个类别需要 [{classes}]（没有可以随之调整的全连接层）',
  },
  'train.fit.channels': {
    en: 'takes {channels} {channels|channel|channels}, pictures have 1 (gray) or 3 (RGB)',
    zh: '需要 {channels} 个通道，而图像有 1 个（灰度）或 3 个（RGB）',
  },
  'train.fresh': {
    en: "new initial weights for {layers}: '{file}' has none of that size",
    zh: '{layers} 重新初始化：“{file}”没有这种大小的权重',
  },
  'train.fresh.all': {
    en: 'none of its weights matches a layer of this network by name and size',
    zh: '其中没有名称和大小与此网络的层相符的权重',
  },

  // Training that came to nothing, and what to try.
  'train.diverged.training': { en: 'the training loss became {value}', zh: '训练损失变为 {value}' },
  'train.diverged.validation': { en: 'the validation loss became {value}', zh: '验证损失变为 {value}' },
  'train.infinite': { en: 'infinite', zh: '无穷大' },
  'train.layer.loss': { en: 'none (the loss itself)', zh: '（无，是损失本身）' },
  'train.stuck.chance': {
    en: 'nothing learned yet: after epoch {epoch} the accuracy is {accuracy} %, guessing gives {chance} %; try {advice}',
    zh: '尚未学到东西：第 {epoch} 轮后准确率为 {accuracy}%，猜测就有 {chance}%；可以尝试{advice}',
  },
  'train.stuck.loss': {
    en: 'the loss is far too large: {loss} after epoch {epoch}, guessing gives {chance}; try {advice}',
    zh: '损失过大：第 {epoch} 轮后为 {loss}，猜测只有 {chance}；可以尝试{advice}',
  },
  'train.unstuck': {
    en: 'it learns now: after epoch {epoch} the loss is below that of guessing',
    zh: '现在开始学习了：第 {epoch} 轮后损失已低于猜测的损失',
  },
  'train.stuck.alike': {
    en: 'all {count} training pictures are identical, so the classes cannot be told apart; check the files and how they are read (the samples in the setup)',
    zh: '全部 {count} 张训练图像都相同，无从区分类别；请检查这些文件以及读入后的样子（见“设置”中的图像）',
  },
  'train.advice.smaller': { en: 'a learning rate ten times smaller ({rate})', zh: '把学习率降到十分之一（{rate}）' },
  'train.advice.larger': { en: 'a learning rate ten times larger ({rate})', zh: '把学习率提高到十倍（{rate}）' },
  'train.advice.clip': { en: 'clipped gradients ({norm})', zh: '梯度裁剪（{norm}）' },
  'train.advice.warmup': {
    en: 'warm-up ({epochs} {epochs|epoch|epochs})',
    zh: '预热（{epochs} 轮）',
  },
  'train.advice.standard': { en: 'inputs normalized to mean 0', zh: '把输入标准化为均值 0' },
  'train.advice.initializer': { en: "the initializer 'he'", zh: 'He 初始化' },
  'train.advice.labels': { en: "checking the classes' pictures and labels", zh: '检查各类别的图像与标签' },
} as const satisfies Entries;
