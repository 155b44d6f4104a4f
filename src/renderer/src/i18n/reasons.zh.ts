/**
 * Reasons within failures: English words of the operating system, of libvips and of our own readers, by their English
 * template. `{name}` stands for any words and is carried over as it is; the first template that fits whole is taken.
 */
export const reasonsZh: Readonly<Record<string, string>> = {
  // What the operating system says.
  'permission denied': '没有权限',
  'operation not permitted': '不允许此操作',
  'no space left on device': '磁盘空间不足',
  'read-only file system': '文件系统为只读',
  'too many open files': '打开的文件过多',
  'file name too long': '文件名过长',
  'name too long': '文件名过长',
  'no such file or directory': '没有此文件或文件夹',
  'not a directory': '不是文件夹',
  'illegal operation on a directory': '不能对文件夹进行此操作',
  'i/o error': '读写错误',
  'file already exists': '文件已存在',
  'resource busy or locked': '资源正被占用',

  // Files and their limits.
  'it is no regular file': '不是普通文件',
  'it is larger than {limit} MiB': '超过 {limit} MiB',
  'it has {size} MiB, the limit is {limit} MiB': '大小为 {size} MiB，上限为 {limit} MiB',
  'it has {size} MiB, the limit for pictures is {limit} MiB': '大小为 {size} MiB，图像的上限为 {limit} MiB',
  'decoding it took more than {limit} MiB and was stopped': '解码占用内存超过 {limit} MiB，已停止',
  'the decoder broke off, out of memory or by a fault of its own': '解码器中断，可能是内存不足或自身故障',
  'A requested file or directory could not be found at the time an operation was processed.': '文件已不在原处',

  // Damaged pictures, in libvips' words and those of the libraries below it.
  'its header is damaged': '文件头已损坏',
  'premature end of JPEG image': 'JPEG 数据提前结束',
  'premature end of {kind} file': '文件提前结束',
  'premature end of {kind} image': '图像数据提前结束',
  'Corrupt JPEG data: {detail}': 'JPEG 数据已损坏：{detail}',
  'libpng read error': 'PNG 数据无法读取',
  'out of order read{rest}': '图像数据提前结束',
  'source: bad seek to {place}': '文件在第 {place} 字节之前就结束了',
  'source: bad read': '文件提前结束',
  'Unexpected end of GIF source data': 'GIF 数据提前结束',
  'Invalid frame data': '帧数据无效',
  'webp: unable to parse image': '无法解析 WebP 数据',
  'unable to parse image': '无法解析图像数据',
  'Input buffer contains unsupported image format': '文件内容与其格式不符或不受支持',
  'bad IDAT{rest}': 'PNG 像素数据已损坏',
  'IDAT: CRC error': 'PNG 像素数据的校验码有误',
  '{chunk}: CRC error': 'PNG 数据块 {chunk} 的校验码有误',
  'Not enough image data': '图像数据不足',
  'Read error on {place}': '读取失败（{place}）',
  'Invalid {what}': '无效数据（{what}）',
  'XML parse error: {detail}': 'XML 解析错误：{detail}',
  'svgload_buffer: {detail}': 'SVG 错误：{detail}',

  // Layers of a spec.
  "layer '{name}': found {found}, expected {expected}": '层“{name}”：实际为 {found}，应为 {expected}',
  '{place}: found nothing, expected {expected}': '{place}：缺失，应为 {expected}',
  '{place}: found {found}, expected {expected}': '{place}：实际为 {found}，应为 {expected}',

  // The decoder.
  'the decoder process cannot start: {reason}': '解码进程无法启动（{reason}）',
  'the decoder process ended with {reason}': '解码进程已结束（{reason}）',
};

/** What a file that is no picture seems to be. */
export const foundZh: Readonly<Record<string, string>> = {
  nothing: '空的',
  '1 file, {name}': '1 个文件（{name}）',
  '{count} files, {names}': '{count} 个文件（{names}）',
  text: '文本',
  HTML: 'HTML 网页',
  PDF: 'PDF 文档',
  BMP: 'BMP 图像',
  HEIC: 'HEIC 图像',
  'JPEG 2000': 'JPEG 2000 图像',
  'JPEG XL': 'JPEG XL 图像',
  'a Photoshop document': 'Photoshop 文档',
  'an icon': '图标',
  "libvips's own format": 'libvips 自有格式',
  'a gzip file': 'gzip 压缩文件',
  'a ZIP file': 'ZIP 压缩文件',
  'an ICC colour profile': 'ICC 颜色配置文件',
  "a media file of kind '{kind}'": '“{kind}”类媒体文件',
  'the bytes {bytes}': '字节 {bytes}',
};
