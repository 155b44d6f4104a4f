import type { Entries } from './message';

/** What a call can end in: the codes of `FailureError`. A `{reason}` is a message of its own. */
export const failureWords = {
  'file.missing': {
    en: "'{file}': no such file",
    zh: '找不到文件“{file}”',
  },
  'file.folder': {
    en: "'{file}' is a folder, expected a file",
    zh: '“{file}”是文件夹，需要的是文件',
  },
  'file.empty': {
    en: "'{file}' is empty (0 bytes)",
    zh: '“{file}”是空文件（0 字节）',
  },
  'file.unreadable': {
    en: "'{file}' cannot be read: {reason}",
    zh: '无法读取“{file}”：{reason}',
  },
  'file.unwritable': {
    en: "'{file}' cannot be written: {reason}",
    zh: '无法写入“{file}”：{reason}',
  },
  'image.format': {
    en: "'{file}' is not a picture that can be opened (found {found}, expected PNG, JPEG, WebP, AVIF, GIF, TIFF or SVG)",
    zh: '“{file}”不是可以打开的图像（实际为 {found}，支持 PNG、JPEG、WebP、AVIF、GIF、TIFF 或 SVG）',
  },
  'image.broken': {
    en: "'{file}': the {format} picture is damaged or cut short ({reason})",
    zh: '“{file}”：{format} 图像已损坏或不完整（{reason}）',
  },
  'image.refused': {
    en: "'{file}': the {format} picture cannot be read: {reason}",
    zh: '“{file}”：无法读取 {format} 图像：{reason}',
  },
  'image.too-large': {
    en: "'{file}': {width} × {height} pixels would take {needed} MiB to decode, the limit is {limit} MiB",
    zh: '“{file}”：{width} × {height} 像素解码需要 {needed} MiB，上限为 {limit} MiB',
  },
  'image.too-slow': {
    en: "'{file}': decoding took longer than {seconds} s and was stopped",
    zh: '“{file}”：解码超过 {seconds} 秒，已停止',
  },
  'model.unknown': {
    en: "no bundled model is called '{id}' (there are {known})",
    zh: '没有名为“{id}”的内置模型（可用：{known}）',
  },
  'model.format': {
    en: "'{file}' is not an ONNX model ({reason})",
    zh: '“{file}”不是 ONNX 模型（{reason}）',
  },
  'model.foreign': {
    en: "'{file}' was written by {producer}, not by Convscope: it can be looked into (inspect), but not trained, compared or verified",
    zh: '“{file}”由 {producer} 写出，并非 Convscope：可以查看（inspect），但不能训练、比较或校验',
  },
  'model.invalid': {
    en: "'{file}': {reason}",
    zh: '“{file}”：{reason}',
  },
  'recipe.unknown': {
    en: "no recipe is called '{id}' (there are {known})",
    zh: '没有名为“{id}”的预设实验（可用：{known}）',
  },
  'recipe.invalid': {
    en: "'{file}', {field}: {reason}",
    zh: '“{file}”的 {field}：{reason}',
  },
  'data.unknown': {
    en: "there is no data set '{id}' any more; choose its folder again",
    zh: '数据集“{id}”已不在列表中，请重新选择它的文件夹',
  },
  'data.invalid': {
    en: "'{file}': {reason}",
    zh: '“{file}”：{reason}',
  },
  'run.invalid': {
    en: "'{run}': {reason}",
    zh: '“{run}”：{reason}',
  },
  'train.invalid': {
    en: '{reason}',
    zh: '训练设置有误：{reason}',
  },
  'train.gradients': {
    en: "layer '{layer}': the fast executor's gradient of {param} is wrong (it differs from the reference by {difference} of its largest value, expected at most {limit}), so the run does not start; the command line can train it, slowly, with the reference executor. Please report this network",
    zh: '层“{layer}”：快速执行器算出的 {param} 的梯度有误（与参考实现相差其最大值的 {difference}，应不超过 {limit}），因此训练没有开始；可以在命令行中用参考执行器训练，但较慢。请反馈这个网络',
  },
  'train.diverged': {
    en: 'step {step} (epoch {epoch}): {what}, first in layer {layer}; try {advice}',
    zh: '第 {step} 步（第 {epoch} 轮）：{what}，最先出现在层 {layer}；可以尝试{advice}',
  },
  'handle.gone': {
    en: '{what} {handle} is no longer available; open it again',
    zh: '{what} {handle} 已不再保留，请重新打开',
  },
  cancelled: {
    en: 'cancelled',
    zh: '已取消',
  },
  internal: {
    en: '{reason}',
    zh: '{reason}',
  },
} as const satisfies Entries;
