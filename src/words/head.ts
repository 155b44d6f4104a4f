import type { Entries } from './message';

/** A head on a body: what a network must be for it, and what its training says. */
export const headWords = {
  'head.frozen': {
    en: "only the head is trained; '{body}' stays as it is, up to '{tensor}'",
    zh: '只训练分类头；“{body}”到“{tensor}”为止保持不变',
  },
  'head.external': {
    en: "tensor '{tensor}': its data lies in another file; a body is one file with all its weights",
    zh: '张量“{tensor}”：其数据在另一个文件中；主干网络须为包含全部权重的单个文件',
  },
  'head.opset': {
    en: 'its operator set is {found}, a head needs {expected} or newer',
    zh: '其算子集版本为 {found}，加分类头至少需要 {expected}',
  },
  'head.no-proposal': {
    en: 'it has no dense layer and no convolution with weights: name the tensor that the head is to read',
    zh: '它没有带权重的全连接层或卷积层，请指定分类头要读取的张量',
  },
  'head.inputs': {
    en: "tensor '{tensor}' is made of the inputs {inputs}; a body has one, the picture",
    zh: '张量“{tensor}”由输入 {inputs} 计算得出；主干网络只能有一个输入，即图像',
  },
  'head.no-picture': { en: "its input '{input}' takes no picture", zh: '其输入“{input}”不接受图像' },
  'head.type': {
    en: "tensor '{tensor}' is {type}, expected floating-point numbers",
    zh: '张量“{tensor}”的类型为 {type}，应为浮点数',
  },
  'head.rank': {
    en: "tensor '{tensor}' is [{shape}], expected a vector or maps for each picture: [N, F] or [N, C, H, W]",
    zh: '张量“{tensor}”的形状为 [{shape}]，每张图像应对应一个向量或特征图：[N, F] 或 [N, C, H, W]',
  },
  'head.batch': {
    en: "tensor '{tensor}' has not one row for each picture",
    zh: '张量“{tensor}”并非每张图像对应一行',
  },
  'head.features': {
    en: "{count} {count|picture|pictures} through '{body}' up to '{tensor}': {width} numbers each ({kept} kept from before)",
    zh: '{count} 张图像经过“{body}”至“{tensor}”，每张得到 {width} 个数（其中 {kept} 张沿用已保存的结果）',
  },
  'head.interval': {
    en: '{part}: {right} of {images} right, {accuracy} %; with so many pictures the true share lies between {low} % and {high} % (95 % Wilson interval)',
    zh: '{part}：{images} 张中有 {right} 张正确，即 {accuracy}%；按此图像数量，真实比例在 {low}% 到 {high}% 之间（95% Wilson 区间）',
  },
  'head.exported': {
    en: 'model.onnx holds body and head in one file; onnxruntime on the whole file agrees with the head on its features to {difference}',
    zh: 'model.onnx 在一个文件中包含主干网络和分类头；onnxruntime 对整个文件的结果与分类头在特征上的结果相差不超过 {difference}',
  },
  'head.differs': {
    en: 'the file of body and head gives other probabilities than the head on its features: the largest difference is {difference}, expected at most {limit}',
    zh: '主干网络与分类头合成的文件给出的概率与分类头在特征上的结果不同：最大差异为 {difference}，应不超过 {limit}',
  },
  'head.no-augmentation': {
    en: 'a head learns from what the network made of each picture once: pictures are not varied (augment, expand)',
    zh: '分类头使用主干网络对每张图像计算一次的结果，不能对图像做数据增强（augment、expand）',
  },
} as const satisfies Entries;
