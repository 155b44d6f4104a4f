import type { Entries } from './message';

/** The certificate that follows an export. */
export const certificateWords = {
  'certificate.title': { en: 'Certificate of {file}', zh: '{file} 的核对证书' },
  'certificate.passes': {
    en: 'Passed: the file computes the same in onnxruntime {version} as in Convscope.',
    zh: '通过：此文件在 onnxruntime {version} 中的计算结果与 Convscope 一致。',
  },
  'certificate.fails': {
    en: 'Failed: do not rely on this file before you know why.',
    zh: '未通过：查明原因之前请勿使用此文件。',
  },
  'certificate.layers-agree': {
    en: 'On {images} {images|picture|pictures} every layer agrees to {tolerance} of its largest value; the largest difference is {worst}, in layer {layer}.',
    zh: '在 {images} 张图像上，各层的差均不超过其最大值的 {tolerance}；最大的相对差为 {worst}，出现在层“{layer}”。',
  },
  'certificate.layers-differ': {
    en: 'On {images} {images|picture|pictures} {count} {count|layer differs|layers differ} by more than {tolerance} of the largest value; the first is {layer}.',
    zh: '在 {images} 张图像上，有 {count} 层的差超过其最大值的 {tolerance}，最靠前的是层“{layer}”。',
  },
  'certificate.top1': {
    en: 'The top class is the same for {percent} of the pictures.',
    zh: '{percent} 的图像的首选类别相同。',
  },
  'certificate.no-pictures': {
    en: 'Preprocessing was not compared: there was no picture to compare it on.',
    zh: '未比较预处理：没有可用于比较的图像。',
  },
  'certificate.compared': { en: 'What was compared', zh: '比较的内容' },
  'certificate.file': { en: 'File', zh: '文件' },
  'certificate.size': { en: 'Size', zh: '大小' },
  'certificate.bytes': { en: '{bytes} bytes', zh: '{bytes} 字节' },
  'certificate.input': { en: 'Input', zh: '输入' },
  'certificate.classes': { en: 'Classes', zh: '类别数' },
  'certificate.opset': { en: 'Operator set', zh: '算子集' },
  'certificate.made': { en: 'Checked', zh: '核对时间' },
  'certificate.by': { en: 'Checked by', zh: '核对程序' },
  'certificate.programs': {
    en: 'Convscope {convscope} and onnxruntime {onnxruntime}',
    zh: 'Convscope {convscope} 与 onnxruntime {onnxruntime}',
  },
  'certificate.per-layer': { en: 'Layer by layer', zh: '逐层结果' },
  'certificate.layer': { en: 'Layer', zh: '层' },
  'certificate.absolute': { en: 'Largest difference', zh: '最大差' },
  'certificate.relative': { en: '÷ largest value', zh: '÷ 最大值' },
  'certificate.how': {
    en: 'Both programs got the same pictures. A layer’s difference is the largest of two values at the same place, over all pictures; the relative one is that divided by the largest absolute value that onnxruntime gives for the layer. Preprocessing is compared after decoding, with pictures upright and not inverted.',
    zh: '两个程序使用相同的图像。每层的差是所有图像上同一位置两个数值之差的最大值；相对差再除以 onnxruntime 在该层给出的最大绝对值。预处理在解码之后比较，图像已转正且不反相。',
  },
} as const satisfies Entries;
