import type { Entries, Entry } from './message';

/**
 * The settings of a training, one table: the command line's options and help, the window's form, recipes, run folders, what a
 * resumed run may not change, messages and docs/training.md follow from it. It lies among the words because messages name
 * settings. What a setting does is in `src/core/train`.
 */
interface Described {
  /** In the window, and in Chinese messages. */
  label: Entry;
  help: Entry;
  /** Where the form has it; `main` is always to be seen. The form leaves out what has none. */
  group?: 'main' | 'rate' | 'fitting' | 'augment' | 'begin';
  /** It is a part of an option that is an object: its field `field`, of the schedule with the kind `kind` only. */
  part?: { option: 'schedule' | 'augment'; field: string; kind?: string };
  /** The optimizers that read it; all where left out. */
  optimizers?: readonly string[];
  /** The losses that read it. */
  losses?: readonly string[];
}

export interface NumberSetting extends Described {
  kind: 'number';
  default: number;
  /** Of some optimizers. */
  defaults?: Readonly<Record<string, number>>;
  from: number;
  to: number;
  whole?: true;
  /** The end of the range that itself is not allowed. */
  open?: 'above' | 'below';
  /** By which the arrow keys change it. */
  step: number | 'decades';
  unit?: Entry;
  /** What it counts, in the command line's help. */
  of: string;
  /** Of a part, what its name alone means: `--augment shift`. */
  bare?: number;
}

export interface ChoiceSetting extends Described {
  kind: 'choice';
  /** The first is the default. */
  choices: Entries;
  /** Other names that course notes have for a choice. */
  also?: Readonly<Record<string, string>>;
  bare?: string;
}

/** An option whose value is an object of parts. */
interface ObjectSetting extends Described {
  kind: 'object';
}

export type Setting = NumberSetting | ChoiceSetting | ObjectSetting;

const epochs = { en: 'epochs', zh: '轮' };
const off = { en: 'off', zh: '关闭' };
const adaptive = 0.001;

