import type { Entries } from './message';

/** What stands in the way of an export. */
export const exportWords = {
  'export.from-to': { en: '{from} to {to}', zh: '{from} 至 {to}' },
  'export.operator': {
    en: 'operator {operator} needs opset {needed}, found {found}: choose a newer one',
    zh: '算子 {operator} 需要算子集 {needed}，实际为 {found}，请选择更新的版本',
  },
  'export.no-picture': {
    en: 'the network takes no pictures (a signal or a volume): preprocessing cannot go inside the graph',
    zh: '网络的输入不是图像（而是信号或体数据），预处理不能放进计算图',
  },
  'export.no-pictures': {
    en: 'the network takes no pictures (a signal or a volume): no web page can be written for it; choose another format',
    zh: '网络的输入不是图像（而是信号或体数据），无法写出网页，请选择其他格式',
  },
  'export.softmax': {
    en: "layer '{layer}' ({kind}) is the output: a softmax can be neither added to it nor taken off",
    zh: '输出层“{layer}”为 {kind}，既不能在其后添加 softmax，也不能去掉',
  },
  'export.agrees': {
    en: 'onnxruntime agrees with the core on {images} {images|picture|pictures}: largest difference ÷ largest value {difference} ({tolerance} allowed), same class for {same} of {images}',
    zh: 'onnxruntime 与核心在 {images} 幅图像上一致：最大差 ÷ 最大值为 {difference}（允许 {tolerance}），其中 {same} 幅的类别相同',
  },
  'export.differs': {
    en: 'onnxruntime does not agree with the core on {images} {images|picture|pictures}: largest difference ÷ largest value {difference} ({tolerance} allowed), same class for {same} of {images}',
    zh: 'onnxruntime 与核心在 {images} 幅图像上不一致：最大差 ÷ 最大值为 {difference}（允许 {tolerance}），其中 {same} 幅的类别相同',
  },
  'export.int8-agrees': {
    en: 'in 8 bits onnxruntime predicts the same class as the core for {same} of {images} {images|picture|pictures}; largest difference ÷ largest value {difference}',
    zh: '8 位整数文件在 onnxruntime 中对 {images} 幅图像里的 {same} 幅给出与核心相同的类别；最大差 ÷ 最大值为 {difference}',
  },
  'export.int8-differs': {
    en: 'in 8 bits onnxruntime predicts the same class as the core for only {same} of {images} {images|picture|pictures}, fewer than nine in ten: keep float32 or float16',
    zh: '8 位整数文件在 onnxruntime 中只对 {images} 幅图像里的 {same} 幅给出与核心相同的类别，不足九成，请改用 float32 或 float16',
  },
  'export.accuracy': {
    en: 'accuracy {before} before, {after} in 8 bits, on {images} {images|picture|pictures}; calibrated on {calibrated} training {calibrated|picture|pictures}',
    zh: '在 {images} 幅图像上，量化前准确率为 {before}，8 位整数为 {after}；用 {calibrated} 幅训练图像校准',
  },
  'export.resized': {
    en: 'from the pictures in their own size, resized by the file: same class for {same} of {images}',
    zh: '由文件自身缩放原尺寸图像：{images} 幅中有 {same} 幅的类别相同',
  },
  'export.other-classes': {
    en: 'found the classes {found}, expected those of the network, {expected}: quantization needs pictures of what the network learned',
    zh: '类别为 {found}，应为网络的类别 {expected}：量化需要与网络训练时相同类别的图像',
  },
  'export.float16': {
    en: "tensor '{tensor}': found {value}, expected at most 65504 for float16",
    zh: '张量“{tensor}”：数值 {value} 超出 float16 的上限 65504',
  },
  'export.script': {
    en: "layer '{layer}': no {format} script can be written for {layerType} with these settings; choose another format",
    zh: '层“{layer}”：无法为这种设置的 {layerType} 写出 {format} 脚本，请选择其他格式',
  },
} as const satisfies Entries;
