import type { Entries } from './message';

/** How a picture becomes the input of a foreign network, and why it is thought so. */
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
  'guess.told': {
    en: 'size, fit, color order and values are written in the file',
    zh: '尺寸、适配方式、颜色顺序与取值：文件自身注明',
  },
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
  'guess.cifar': {
    en: 'values 0 … 1, normalized by the means and standard deviations of CIFAR-10: usual for color pictures of 32 × 32 pixels in files of {producer}',
    zh: '取值 0 … 1，并按 CIFAR-10 的均值和标准差标准化：{producer} 文件对 32 × 32 彩色图像的惯例',
  },
  'guess.unit': {
    en: 'values 0 … 1: the file tells no more (written by {producer})',
    zh: '取值 0 … 1：文件中没有更多说明（由 {producer} 写出）',
  },
  'guess.kept': {
    en: "how a picture goes into '{file}' was chosen in the app and kept",
    zh: '图像如何输入“{file}”曾在应用中选定并保存',
  },
  'guess.kept-damaged': {
    en: 'what was kept for a network cannot be read ({reason}); delete the file to go on without',
    zh: '为网络保存的设置无法读取（{reason}）；删除该文件即可继续',
  },
  'labels.file-count': {
    en: 'found {found} names of classes, expected {classes}, one a line: as many as the network has outputs',
    zh: '找到 {found} 个类别名，应为 {classes} 个，每行一个：与网络的输出数相同',
  },
  'labels.own': {
    en: "not a picture; as a list of class names it is not needed, since the file of '{model}' names its classes",
    zh: '不是图像；也不需要用作类别名列表，因为“{model}”的文件中已写有类别名',
  },
  'labels.no-classes': {
    en: "not a picture; as a list of class names it has no use, since '{model}' has no classes",
    zh: '不是图像；也不能用作类别名列表，因为“{model}”没有类别',
  },
  'picture.own': {
    en: 'its file fixes how a picture goes in, which cannot be changed',
    zh: '其文件规定了图像如何输入，不能更改',
  },
  'guess.zeros': {
    en: "input '{name}' ({type} [{shape}]) takes no picture and is filled with zeros",
    zh: '输入“{name}”（{type} [{shape}]）不接受图像，以零填充',
  },
  'guess.no-inputs': {
    en: 'This network has no inputs: it computes by itself, and the picture goes nowhere.',
    zh: '此网络没有输入，自行计算，图像不会送入网络。',
  },
  'guess.no-picture': {
    en: 'No input of this network takes a picture: what is shown comes from inputs filled with zeros.',
    zh: '此网络没有接受图像的输入：所显示的结果来自以零填充的输入。',
  },
  'foreign.only-ours': {
    en: "only files that Convscope wrote can be checked: '{file}' was written by {producer}",
    zh: '只能校验由 Convscope 写出的文件：“{file}”由 {producer} 写出',
  },
  'foreign.empty': { en: 'it has neither inputs nor nodes', zh: '其中既没有输入，也没有节点' },
} as const satisfies Entries;