export const settings = {
  epochs: {
    kind: 'number',
    default: 10,
    from: 1,
    to: 100_000,
    whole: true,
    step: 1,
    of: 'n',
    group: 'main',
    label: { en: 'Epochs', zh: '轮次（epoch）' },
    help: {
      en: 'How many times the network goes through all training pictures.',
      zh: '网络把全部训练图像学习多少遍。',
    },
  },
  batch: {
    kind: 'number',
    default: 64,
    from: 1,
    to: 4096,
    whole: true,
    step: 16,
    of: 'n',
    unit: { en: 'pictures', zh: '张' },
    group: 'main',
    label: { en: 'Batch size', zh: '批大小' },
    help: {
      en: 'Pictures per update. Small batches make more and noisier steps, large ones fewer and smoother.',
      zh: '每次更新用多少张图像。批小则步数多、起伏大；批大则步数少、更平稳。',
    },
  },
  optimizer: {
    kind: 'choice',
    choices: {
      adam: { en: 'Adam', zh: 'Adam 自适应' },
      adamw: { en: 'AdamW', zh: 'AdamW 自适应' },
      sgd: { en: 'SGD', zh: 'SGD 随机梯度' },
      momentum: { en: 'SGD, momentum', zh: 'SGD + 动量' },
      nesterov: { en: 'SGD, Nesterov', zh: 'Nesterov 动量' },
      rmsprop: { en: 'RMSprop', zh: 'RMSprop 自适应' },
      adagrad: { en: 'Adagrad', zh: 'Adagrad 自适应' },
    },
    group: 'main',
    label: { en: 'Optimizer', zh: '优化器' },
    help: {
      en: 'How the gradient g becomes a step. SGD is the plain w ← w − η·g; Adam scales each weight’s step by its own gradients.',
      zh: '如何由梯度 g 得到一步。SGD 就是 w ← w − η·g；Adam 按各权重自己的梯度调整步长。',
    },
  },
  lr: {
    kind: 'number',
    default: 0.01,
    defaults: { adam: adaptive, adamw: adaptive, rmsprop: adaptive },
    from: 0,
    to: 1000,
    open: 'above',
    step: 'decades',
    of: 'rate',
    group: 'main',
    label: { en: 'Learning rate η', zh: '学习率 η' },
    help: {
      en: 'The size of a step. If it is too large, the loss jumps or diverges; if too small, it hardly moves. Try 2 to 5 times less. The default depends on the optimizer.',
      zh: '每一步的大小。太大则损失跳动甚至发散，太小则几乎不动；可试着缩小 2 至 5 倍。默认值随优化器而变。',
    },
  },
  schedule: {
    kind: 'choice',
    choices: {
      constant: { en: 'constant', zh: '恒定' },
      step: { en: 'step', zh: '阶梯衰减' },
      exponential: { en: 'exponential', zh: '指数衰减' },
      cosine: { en: 'cosine', zh: '余弦退火' },
    },
    group: 'rate',
    label: { en: 'Learning rate schedule', zh: '学习率调度' },
    help: { en: 'How η changes from epoch to epoch.', zh: 'η 如何逐轮变化。' },
  },
  every: {
    kind: 'number',
    part: { option: 'schedule', kind: 'step', field: 'every' },
    default: 5,
    from: 1,
    to: 100_000,
    whole: true,
    step: 1,
    of: 'epochs',
    unit: epochs,
    group: 'rate',
    label: { en: 'Interval', zh: '间隔' },
    help: { en: 'Epochs between two reductions.', zh: '每隔多少轮衰减一次。' },
  },
  stepFactor: {
    kind: 'number',
    part: { option: 'schedule', kind: 'step', field: 'factor' },
    default: 0.5,
    from: 0,
    to: 1,
    open: 'above',
    step: 0.1,
    of: 'share',
    group: 'rate',
    label: { en: 'Factor', zh: '系数' },
    help: { en: 'η is multiplied by this at each reduction.', zh: '每次衰减时 η 乘以它。' },
  },
  exponentialFactor: {
    kind: 'number',
    part: { option: 'schedule', kind: 'exponential', field: 'factor' },
    default: 0.9,
    from: 0,
    to: 1,
    open: 'above',
    step: 0.05,
    of: 'share',
    group: 'rate',
    label: { en: 'Factor', zh: '系数' },
    help: { en: 'η is multiplied by this after every epoch.', zh: '每轮之后 η 乘以它。' },
  },
  final: {
    kind: 'number',
    part: { option: 'schedule', kind: 'cosine', field: 'final' },
    default: 0,
    from: 0,
    to: 1,
    step: 0.01,
    of: 'share',
    group: 'rate',
    label: { en: 'Final fraction', zh: '最终比例' },
    help: { en: 'Fraction of η that is left in the last epoch.', zh: '最后一轮时 η 剩下的比例。' },
  },
  warmup: {
    kind: 'number',
    default: 0,
    from: 0,
    to: 100_000,
    step: 1,
    of: 'epochs',
    unit: epochs,
    group: 'rate',
    label: { en: 'Warm-up', zh: '预热' },
    help: {
      en: 'Epochs, a fraction too, in which η rises to its value. 0: no warm-up.',
      zh: '用多少轮（可带小数）把 η 升到设定值。0 表示立即。',
    },
  },
  momentum: {
    kind: 'number',
    optimizers: ['momentum', 'nesterov'],
    default: 0.9,
    from: 0,
    to: 1,
    open: 'below',
    step: 0.05,
    of: 'share',
    group: 'rate',
    label: { en: 'Momentum', zh: '动量' },
    help: {
      en: 'Fraction m of the last step that is kept: v ← m·v + g, w ← w − η·v.',
      zh: '保留上一步的比例 m：v ← m·v + g，w ← w − η·v。',
    },
  },
  clip: {
    kind: 'number',
    default: 0,
    from: 0,
    to: 1e9,
    step: 1,
    of: 'norm',
    group: 'rate',
    label: { en: 'Gradient limit', zh: '梯度范数上限' },
    help: {
      en: 'A gradient with a larger norm is scaled down to this, which tames single extreme steps. 0: no limit.',
      zh: '范数超过它的梯度会按比例缩小，避免个别过大的更新。0 表示不限。',
    },
  },
  loss: {
    kind: 'choice',
    choices: {
      'cross-entropy': { en: 'cross-entropy', zh: '交叉熵' },
      focal: { en: 'focal', zh: '焦点损失' },
      mse: { en: 'mean squared error', zh: '均方误差' },
      hinge: { en: 'multi-class hinge', zh: '多分类合页损失' },
    },
    group: 'fitting',
    label: { en: 'Loss', zh: '损失函数' },
    help: {
      en: 'What is minimized. Focal counts pictures that are answered well for less; the squared error is that of the probabilities; hinge wants each other class one below the right one.',
      zh: '要减小的量。焦点损失减轻已答对图像的分量；均方误差按概率计算；合页损失要求其他类别的得分都比正确类别低 1。',
    },
  },
  labelSmoothing: {
    kind: 'number',
    losses: ['cross-entropy'],
    default: 0,
    from: 0,
    to: 1,
    open: 'below',
    step: 0.05,
    of: 'share',
    group: 'fitting',
    label: { en: 'Label smoothing', zh: '标签平滑' },
    help: {
      en: 'Share of the target that is spread evenly over all classes, so that the network is not driven to certainty. 0: off; 0.1 is usual.',
      zh: '把目标概率的这一比例平均分给所有类别，使网络不过分自信。0 表示关闭，常用 0.1。',
    },
  },
  focalGamma: {
    kind: 'number',
    losses: ['focal'],
    default: 2,
    from: 0,
    to: 10,
    step: 0.5,
    of: 'power',
    group: 'fitting',
    label: { en: 'Focal γ', zh: '焦点损失的 γ' },
    help: {
      en: 'The loss is multiplied by (1 − p)^γ, p being the probability of the right class. 0: plain cross-entropy.',
      zh: '损失乘以 (1 − p)^γ，p 为正确类别的概率。0 即普通交叉熵。',
    },
  },
  classWeights: {
    kind: 'choice',
    choices: { none: off, balanced: { en: 'balanced', zh: '平衡' } },
    group: 'fitting',
    label: { en: 'Class weights', zh: '类别权重' },
    help: {
      en: 'Balanced: the loss of a picture counts for more the fewer training pictures its class has, so that every class counts the same.',
      zh: '平衡：类别的训练图像越少，其每张图像的损失分量越大，使各类别总分量相同。',
    },
  },
  weightDecay: {
    kind: 'number',
    default: 0,
    from: 0,
    to: 100,
    step: 'decades',
    of: 'share',
    group: 'fitting',
    label: { en: 'Weight decay λ', zh: '权重衰减 λ' },
    help: {
      en: 'L2 regularization: adds λ·w to the gradient of kernels and dense weights (AdamW: decoupled), which keeps them small. 0: off; the notes usually take 0.005.',
      zh: 'L2 正则化：卷积核与全连接权重的梯度加上 λ·w（AdamW 为解耦衰减），使权重保持较小。0 表示关闭；讲义常用 0.005。',
    },
  },
  patience: {
    kind: 'number',
    default: 0,
    from: 0,
    to: 100_000,
    whole: true,
    step: 1,
    of: 'epochs',
    unit: epochs,
    group: 'fitting',
    label: { en: 'Early stopping', zh: '提前停止' },
    help: {
      en: 'Stops after this many epochs without a lower validation loss; the best epoch’s weights are kept either way. 0: never.',
      zh: '验证损失连续多少轮没有降低就结束；无论如何都保留最好一轮的权重。0 表示从不。',
    },
  },
  validation: {
    kind: 'number',
    default: 0.1,
    from: 0,
    to: 0.5,
    step: 0.05,
    of: 'share',
    group: 'fitting',
    label: { en: 'Validation share', zh: '验证集比例' },
    help: {
      en: 'Share of the training split that is used for validation where the data has no validation split.',
      zh: '数据没有验证集时，从训练集中留出这一比例作验证。',
    },
  },
  augment: {
    kind: 'object',
    label: { en: 'Augmentation', zh: '数据增强' },
    help: { en: 'How training pictures are varied.', zh: '训练图像如何随机变化。' },
  },
  shift: {
    kind: 'number',
    part: { option: 'augment', field: 'shift' },
    default: 0,
    bare: 2,
    from: 0,
    to: 1000,
    whole: true,
    step: 1,
    of: 'pixels',
    unit: { en: 'pixels', zh: '像素' },
    group: 'augment',
    label: { en: 'Shift', zh: '平移' },
    help: {
      en: 'Shifted by up to this many whole pixels along each axis. 0: off.',
      zh: '沿两个方向最多移动多少个整像素。0 表示关闭。',
    },
  },
  rotate: {
    kind: 'number',
    part: { option: 'augment', field: 'rotate' },
    default: 0,
    bare: 10,
    from: 0,
    to: 180,
    step: 5,
    of: 'degrees',
    unit: { en: 'degrees', zh: '度' },
    group: 'augment',
    label: { en: 'Rotate', zh: '旋转' },
    help: {
      en: 'Rotated by up to this many degrees in either direction. 0: off.',
      zh: '左右最多转多少度。0 表示关闭。',
    },
  },
  scale: {
    kind: 'number',
    part: { option: 'augment', field: 'scale' },
    default: 0,
    bare: 0.1,
    from: 0,
    to: 0.9,
    step: 0.05,
    of: 'share',
    group: 'augment',
    label: { en: 'Scale', zh: '缩放' },
    help: { en: 'Enlarged or reduced by up to this fraction. 0: off.', zh: '最多放大或缩小这一比例。0 表示关闭。' },
  },
  crop: {
    kind: 'number',
    part: { option: 'augment', field: 'crop' },
    default: 0,
    bare: 0.2,
    from: 0,
    to: 0.9,
    step: 0.05,
    of: 'share',
    group: 'augment',
    label: { en: 'Crop', zh: '裁剪' },
    help: {
      en: 'Up to this fraction is cut off each side; the rest fills the picture. 0: off.',
      zh: '每边最多裁去这一比例，余下部分铺满画面。0 表示关闭。',
    },
  },
  brightness: {
    kind: 'number',
    part: { option: 'augment', field: 'brightness' },
    default: 0,
    bare: 0.2,
    from: 0,
    to: 1,
    step: 0.05,
    of: 'share',
    group: 'augment',
    label: { en: 'Brightness', zh: '亮度' },
    help: { en: 'Pixel values are multiplied by up to 1 ± this. 0: off.', zh: '像素值最多乘以 1 ± 该值。0 表示关闭。' },
  },
  contrast: {
    kind: 'number',
    part: { option: 'augment', field: 'contrast' },
    default: 0,
    bare: 0.2,
    from: 0,
    to: 1,
    step: 0.05,
    of: 'share',
    group: 'augment',
    label: { en: 'Contrast', zh: '对比度' },
    help: {
      en: 'Distances from the picture’s mean gray are multiplied by up to 1 ± this. 0: off.',
      zh: '像素值与图像平均灰度之差最多乘以 1 ± 该值。0 表示关闭。',
    },
  },
  saturation: {
    kind: 'number',
    part: { option: 'augment', field: 'saturation' },
    default: 0,
    bare: 0.2,
    from: 0,
    to: 1,
    step: 0.05,
    of: 'share',
    group: 'augment',
    label: { en: 'Saturation', zh: '饱和度' },
    help: {
      en: 'Distances from each pixel’s gray are multiplied by up to 1 ± this; of color pictures. 0: off.',
      zh: '各像素颜色与其灰度之差最多乘以 1 ± 该值；用于彩色图像。0 表示关闭。',
    },
  },
  hue: {
    kind: 'number',
    part: { option: 'augment', field: 'hue' },
    default: 0,
    bare: 20,
    from: 0,
    to: 180,
    step: 5,
    of: 'degrees',
    unit: { en: 'degrees', zh: '度' },
    group: 'augment',
    label: { en: 'Hue', zh: '色相' },
    help: {
      en: 'Colors are turned by up to this many degrees around gray in either direction; of color pictures. 0: off.',
      zh: '颜色绕灰色轴向两侧最多转多少度；用于彩色图像。0 表示关闭。',
    },
  },
  erase: {
    kind: 'number',
    part: { option: 'augment', field: 'erase' },
    default: 0,
    bare: 0.5,
    from: 0,
    to: 1,
    step: 0.1,
    of: 'share',
    group: 'augment',
    label: { en: 'Random erasing', zh: '随机擦除' },
    help: {
      en: 'The probability with which a rectangle, 2 to 33 % of the picture, is filled with noise. 0: off.',
      zh: '以此概率把图像中占 2% 至 33% 的一个矩形填成噪声。0 表示关闭。',
    },
  },
  mixup: {
    kind: 'number',
    part: { option: 'augment', field: 'mixup' },
    default: 0,
    bare: 0.2,
    from: 0,
    to: 10,
    step: 0.1,
    of: 'alpha',
    group: 'augment',
    label: { en: 'Mixup α', zh: 'Mixup 混合 α' },
    help: {
      en: 'Each picture is blended with another one and its class likewise, by a share drawn from Beta(α, α): a small α seldom mixes much. 0: off.',
      zh: '每张图像与另一张按比例叠加，类别也按同一比例混合；比例取自 Beta(α, α)，α 小则多数混合很少。0 表示关闭。',
    },
  },
  cutmix: {
    kind: 'number',
    part: { option: 'augment', field: 'cutmix' },
    default: 0,
    bare: 1,
    from: 0,
    to: 10,
    step: 0.1,
    of: 'alpha',
    group: 'augment',
    label: { en: 'Cutmix α', zh: 'Cutmix 拼接 α' },
    help: {
      en: 'A rectangle of another picture replaces that of each picture; the class counts by the areas, whose share is drawn from Beta(α, α). With mixup, one of both for each picture. 0: off.',
      zh: '每张图像的一个矩形换成另一张图像的，类别按面积计；面积比例取自 Beta(α, α)。同时使用 Mixup 时，每张图像取其一。0 表示关闭。',
    },
  },
  flip: {
    kind: 'choice',
    part: { option: 'augment', field: 'flip' },
    choices: {
      none: off,
      horizontal: { en: 'left and right', zh: '左右' },
      vertical: { en: 'up and down', zh: '上下' },
      both: { en: 'both', zh: '左右与上下' },
    },
    bare: 'horizontal',
    group: 'augment',
    label: { en: 'Flip', zh: '翻转' },
    help: {
      en: 'Mirrored with probability one half. Not for digits and letters: mirrored, they become another one or none.',
      zh: '有一半的机会被翻转。不适合数字和字母：翻转后就成了另一个字或不成字。',
    },
  },
  expand: {
    kind: 'choice',
    choices: { none: off, shifts: { en: 'one-pixel shifts', zh: '平移一像素' } },
    group: 'augment',
    label: { en: 'Expansion', zh: '扩充' },
    help: {
      en: 'Every picture is also shifted by one pixel up, down, left and right: five times the data, five times the time.',
      zh: '每张图像再上、下、左、右各平移一个像素：数据变为五倍，时间也是五倍。',
    },
  },
  normalize: {
    kind: 'choice',
    choices: {
      standard: { en: 'mean 0, standard deviation 1', zh: '均值 0、标准差 1' },
      unit: { en: '0 to 1', zh: '缩放到 0 … 1' },
    },
    group: 'begin',
    label: { en: 'Normalization', zh: '标准化' },
    help: {
      en: 'What the network receives: each channel with mean 0 and standard deviation 1 over the training split, or pixels ÷ 255.',
      zh: '网络得到的数值：按训练集使各通道均值为 0、标准差为 1，或像素 ÷ 255。',
    },
  },
  initializer: {
    kind: 'choice',
    choices: {
      he: { en: 'He (MSRA)', zh: 'He（MSRA）初始化' },
      glorot: { en: 'Glorot (Xavier)', zh: 'Glorot（Xavier）初始化' },
      normal: { en: 'normal', zh: '正态分布' },
      uniform: { en: 'uniform', zh: '均匀分布' },
      zeros: { en: 'zeros', zh: '全零' },
    },
    also: { msra: 'he', xavier: 'glorot' },
    group: 'begin',
    label: { en: 'Initial weights', zh: '初始权重' },
    help: {
      en: 'He suits ReLU; Glorot (Xavier) suits sigmoid and tanh. From zeros nothing is learned, which is worth seeing once.',
      zh: 'He 适合 ReLU，Glorot（Xavier）适合 sigmoid 和 tanh；全零什么也学不会，值得看一次。',
    },
  },
  seed: {
    kind: 'number',
    default: 1,
    from: 0,
    to: 2 ** 32 - 1,
    whole: true,
    step: 1,
    of: 'n',
    group: 'begin',
    label: { en: 'Seed', zh: '随机种子' },
    help: {
      en: 'Determines initial weights, order, dropout, augmentation and validation split. The same seed gives the same network, bit for bit.',
      zh: '决定初始权重、顺序、随机失活、数据增强与验证集的划分。种子相同，得到的网络逐位相同。',
    },
  },
  logEvery: {
    kind: 'number',
    default: 0,
    from: 0,
    to: 1_000_000,
    whole: true,
    step: 1,
    of: 'updates',
    label: { en: 'Lines of metrics', zh: '记录间隔' },
    help: {
      en: 'Updates between two lines of metrics; 0: ten lines an epoch, at least one every 50 updates.',
      zh: '两行指标之间的更新次数；0 表示每轮十行，且至少每 50 次更新一行。',
    },
  },
} as const satisfies Readonly<Record<string, Setting>>;

