import type { Entries } from './message';

/** ONNX files, their metadata, and what verifying them finds. */
export const modelWords = {
  // Weights of others for a classic network.
  'torchvision.unknown': {
    en: 'found {count} tensors ({names}, …), expected those of one of torchvision’s networks by name and shape: {known}',
    zh: '其中有 {count} 个张量（{names} 等），应为 torchvision 某个网络的全部权重（按名称和形状识别）：{known}',
  },

  // What a file is, as a whole.
  'onnx.empty': { en: 'the file is empty', zh: '文件为空' },
  'onnx.no-graph': { en: 'it holds no graph', zh: '其中没有计算图' },
  'onnx.no-ir-version': { en: 'it holds no IR version', zh: '其中没有 IR 版本号' },
  'onnx.size': { en: 'found {size} bytes, expected at most {limit}', zh: '大小为 {size} 字节，最多 {limit} 字节' },
  'onnx.foreign': { en: 'it was not written by Convscope', zh: '它不是由 Convscope 写出的' },
  'onnx.stripped': {
    en: "a program that left out the metadata '{key}'",
    zh: '未保留元数据“{key}”的程序',
  },
  'onnx.unnamed': { en: 'an unnamed program', zh: '一个未署名的程序' },
  'onnx.opset': { en: 'opset: found {found}, expected {expected}', zh: '算子集版本为 {found}，应为 {expected}' },
  'onnx.beyond': {
    en: 'it holds more than can be read ({reason})',
    zh: '其内容超出可以读取的范围（{reason}）',
  },
  'onnx.unread': { en: 'it cannot be read ({reason})', zh: '无法读取（{reason}）' },
  'onnx.the-file': { en: 'the file', zh: '文件' },
  'onnx.nothing': { en: 'nothing', zh: '无' },
  'onnx.deep': {
    en: '{place}: found graphs nested more than {limit} deep',
    zh: '{place}：计算图的嵌套超过 {limit} 层',
  },
  'onnx.entries': { en: '{place}: found more entries than any real model has', zh: '{place}：条目数超过任何真实模型' },

  // Damage.
  'onnx.damaged': { en: 'damaged or cut short at {place}: {reason}', zh: '在 {place} 处损坏或不完整：{reason}' },
  'onnx.field-zero': { en: 'field number 0', zh: '字段编号为 0' },
  'onnx.announced': { en: '{size} bytes announced, {left} left', zh: '声明 {size} 字节，只剩 {left} 字节' },
  'onnx.needed': { en: '{size} bytes expected, {left} left', zh: '需要 {size} 字节，只剩 {left} 字节' },
  'onnx.floats': {
    en: '{size} bytes are not a whole number of floats',
    zh: '{size} 字节不是整数个浮点数',
  },
  'onnx.ends': { en: 'the file ends within it', zh: '文件在此处中断' },
  'onnx.number': { en: 'a number of more bytes than any has', zh: '数值的字节数过多' },
  'onnx.wire': { en: 'wire type {found}, expected {expected}', zh: '编码类型为 {found}，应为 {expected}' },
  'onnx.wire-unknown': { en: 'wire type {found}, which ONNX does not use', zh: '编码类型 {found} 不为 ONNX 所用' },
  'onnx.twice': { en: 'found twice, expected once', zh: '出现两次，应只有一次' },

  // Metadata.
  'onnx.metadata': { en: "metadata '{key}': {reason}", zh: '元数据“{key}”：{reason}' },
  'onnx.metadata-missing': { en: 'found nothing, expected JSON', zh: '缺失，应为 JSON' },
  'onnx.metadata-twice': {
    en: 'metadata: found a key twice, expected each once',
    zh: '元数据有重复的键，每个键应只出现一次',
  },
  'onnx.metadata-long': {
    en: 'found {size} characters, expected at most {limit}',
    zh: '有 {size} 个字符，最多 {limit} 个',
  },
  'onnx.metadata-field': {
    en: "metadata '{key}', {field}: found {found}, expected {expected}",
    zh: '元数据“{key}”的 {field}：实际为 {found}，应为 {expected}',
  },
  'onnx.labels': { en: '{count} {count|label|labels}', zh: '{count} 个标签' },
  'onnx.labels-expected': { en: '{count}, one per class of the output', zh: '{count} 个，输出的每个类别一个' },
  'onnx.pixels': { en: '{height} × {width}', zh: '{height} × {width}' },
  'onnx.pixels-expected': { en: '{height} × {width} as in the spec', zh: '与网络结构一致的 {height} × {width}' },
  'onnx.height-and-width': { en: 'height and width', zh: '高与宽' },
  'onnx.expect-per-channel': {
    en: '{count} {count|number|numbers}, one per channel',
    zh: '{count} 个数值，每个通道一个',
  },
  'onnx.expect-grounds': {
    en: "counts 'dark', 'light' and 'all'",
    zh: '数目“dark”“light”和“all”',
  },
  'onnx.expect-examples': {
    en: '{count} bytes for each example, in hexadecimal',
    zh: '每个样例 {count} 个字节，十六进制',
  },
  'onnx.expect-per-channel-not-zero': {
    en: '{count} {count|number|numbers} other than 0, one per channel',
    zh: '{count} 个不为 0 的数值，每个通道一个',
  },

  // JSON, in a model's metadata and in files.
  'json.none': { en: 'is not JSON', zh: '不是 JSON' },
  'json.none-at': { en: 'is not JSON (line {line}, column {column})', zh: '不是 JSON（第 {line} 行第 {column} 列）' },
  'json.deep': {
    en: 'nests lists and objects more than {limit} deep',
    zh: '列表与对象的嵌套超过 {limit} 层',
  },
  'json.encoding': { en: 'is not UTF-8 text', zh: '不是 UTF-8 文本' },

  // Tensors and the graph.
  'onnx.tensor': {
    en: "tensor '{name}': found {found}, expected {expected}",
    zh: '张量“{name}”：实际为 {found}，应为 {expected}',
  },
  'onnx.tensor-size': {
    en: "tensor '{name}': found shape [{dims}], expected at most {limit} values",
    zh: '张量“{name}”：形状为 [{dims}]，至多 {limit} 个数值',
  },
  'onnx.tensor-unknown': {
    en: "tensor '{name}': found {type}, which ONNX does not know",
    zh: '张量“{name}”：类型为 {type}，不是 ONNX 的类型',
  },
  'onnx.values': { en: '{count} {count|value|values}', zh: '{count} 个数值' },
  'onnx.values-for': { en: '{count} for shape [{dims}]', zh: '形状 [{dims}] 所需的 {count} 个' },
  'onnx.tensor-values': {
    en: "tensor '{name}': found other values than the spec's layers write",
    zh: '张量“{name}”的数值与网络结构所写的不同',
  },
  'onnx.floats-expected': { en: '{count} float32 {count|value|values}', zh: '{count} 个 float32 数值' },
  'onnx.no-raw': { en: 'no raw data', zh: '没有原始数据' },
  'onnx.raw-expected': { en: '{size} bytes of it', zh: '{size} 字节' },
  'onnx.shape': { en: 'shape [{dims}]', zh: '形状 [{dims}]' },
  'onnx.values-expected': { en: '{count} {count|value|values} as in the spec', zh: '与网络结构一致的 {count} 个数值' },
  'onnx.bytes': { en: '{size} bytes', zh: '{size} 字节' },
  'onnx.bytes-expected': { en: '{size} for shape [{dims}]', zh: '形状 [{dims}] 所需的 {size} 字节' },
  'onnx.initializer-twice': {
    en: 'initializers: found a name twice, expected each once',
    zh: '初始值张量有重名，每个名称应只出现一次',
  },
  'onnx.feature-maps': {
    en: "layer '{name}': found feature maps of {size} values up to here, expected at most {limit}",
    zh: '到层“{name}”为止特征图共 {size} 个数值，最多 {limit} 个',
  },
  'onnx.differs': {
    en: '{place}: found {found}, expected {expected}',
    zh: '{place}：实际为 {found}，应为 {expected}',
  },
  'onnx.inputs': { en: 'inputs', zh: '输入' },
  'onnx.first-output': { en: 'first output', zh: '第一个输出' },
  'onnx.value': { en: "value '{name}'", zh: '值“{name}”' },
  'onnx.node-count': { en: 'number of nodes', zh: '节点数' },
  'onnx.node-part': { en: "node '{name}', {part}", zh: '节点“{name}”的 {part}' },
  'onnx.node': { en: "node '{name}'", zh: '节点“{name}”' },
  'onnx.initializer-count': { en: 'number of initializers', zh: '初始值张量数' },
  'onnx.initializer': { en: 'initializer {index}', zh: '初始值张量 {index}' },
  'onnx.tensor-shape': { en: "tensor '{name}', shape", zh: '张量“{name}”的形状' },
  'onnx.tensor-type': { en: "tensor '{name}', type", zh: '张量“{name}”的类型' },

  // What verifying finds.
  'verify.refused': {
    en: 'onnxruntime refuses the file ({reason})',
    zh: 'onnxruntime 拒绝此文件（{reason}）',
  },
  'model.altered': {
    en: "'{file}' was altered since Convscope wrote it: {parts}. It may compute something else, and its record of the training may no longer hold; 'convscope verify' names every difference",
    zh: '“{file}”在 Convscope 写出后被改动：{parts}。其输出以及所记录的训练信息可能已不再成立；可用 convscope verify 全面检查',
  },
  'verify.altered': {
    en: 'Altered since it was written: {parts}.',
    zh: '写出后被改动：{parts}。',
  },
  'verify.refused-altered': {
    en: '{reason}; by its digests, altered since it was written: {parts}',
    zh: '{reason}；据其摘要，写出后被改动：{parts}',
  },
  'verify.unaltered': {
    en: 'Weights, labels, preprocessing, all other metadata of Convscope and every other field are unchanged since the file was written.',
    zh: '权重、标签、预处理、Convscope 的其他元数据以及文件的其余各字段均与写出时一致。',
  },
  'verify.no-digests': {
    en: 'The file carries no digests (an older version wrote it, or they were removed): whether weights or metadata were altered cannot be told.',
    zh: '文件不含摘要（由旧版本写出，或已被删除），无法判断权重和元数据是否被改动。',
  },
  'verify.not-finite': {
    en: 'NaN or infinity in: {tensors}.',
    zh: '含有 NaN 或无穷大：{tensors}。',
  },
  'verify.pixels': {
    en: 'Preprocessing agrees with the same written as an ONNX graph: from pixels in the network’s size, {count} {count|picture differs|pictures differ} by at most {difference} of 255 levels.',
    zh: '预处理与写成 ONNX 计算图的同一步骤一致：从网络尺寸的像素出发，{count} 张图像至多相差 {difference} 级（共 255 级）。',
  },
  'verify.pixels-differ': {
    en: 'Preprocessing differs from the same written as an ONNX graph: {count} {count|picture in the network’s size differs|pictures in the network’s size differ} by up to {difference} of 255 levels.',
    zh: '预处理与写成 ONNX 计算图的同一步骤不一致：{count} 张网络尺寸的图像相差多达 {difference} 级（共 255 级）。',
  },
  'verify.reduced': {
    en: 'Reduced by ONNX’s {graphFilter} resampling instead of libvips’s {filter}, {count} {count|picture differs|pictures differ} by at most {difference} levels on average ({tolerance} allowed); {same} of {count} get the same class.',
    zh: '用 ONNX 的 {graphFilter} 重采样代替 libvips 的 {filter} 缩小时，{count} 张图像平均至多相差 {difference} 级（允许 {tolerance}）；其中 {same} 张的预测类别相同。',
  },
  'verify.reduced-differ': {
    en: 'Reduced by ONNX’s {graphFilter} resampling instead of libvips’s {filter}, {count} {count|picture differs|pictures differ} by up to {difference} levels on average, more than the {tolerance} allowed; {same} of {count} get the same class.',
    zh: '用 ONNX 的 {graphFilter} 重采样代替 libvips 的 {filter} 缩小时，{count} 张图像平均相差多达 {difference} 级，超过允许的 {tolerance}；其中 {same} 张的预测类别相同。',
  },
  'verify.enlarged': {
    en: '{count} {count|picture is|pictures are} smaller than the network’s size. Enlarging is not compared: libvips and ONNX place enlarged pixels differently.',
    zh: '{count} 张图像小于网络的尺寸。放大步骤不作比较：libvips 与 ONNX 放大时像素位置不同。',
  },
  'verify.no-picture': { en: 'holds no picture that can be read', zh: '没有可以读取的图像' },
  'verify.gradients-not-finite': {
    en: 'its gradients are not finite numbers: there is nothing to compare',
    zh: '其梯度不是有限数值，无法比较',
  },
  'verify.gradients-none': { en: 'it has no trainable weights', zh: '没有可训练的权重' },
  'verify.part-changed': { en: '{name}', zh: '{name}' },
  'verify.part-missing': { en: '{name} (missing)', zh: '{name}（缺失）' },
  'verify.part-added': { en: '{name} (added)', zh: '{name}（多出）' },

  // Files of runs.
  'model.no-record': { en: 'has no record that can be read', zh: '没有可以读取的训练记录' },
} as const satisfies Entries;
