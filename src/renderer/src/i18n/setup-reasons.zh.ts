/** Reasons about data sets and networks in Chinese, by their English template; see `reasons.zh.ts`. */
export const setupReasonsZh: Readonly<Record<string, string>> = {
  // Files that were left out.
  hidden: '隐藏文件',
  'lies beside the folders of classes, not in one': '放在各类别文件夹旁边，不在其中',
  'lies beside the folders of the parts, not in one': '放在训练、验证、测试文件夹旁边，不在其中',
  'of the operating system': '操作系统的文件夹',
  'a link to a folder, or to nothing, inside a class': '类别文件夹里的链接，指向文件夹或不存在的目标',
  'a link that leads nowhere: {reason}': '链接的目标不存在（{reason}）',
  'a link that leads back to a folder it lies in': '链接指回它所在的文件夹（循环）',
  'no picture by its name (expected .png, .jpg, .webp, .avif, .gif, .tiff or .svg)':
    '从文件名看不是图片（需要 .png、.jpg、.webp、.avif、.gif、.tiff 或 .svg）',
  'is no part of the {what}': '不属于该数据集（{what}）',
  'cannot be read: {reason}': '无法读取（{reason}）',
  'the {format} picture is damaged or cut short ({reason})': '{format} 图像已损坏或不完整（{reason}）',
  'no picture that can be opened (found {found}, expected PNG, JPEG, WebP, AVIF, GIF, TIFF or SVG)':
    '不是可以打开的图像（实际为{found}，支持 PNG、JPEG、WebP、AVIF、GIF、TIFF 或 SVG）',
  'empty (0 bytes)': '空文件（0 字节）',
  'is empty (0 bytes)': '空文件（0 字节）',

  // What networks and data know.
  "has {count} classes ({classes}), '{name}' knows {known} others ({others})":
    '有 {count} 个类别（{classes}），而“{name}”认识的是另外 {known} 个（{others}）',
  'has changed since the run learned from it: which pictures it did not see cannot be told any more':
    '训练之后数据有变动，已无法得知哪些图片未参与训练',
  'brings no data of its own; choose a data set': '不带自己的数据，请选择一个数据集',
  "changed while '{name}' was evaluated; evaluate again": '评估“{name}”期间数据有变动，请重新评估',
  "its data was another one: '{path}' has changed since the run began, or is not what it began with":
    '数据已不同：“{path}”在训练开始后有变动，或已不是原来的数据',
  'is no longer there; put it back, or choose it where it lies now, under the same name':
    '已不在原处；请放回去，或以同样的名称在新位置重新选择',
  'is needed by {runs} to go on; remove the run first': '训练 {runs} 继续时还需要它；请先移除该训练',
  'is under way already': '已在进行中',
  'waits for another run to end': '正在等待另一次训练结束',
  'is trained by another process; that one has to be told': '由另一个进程训练，请在那里操作',
  'is finished after {epochs} epochs; ask for more to go on': '已完成 {epochs} 轮；要继续请增加轮数',
  'diverged; with its settings it would do so again: begin one with other settings':
    '已发散，用同样的参数还会发散：请换参数重新开始',
  'its place is taken': '原来的位置已被占用',
  'did not stop within {seconds} s and was ended; it goes on from its last checkpoint':
    '{seconds} 秒内没有停下，已被终止；可以从最后的检查点继续',
  'is being trained; stop it first': '正在训练，请先停止',
  'another process trains it': '另一个进程正在训练它',
  'there is no such run any more': '此训练记录已不存在',

  // Folders.
  "holds a single class, '{name}', expected two or more": '只有一个类别“{name}”，至少需要两个',
  "holds a single class, '{name}', expected two or more; are the classes the folders inside '{folder}'?":
    '只有一个类别“{name}”，至少需要两个；各类别是否在“{folder}”里面？',
  'has no folder for the training part (found {folders})': '没有训练集文件夹（只有 {folders}）',
  'holds no folder of pictures, expected one folder per class': '里面没有图片文件夹：需要每个类别一个文件夹',
  'holds {found}; expected a folder of pictures per class, idx files, CIFAR-10 .bin files or an .npz':
    '里面是 {found}；需要每个类别一个图片文件夹、idx 文件、CIFAR-10 的 .bin 文件或一个 .npz',
  'holds no file': '里面没有文件',
  'holds no image: none of its {count} folders has one (expected .png, .jpg, .webp, .avif, .gif, .tiff or .svg)':
    '里面没有图片：{count} 个文件夹都没有（需要 .png、.jpg、.webp、.avif、.gif、.tiff 或 .svg）',
  "class '{name}' has no image that can be read, {count} were left out ('{file}': {reason})":
    '类别“{name}”没有可以读取的图片，有 {count} 个文件未采用（“{file}”：{reason}）',
  "class '{name}' has no image, {count} left out ('{file}': {reason})":
    '类别“{name}”没有图片，有 {count} 个文件未采用（“{file}”：{reason}）',
  "class '{name}' has no image": '类别“{name}”没有图片',
  "class '{name}' has no image that can be read": '类别“{name}”没有可以读取的图片',
  "has the class '{name}', which the training part lacks": '有类别“{name}”，而训练集中没有',
  "has two folders for the {part} part, '{a}' and '{b}'": '{part} 部分有两个文件夹：“{a}”和“{b}”',
  'has more than {count} folders inside each other: a link may lead in a circle':
    '文件夹嵌套超过 {count} 层：可能有链接绕成了圈',
  'is an archive; unpack it and name the folder': '是压缩包；请先解压，再选择文件夹',
  'is no data set (expected {expected})': '不是数据集（需要 {expected}）',
  'is no absolute path': '不是绝对路径',
  'holds {count} .npz files ({names}), name one of them': '里面有 {count} 个 .npz 文件（{names}），请选择其中一个',

  // Uploads.
  'has {count} files, the limit for an upload is {limit}': '有 {count} 个文件，上限为 {limit} 个',
  'has {size} MiB, the limit for an upload is {limit} MiB': '共 {size} MiB，上限为 {limit} MiB',
  'has {size} MiB, the limit for one file is {limit} MiB': '大小为 {size} MiB，单个文件的上限为 {limit} MiB',
  'has {size} MiB, there are {free} MiB free': '共 {size} MiB，磁盘只剩 {free} MiB',
  'is no path for an upload: {reason}': '路径无法使用（{reason}）',
  'came twice in one upload': '在同一次复制中出现了两次',
  'is made by the app and stays': '由应用生成，不能移除',
  'is being read; stop that first': '正在读取，请先停止',

  // What was changed to fit the classes.
  "dense layer '{name}' gets {units} units instead of {before}, one per class":
    '全连接层 {name} 的单元数由 {before} 改为 {units}，每类一个',
  'a softmax is added as the last layer': '末尾加上了 softmax 层',
  "dense layers of {units} units: {parameters} parameters, '{name}' has {others}":
    '全连接层的单元数为 {units}：共 {parameters} 个参数，原网络 {others} 个',

  // A loss beyond all numbers.
  'the training loss became infinite': '训练损失变为无穷大',
  'the validation loss became infinite': '验证损失变为无穷大',
  'the training loss became {value}': '训练损失变为 {value}',
  'the validation loss became {value}': '验证损失变为 {value}',
  'a learning rate ten times smaller ({rate})': '把学习率降到十分之一（{rate}）',
  'clipped gradients ({norm})': '梯度裁剪（{norm}）',
  'warm-up ({epochs})': '预热（{epochs} 轮）',
  'inputs scaled to mean 0': '把输入归一化为均值 0',

  // Settings that the engine refuses.
  '{setting}: found {found}, expected {expected}': '{setting}：实际为 {found}，应为 {expected}',
};
