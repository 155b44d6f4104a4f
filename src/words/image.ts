import type { Entries } from './message';

/** Pictures: formats, what was converted, limits, damage, and what is worth a look. */
export const imageWords = {
  // What was converted on the way, for the strip, the survey and `--json`.
  'image.note.cmyk': { en: 'CMYK', zh: 'CMYK 颜色' },
  'image.note.lab': { en: 'Lab', zh: 'Lab 颜色' },
  'image.note.grey': { en: 'gray', zh: '灰度' },
  'image.note.palette': { en: 'palette', zh: '调色板' },
  'image.note.alpha': { en: 'alpha', zh: '透明通道' },
  'image.note.bits': { en: '{bits} bit', zh: '{bits} 位' },
  'image.note.float': { en: 'float', zh: '浮点' },
  'image.note.range': { en: '{samples}, read as 0 … {most}', zh: '{samples}，按 0 … {most} 读取' },
  'image.note.bands': {
    en: '{bands} bands, the first three taken as red, green and blue',
    zh: '{bands} 个波段，取前三个作为红、绿、蓝',
  },
  'image.note.first': { en: 'first of {count}', zh: '{count} 帧中的第一帧' },
  'image.note.exif': { en: 'EXIF {orientation}', zh: 'EXIF 方向 {orientation}' },

  // Kinds of samples.
  'image.samples.char': { en: 'signed 8 bit', zh: '有符号 8 位' },
  'image.samples.ushort': { en: '16 bit', zh: '16 位' },
  'image.samples.short': { en: 'signed 16 bit', zh: '有符号 16 位' },
  'image.samples.uint': { en: '32 bit', zh: '32 位' },
  'image.samples.int': { en: 'signed 32 bit', zh: '有符号 32 位' },
  'image.samples.float': { en: '32-bit float', zh: '32 位浮点' },

  // Valid pictures of a kind that cannot be shown without guessing.
  'image.refused.range': {
    en: 'its {samples} values go from {least} to {most}, which is not a known scale (expected {expected}); save it with 8 or 16 bits',
    zh: '其 {samples} 数值从 {least} 到 {most}，不是已知的取值范围（应为 {expected}）；请另存为 8 位或 16 位',
  },
  'image.refused.nan': {
    en: 'its {samples} values contain NaN or infinity; replace them and save it again',
    zh: '其 {samples} 数值中有 NaN 或无穷大；请替换后重新保存',
  },
  'image.refused.half': {
    en: 'it is gray with {bits}-bit float samples, which cannot be read; save it as 32-bit float',
    zh: '灰度的 {bits} 位浮点样本，无法读取；请另存为 32 位浮点',
  },
  'image.refused.negative': {
    en: 'its float samples have white at 0 (photometric interpretation 0), which cannot be read; save it with black at 0',
    zh: '其浮点样本以 0 为白（photometric interpretation 0），无法读取；请另存为以 0 为黑',
  },
  'image.refused.bits': {
    en: 'it has {bits} bits per sample, which cannot be read; save it with 8 or 16 bits, or as 32-bit float',
    zh: '每个样本 {bits} 位，无法读取；请另存为 8 位、16 位或 32 位浮点',
  },
  'image.refused.bands': {
    en: 'it has {bands} bands and does not say which of them are colors (expected 1, gray, or 3, red, green and blue, with or without transparency); save the three to be shown as an RGB picture',
    zh: '它有 {bands} 个波段，但没有说明哪些是颜色（应为 1 个灰度波段或红、绿、蓝 3 个波段，可带透明通道）；请把要看的三个波段另存为 RGB 图像',
  },
  'image.refused.manyBands': {
    en: 'it has {bands} bands, which cannot be read; save the three to be shown as an RGB picture',
    zh: '它有 {bands} 个波段，无法读取；请把要看的三个波段另存为 RGB 图像',
  },
  'image.refused.svgReferences': {
    en: 'its references (use, image) lead to one another more than {limit} deep; draw what they refer to in place, or save it as PNG',
    zh: '其中的引用（use、image）相互嵌套超过 {limit} 层；请直接画出被引用的内容，或另存为 PNG',
  },
  'image.refused.svgReferenced': {
    en: 'its references (use, image) draw more than {limit} elements; save it as PNG',
    zh: '其中的引用（use、image）要画的元素超过 {limit} 个；请另存为 PNG',
  },
  'image.refused.svgElements': {
    en: 'it has more than {limit} elements or attributes; save it as PNG',
    zh: '它的元素或属性超过 {limit} 个；请另存为 PNG',
  },
  'image.refused.svgDepth': {
    en: 'its elements are nested {limit} deep or more, which cannot be read; save it as PNG',
    zh: '其中的元素嵌套达到或超过 {limit} 层，无法读取；请另存为 PNG',
  },
  'image.refused.svgEntities': {
    en: 'its text entities refer to one another and would grow without measure; write the text in place, or save it as PNG',
    zh: '其中的文本实体相互引用，会无限增大；请直接写出文本，或另存为 PNG',
  },
  'image.refused.frames': {
    en: 'it has {frames} frames, the limit is {limit}; save the first one as a separate file',
    zh: '它有 {frames} 帧，上限为 {limit} 帧；请单独保存第一帧',
  },

  // Limits.
  'image.limit.file': {
    en: 'it has {size} MiB, the limit for pictures is {limit} MiB',
    zh: '大小为 {size} MiB，图像的上限为 {limit} MiB',
  },
  'image.limit.memory': {
    en: 'decoding it took more than {limit} MiB and was stopped',
    zh: '解码占用内存超过 {limit} MiB，已停止',
  },
  'image.decoder.broke': {
    en: 'the decoder crashed twice, perhaps out of memory',
    zh: '解码器两次中断，可能是内存不足或自身故障',
  },
  'image.decoder.start': { en: 'the decoder process cannot start: {reason}', zh: '解码进程无法启动（{reason}）' },

  // A picture that was left out of a set, without its name, which stands beside it.
  'image.left.refused': {
    en: 'the {format} picture cannot be read: {reason}',
    zh: '无法读取 {format} 图像：{reason}',
  },

  // What people should look at: the network gets nothing to see.
  'image.warn.blank': {
    en: 'The whole picture has one color ({color}): there is nothing to see in it.',
    zh: '整幅图像只有一种颜色（{color}），没有可看的内容。',
  },
  'image.warn.flat': {
    en: 'The picture is nearly one color: its values only go from {least} to {most} of 255.',
    zh: '图像几乎只有一种颜色：数值仅从 {least} 到 {most}（满值 255）。',
  },
  'image.warn.hidden': {
    en: 'The drawing has the same color as the background {background} that shows through transparency, so it cannot be seen; choose another background.',
    zh: '所画内容与透明处露出的背景 {background} 颜色相同，因此看不见；请选择其他背景颜色。',
  },
  'image.warn.transparent': {
    en: 'The whole picture is transparent: only the background {background} can be seen.',
    zh: '整幅图像都是透明的，只能看到背景 {background}。',
  },
  'image.warn.colorDropped': {
    en: 'The network sees gray only: the colors of the picture are dropped.',
    zh: '网络只看灰度，图像的颜色不起作用。',
  },
  'image.invert.suggested': {
    en: "The picture is dark where the network's training data is light, or the other way round: inverting it may help.",
    zh: '图像的底色与网络训练数据相反：也许应当反相。',
  },
  'image.invert.suspected': {
    en: '{count} of {images} {images|picture|pictures} {count|is|are} drawn {ground}, while the network learned from pictures drawn the other way: its predictions may be wrong for that reason alone. The pictures are used as they are.',
    zh: '{images} 张图像中有 {count} 张是{ground}，而网络学习的图像正好相反：仅此一点就可能使回答出错。图像按原样使用。',
  },
  'image.invert.done': {
    en: '{count} of {images} {images|picture|pictures} {count|is|are} large and drawn {ground}, unlike all that the network learned from: {count|it was|they were} inverted, as Inspect inverts {count|it|them}.{rest}',
    zh: '{images} 张图像中有 {count} 张是{ground}的大图，与网络学习的所有图像相反：已像在“查看”中一样反相。{rest}',
  },
  'image.invert.rest': {
    en: ' {count} more {count|is|are} drawn {ground} but not large, and used as {count|it is|they are}: the predictions for {count|it|them} may be wrong for that reason alone.',
    zh: '另有 {count} 张是{ground}但不大，按原样使用：仅此一点就可能使回答出错。',
  },
  'image.ground.light': { en: 'dark on light', zh: '浅底深字' },
  'image.ground.dark': { en: 'light on dark', zh: '深底浅字' },
  'image.scale.one': {
    en: "{samples}: all are read as 0 … {most}, the scale of the brightest. {count} {count|picture|pictures} ('{file}'{more}) would fill 0 … {own} alone and {count|is|are} darker for it.",
    zh: '{samples}：全部按最亮图像的范围 0 … {most} 读取。其中 {count} 张（“{file}”{more}）单独看只占 0 … {own}，因此显得较暗。',
  },
  'image.some': {
    en: "{count} {count|picture|pictures} ('{file}'{more}): {what}",
    zh: '{count} 张图像（“{file}”{more}）：{what}',
  },
  'image.some.more': { en: ' …', zh: ' 等' },

  // What libvips and the libraries below it say of damaged pictures.
  'image.damage.header': { en: 'its header is damaged', zh: '文件头已损坏' },
  'image.damage.jpegEnd': { en: 'premature end of JPEG image', zh: 'JPEG 数据提前结束' },
  'image.damage.jpegSegment': {
    en: 'Corrupt JPEG data: premature end of data segment',
    zh: 'JPEG 数据已损坏：数据段提前结束',
  },
  'image.damage.jpegHuffman': { en: 'Corrupt JPEG data: bad Huffman code', zh: 'JPEG 数据已损坏：霍夫曼编码有误' },
  'image.damage.jpegExtra': {
    en: 'Corrupt JPEG data: {count} extraneous {count|byte|bytes} before marker {marker}',
    zh: 'JPEG 数据已损坏：标记 {marker} 之前多出 {count} 字节',
  },
  'image.damage.jpegMarker': {
    en: 'Corrupt JPEG data: found marker {found} instead of {expected}',
    zh: 'JPEG 数据已损坏：实际为标记 {found}，应为 {expected}',
  },
  'image.damage.jpegHuffmanTable': {
    en: 'a Huffman table of the JPEG is damaged or missing',
    zh: 'JPEG 的霍夫曼表已损坏或缺失',
  },
  'image.damage.jpegQuantization': { en: 'a quantization table of the JPEG is missing', zh: 'JPEG 的量化表缺失' },
  'image.damage.jpegMarkers': { en: 'the JPEG markers are damaged', zh: 'JPEG 标记已损坏' },
  'image.damage.jpegUnknown': { en: 'unsupported JPEG marker {marker}', zh: '不支持的 JPEG 标记 {marker}' },
  'image.damage.jpeg': { en: 'Corrupt JPEG data: {detail}', zh: 'JPEG 数据已损坏：{detail}' },
  'image.damage.end': { en: 'the data end early', zh: '数据提前结束' },
  'image.damage.endBefore': { en: 'the file ends before byte {place}', zh: '文件在第 {place} 字节之前就结束了' },
  'image.damage.frame': { en: 'invalid frame data', zh: '帧数据无效' },
  'image.damage.gif': { en: 'the GIF holds no frame', zh: 'GIF 中没有帧' },
  'image.damage.pixels': { en: 'its pixels cannot be read', zh: '像素数据无法读取' },
  'image.damage.lzw': { en: 'the compressed data are damaged', zh: '压缩数据已损坏' },
  'image.damage.unknown': { en: 'the decoder gives no reason', zh: '解码器没有说明原因' },
  'image.damage.svgRoot': { en: 'its outermost element is not svg', zh: '最外层元素不是 svg' },
  'image.damage.xmlAt': {
    en: 'XML parse error on line {line}, column {column}',
    zh: 'XML 解析错误：第 {line} 行，第 {column} 列',
  },
  'image.damage.webp': { en: 'the WebP data cannot be parsed', zh: '无法解析 WebP 数据' },
  'image.damage.kind': {
    en: 'its content does not match its format, or is of an unsupported type',
    zh: '文件内容与其格式不符或不受支持',
  },
  'image.damage.png': { en: 'the PNG data cannot be read', zh: 'PNG 数据无法读取' },
  'image.damage.pngPixels': { en: 'the PNG pixel data are damaged', zh: 'PNG 像素数据已损坏' },
  'image.damage.pngChunk': {
    en: 'the checksum of the PNG chunk {chunk} is wrong',
    zh: 'PNG 数据块 {chunk} 的校验码有误',
  },
  'image.damage.readAt': { en: 'read error at {place}', zh: '读取失败（{place}）' },
  'image.damage.invalid': { en: 'invalid {what}', zh: '无效数据（{what}）' },
  'image.damage.xml': { en: 'XML parse error: {detail}', zh: 'XML 解析错误：{detail}' },
  'image.damage.svg': { en: 'SVG error: {detail}', zh: 'SVG 错误：{detail}' },
  'image.damage.heif': { en: 'the AVIF data cannot be decoded: {detail}', zh: 'AVIF 数据无法解码：{detail}' },

  // What a file that is no picture seems to be.
  'image.found.text': { en: 'text', zh: '文本' },
  'image.found.html': { en: 'HTML', zh: 'HTML 网页' },
  'image.found.pdf': { en: 'PDF', zh: 'PDF 文档' },
  'image.found.picture': { en: '{name}', zh: '{name} 图像' },
  'image.found.photoshop': { en: 'a Photoshop document', zh: 'Photoshop 文档' },
  'image.found.icon': { en: 'an icon', zh: '图标' },
  'image.found.vips': { en: "libvips's own format", zh: 'libvips 自有格式' },
  'image.found.gzip': { en: 'a gzip file', zh: 'gzip 压缩文件' },
  'image.found.zip': { en: 'a ZIP file', zh: 'ZIP 压缩文件' },
  'image.found.icc': { en: 'an ICC color profile', zh: 'ICC 颜色配置文件' },
  'image.found.media': { en: "a media file of type '{kind}'", zh: '“{kind}”类媒体文件' },
  'image.found.bytes': { en: 'the bytes {bytes}', zh: '字节 {bytes}' },
} as const satisfies Entries;
