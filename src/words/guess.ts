import type { Entries } from './message';

/** How a picture becomes the input of a network of others, and why it is thought so. */
export const guessWords = {
  'guess.shape': {
    en: "input '{name}' [{shape}]: a picture of {width} × {height} pixels, {layout}",
    zh: '输入“{name}”[{shape}]：{width} × {height} 像素的图像，{layout} 布局',
  },
  'guess.size-open': {
    en: 'the file leaves the size open: {width} × {height} is taken',
    zh: '文件未规定尺寸，取 {width} × {height}',
  },
  'guess.channels-open': {
    en: 'the file leaves the number of channels open: {channels} are taken',
    zh: '文件未规定通道数，取 {channels} 个',
  },
  'guess.metadata': { en: "the file's metadata has {key} = {value}", zh: '文件的元数据注明 {key} = {value}' },
  'guess.bytes': {
    en: 'the input is {type}: pixels go in as whole numbers',
    zh: '输入类型为 {type}：像素以整数输入',
  },
  'guess.inside-bytes': {
    en: "values 0 … 255: the network normalizes them itself ('{node}')",
    zh: '取值 0 … 255：网络自身会进行标准化（“{node}”）',
  },
  'guess.inside': {
    en: "values 0 … 1: the network normalizes them itself ('{node}')",
    zh: '取值 0 … 1：网络自身会进行标准化（“{node}”）',
  },
  'guess.yolo': {
    en: 'values 0 … 1: the metadata is of a YOLO detector by Ultralytics',
    zh: '取值 0 … 1：元数据表明这是 Ultralytics 的 YOLO 检测器',
  },
  'guess.caffe': {
    en: 'values 0 … 255, BGR, less the means of ImageNet: usual in files of {producer}',
    zh: '取值 0 … 255，BGR 顺序，减去 ImageNet 均值：{producer} 文件的惯例',
  },
  'guess.cntk': {
    en: 'values 0 … 255: usual in files of {producer}',
    zh: '取值 0 … 255：{producer} 文件的惯例',
  },
  'guess.keras': {
    en: 'values −1 … 1: usual for color pictures of this size in files of {producer}',
    zh: '取值 −1 … 1：{producer} 文件对此尺寸彩色图像的惯例',
  },
  'guess.imagenet': {
    en: 'values 0 … 1, normalized by the means and standard deviations of ImageNet: usual for color pictures of this size (written by {producer})',
    zh: '取值 0 … 1，并按 ImageNet 的均值和标准差标准化：此尺寸彩色图像的惯例（由 {producer} 写出）',
  },
  'guess.unit': {
    en: 'values 0 … 1: the file tells no more (written by {producer})',
    zh: '取值 0 … 1：文件中没有更多说明（由 {producer} 写出）',
  },
  'guess.zeros': {
    en: "input '{name}' ({type} [{shape}]) takes no picture and is filled with zeros",
    zh: '输入“{name}”（{type} [{shape}]）不接受图像，以零填充',
  },
  'guess.no-picture': {
    en: 'No input of this network takes a picture: what is shown comes from inputs filled with zeros.',
    zh: '此网络没有接受图像的输入：所显示的结果来自以零填充的输入。',
  },
  'foreign.only-ours': {
    en: "only files that Convscope wrote can be checked: '{file}' was written by {producer}",
    zh: '只能校验由 Convscope 写出的文件：“{file}”由 {producer} 写出',
  },
  'foreign.no-inputs': {
    en: 'the network has no inputs: there is nothing to look into',
    zh: '此网络没有输入，无可查看的内容',
  },
} as const satisfies Entries;
