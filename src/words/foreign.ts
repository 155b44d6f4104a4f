import type { Entries } from './message';

/** Foreign networks: their graphs, and what onnxruntime says of them. */
export const foreignWords = {
  'foreign.node': { en: "node '{name}' ({operator})", zh: '节点“{name}”（{operator}）' },
  'foreign.made-twice': {
    en: "{node} makes '{value}', which is there already: each value is made once",
    zh: '{node} 产生的“{value}”已经存在，每个值只能产生一次',
  },
  'foreign.nobody': {
    en: "{node} reads '{value}', which no node makes and no input or weight is called",
    zh: '{node} 读取“{value}”，但没有节点产生它，也没有同名的输入或权重',
  },
  'foreign.no-output': {
    en: "the output '{value}' is made by no node",
    zh: '没有节点产生输出“{value}”',
  },
  'foreign.circle': {
    en: '{node} depends on its own result: the graph has a circle',
    zh: '{node} 依赖于自身的结果，计算图中存在环',
  },

  // Data in other files.
  'foreign.external-where': {
    en: "tensor '{tensor}': where its data lies ('{path}') makes no sense",
    zh: '张量“{tensor}”：其数据的位置（“{path}”）无效',
  },
  'foreign.external-outside': {
    en: "tensor '{tensor}': its data would lie at '{path}', outside the model's folder: it is not read",
    zh: '张量“{tensor}”：其数据位于模型文件夹之外（“{path}”），因此不读取',
  },
  'foreign.external-missing': {
    en: "tensor '{tensor}': its data is missing (expected the file '{path}' beside the model)",
    zh: '张量“{tensor}”：缺少数据（模型旁应有文件“{path}”）',
  },
  'foreign.external-folder': {
    en: "tensor '{tensor}': its data lies in another file, '{path}'; open the model together with it",
    zh: '张量“{tensor}”：其数据在另一个文件“{path}”中，请与模型一起打开',
  },
  'foreign.external-short': {
    en: "tensor '{tensor}': '{path}' has {size} bytes, expected at least {needed}",
    zh: '张量“{tensor}”：“{path}”只有 {size} 字节，至少应有 {needed} 字节',
  },

  // What onnxruntime refuses.
  'foreign.operator-custom': {
    en: '{node} is a custom operator, which onnxruntime does not know: the network cannot be computed',
    zh: '{node} 是 onnxruntime 不认识的自定义算子，无法计算此网络',
  },
  'foreign.operator-unknown': {
    en: '{node}: onnxruntime does not know this operator in this version of the operator set',
    zh: '{node}：onnxruntime 不认识这一算子集版本中的此算子',
  },
  'foreign.operator-type': {
    en: '{node}: onnxruntime cannot compute this operator for these element types',
    zh: '{node}：onnxruntime 无法对这些元素类型计算此算子',
  },
  'foreign.node-invalid': { en: '{node} is not as ONNX wants it: {text}', zh: '{node} 不符合 ONNX 规范：{text}' },
  'foreign.node-failed': { en: '{node} failed: {text}', zh: '{node} 计算失败：{text}' },
  'foreign.node-memory': {
    en: '{node} asks for more memory than there is',
    zh: '{node} 需要的内存超过可用的内存',
  },
  'foreign.memory-refused': { en: 'there is not enough memory', zh: '内存不足' },
  'foreign.refused': { en: 'onnxruntime refuses it: {text}', zh: 'onnxruntime 拒绝：{text}' },
  'foreign.memory': {
    en: 'it takes more than the {limit} MiB of memory that it may take, and was stopped',
    zh: '占用的内存超过允许的 {limit} MiB，已停止',
  },
  'foreign.memory-setting': {
    en: 'the environment variable CONVSCOPE_MEMORY: found {given}, expected a number of MiB above 0',
    zh: '环境变量 CONVSCOPE_MEMORY 的值为 {given}，应为大于 0 的 MiB 数',
  },
  'foreign.time': {
    en: 'it took longer than {seconds} s and was stopped: a loop may never end',
    zh: '运行超过 {seconds} 秒，已停止：可能存在无法结束的循环',
  },
  'foreign.fault': {
    en: 'it ended the process that computed it (a fault of onnxruntime)',
    zh: '它使计算进程意外结束（onnxruntime 的故障）',
  },

  'foreign.opening': { en: 'onnxruntime is still opening the network', zh: 'onnxruntime 仍在打开此网络' },

  // Execution providers.
  'provider.fails': {
    en: '{provider} cannot compute it here, the CPU does instead: {reason}',
    zh: '{provider} 在此无法计算，改由 CPU 计算：{reason}',
  },
  'provider.differs': {
    en: "{provider} gives other numbers than the CPU, first at {node}: value '{value}' is off by {difference} of its largest number, where rounding explains {rounding}. The CPU's numbers are used",
    zh: '{provider} 的结果与 CPU 不同，最先出现在 {node}：值“{value}”的偏差为其最大值的 {difference}，而舍入误差至多为 {rounding}。因此采用 CPU 的结果',
  },
  'settings.damaged': {
    en: 'the settings of the app cannot be read ({reason}); set them again in the window, or delete the file',
    zh: '应用的设置无法读取（{reason}）；请在窗口中重新设置，或删除该文件',
  },

  // What is given to a run, and asked of it.
  'foreign.input-holds': {
    en: "input '{name}' is a {holds}, expected a tensor",
    zh: '输入“{name}”的类型为 {holds}，应为张量',
  },
  'foreign.input-type': {
    en: "input '{name}' is {type}, which cannot be handed to onnxruntime from here",
    zh: '输入“{name}”的类型为 {type}，无法从此处传给 onnxruntime',
  },
  'foreign.input-missing': { en: "input '{name}' is not given", zh: '未提供输入“{name}”' },
  'foreign.input-unknown': {
    en: "there is no input '{name}' (there are {known})",
    zh: '没有输入“{name}”（可用：{known}）',
  },
  'foreign.typed-shape': { en: '{type} [{dims}]', zh: '{type} [{dims}]' },
  'foreign.input-differs': {
    en: "input '{name}': found {found}, expected {expected}",
    zh: '输入“{name}”：实际为 {found}，应为 {expected}',
  },
  'foreign.symbol': {
    en: "input '{name}': the dimension '{symbol}' is {sizes} at once, expected the same everywhere",
    zh: '输入“{name}”：维度“{symbol}”同时为 {sizes}，应处处相同',
  },
  'foreign.tensor-unknown': { en: "there is no tensor '{name}'", zh: '没有张量“{name}”' },
  'foreign.tensor-unavailable': { en: "tensor '{name}': {reason}", zh: '张量“{name}”：{reason}' },
  'foreign.tensor-large': {
    en: "tensor '{name}' would take {size} MiB, the limit is {limit} MiB",
    zh: '张量“{name}”需要 {size} MiB，上限为 {limit} MiB',
  },
  'foreign.no-gradient': { en: 'onnxruntime computes no gradients', zh: 'onnxruntime 不计算梯度' },
  'foreign.no-tensor': {
    en: 'it is not a tensor (but a sequence, a map or an optional value) and is not shown',
    zh: '它不是张量（而是序列、映射或可选值），不予显示',
  },

  'foreign.texts': { en: 'its elements are texts, which are not drawn', zh: '其元素是文本，不予绘制' },
  'foreign.weight-large': {
    en: 'no statistics of more than {most} numbers ({count})',
    zh: '数值超过 {most} 个（{count} 个），不作统计',
  },

  // Files of tensors.
  'foreign.npy-type': {
    en: "it holds elements of type '{type}', expected numbers or truth values",
    zh: '其元素类型为“{type}”，应为数值或布尔值',
  },
  'foreign.npy-text': {
    en: "tensor '{name}' holds texts, which are not written",
    zh: '张量“{name}”的元素是文本，不写入文件',
  },
  'foreign.npy-as': {
    en: "tensor '{name}' is {type}, which NumPy does not have: written as {as}",
    zh: '张量“{name}”的类型 {type} 在 NumPy 中不存在，写为 {as}',
  },
  'foreign.npy-narrowed': {
    en: "input '{name}': '{file}' holds float64, taken as float32",
    zh: '输入“{name}”：“{file}”中为 float64，按 float32 使用',
  },
  'foreign.left-open': {
    en: "input '{name}': the open dimensions {dims} are taken as 1",
    zh: '输入“{name}”：未定的维度 {dims} 按 1 计',
  },
} as const satisfies Entries;
