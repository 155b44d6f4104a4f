import type { FailureCode } from '../../../shared/failures';

/** The failures of `src/shared/failures.ts` in Chinese: a code that is missing here does not compile. */
export const failuresZh: Record<FailureCode, string> = {
  'file.missing': '找不到文件“{file}”',
  'file.folder': '“{file}”是文件夹，需要的是文件',
  'file.empty': '“{file}”是空文件（0 字节）',
  'file.unreadable': '无法读取“{file}”：{reason}',
  'file.unwritable': '无法写入“{file}”：{reason}',
  'image.format': '“{file}”不是可以打开的图像（实际为 {found}，支持 PNG、JPEG、WebP、AVIF、GIF、TIFF 或 SVG）',
  'image.broken': '“{file}”：{format} 图像已损坏或不完整（{reason}）',
  'image.too-large': '“{file}”：{width} × {height} 像素解码需要 {needed} MiB，上限为 {limit} MiB',
  'image.too-slow': '“{file}”：解码超过 {seconds} 秒，已停止',
  'model.unknown': '没有名为“{id}”的内置模型（可用：{known}）',
  'model.format': '“{file}”不是 ONNX 模型（{reason}）',
  'model.foreign': '“{file}”由 {producer} 写出，并非 Convscope：暂时不能打开其他程序的文件',
  'model.invalid': '“{file}”：{reason}',
  'recipe.unknown': '没有名为“{id}”的实验方案（可用：{known}）',
  'recipe.invalid': '“{file}”的 {field}：{reason}',
  'handle.gone': '{what} {handle} 已不再保留，请重新打开',
  'data.unknown': '数据集“{id}”已不在列表中，请重新选择它的文件夹',
  'data.invalid': '“{file}”：{reason}',
  'run.invalid': '“{run}”：{reason}',
  'train.invalid': '训练设置有误：{reason}',
  'train.diverged': '第 {step} 步（第 {epoch} 轮）：{what}，最先出现在层 {layer}；{advice}',
  cancelled: '已取消',
  internal: '内部错误：{reason}',
};