type Table = typeof settings;
export type SettingName = keyof Table;
type Where<T> = { [N in SettingName]: Table[N] extends T ? N : never }[SettingName];
export type NumberName = Where<{ kind: 'number' }>;
export type ChoiceName = Where<{ kind: 'choice' }>;
/** What the command line has a switch for: a setting that is no part of another. */
export type OptionName = Exclude<SettingName, Where<{ part: object }>>;
export type Choice<N extends ChoiceName> = Extract<keyof Table[N]['choices'], string>;

export const settingNames = Object.keys(settings) as SettingName[];
export const settingOf = (name: SettingName): Setting => settings[name];
export const isNumber = (name: SettingName): name is NumberName => settings[name].kind === 'number';
export const isChoice = (name: SettingName): name is ChoiceName => settings[name].kind === 'choice';
export const optionNames = settingNames.filter((name) => !settingOf(name).part) as OptionName[];
export const choicesOf = <N extends ChoiceName>(name: N): Choice<N>[] =>
  Object.keys(settings[name].choices) as Choice<N>[];

/** The default settings. @param optimizer that trains. */
export function usualNumber(name: NumberName, optimizer: string): number {
  const { default: usual, defaults }: NumberSetting = settings[name];
  return defaults && Object.hasOwn(defaults, optimizer) ? defaults[optimizer] : usual;
}

/** The parts of an option that is an object, of a schedule those of its kind. */
export const partsOf = (option: 'schedule' | 'augment', kind?: string): { name: SettingName; field: string }[] =>
  settingNames.flatMap((name) => {
    const { part } = settingOf(name);
    return part?.option === option && part.kind === kind ? [{ name, field: part.field }] : [];
  });

/** As on the command line: `weightDecay` is `weight-decay`. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** How messages name a setting: in English as the command line spells it. */
function nameOf(name: SettingName): Entry {
  const { label, part } = settingOf(name);
  if (!part) return { en: kebab(name), zh: label.zh };
  const { option, kind, field } = part;
  return { en: `${option} ${kind ? `${kind}:` : ''}${field}`, zh: `${settings[option].label.zh}的${label.zh}` };
}

/** `setting.epochs` and so on. */
export const settingWords = Object.fromEntries(settingNames.map((name) => [`setting.${name}`, nameOf(name)])) as {
  readonly [Name in SettingName as `setting.${Name}`]: Entry;
};
