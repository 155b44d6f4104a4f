import type { Entries } from './message';

/** Data files: idx, CIFAR, .npy, .npz, .csv. */
export const dataWords = {
  // What people may bring: a phrase for each format, and all of them.
  'data.expects': { en: '{all} or {last}', zh: '{all}或{last}' },
  'data.expects.folders': { en: 'a folder of pictures per class', zh: '每个类别一个图像文件夹' },
  'data.expects.npz': { en: 'NumPy arrays (.npz, .npy)', zh: ' NumPy 数组（.npz、.npy）' },
  'data.expects.cifar': { en: 'CIFAR-10 or CIFAR-100 .bin files', zh: ' CIFAR-10 或 CIFAR-100 的 .bin 文件' },
  'data.expects.stl': { en: 'STL-10 .bin files', zh: ' STL-10 的 .bin 文件' },
  'data.expects.mat': { en: 'SVHN .mat files', zh: ' SVHN 的 .mat 文件' },
  'data.expects.csv': { en: 'tables of pixels (.csv)', zh: '像素表格（.csv）' },
  'data.expects.idx': { en: 'idx files', zh: ' idx 文件' },

  // Files as such.
  'data.name': { en: "'{name}'", zh: '“{name}”' },
  'data.no-file': { en: 'it is {kind}, expected a regular file', zh: '它是{kind}，需要的是普通文件' },
  'data.kind.pipe': { en: 'a named pipe', zh: '命名管道' },
  'data.kind.socket': { en: 'a socket', zh: '套接字' },
  'data.kind.device': { en: 'a device', zh: '设备' },
  'data.empty': { en: 'is empty (0 bytes)', zh: '空文件（0 字节）' },
  'data.larger': { en: 'has {size} bytes, the limit is {limit}', zh: '大小为 {size} 字节，上限为 {limit}' },
  'data.changed': {
    en: 'changed while it was being read; try again',
    zh: '读取期间文件有变动，请重试',
  },
  'data.what.file': { en: 'it', zh: '文件' },
  'data.what.array': { en: "array '{name}'", zh: '数组“{name}”' },
  'data.too-large': {
    en: '{what} holds {size} MiB; the limit is {limit} MiB (half of the memory, at most 4096)',
    zh: '{what}的内容为 {size} MiB；上限为 {limit} MiB（内存的一半，最多 4096）',
  },
  'data.bomb': {
    en: '{what} unpacks to {size} MiB from {packed} bytes, {ratio} to 1; pictures never compress so well (the limit is {limit} to 1)',
    zh: '{what}由 {packed} 字节解压为 {size} MiB，压缩比 {ratio}∶1；图像不可能压缩到这种程度（上限为 {limit}∶1）',
  },
  'data.too-many': {
    en: '{count} {count|image|images} at {height} × {width} × {channels} take {size} MiB, the limit is {limit}',
    zh: '{count} 张图像按 {height} × {width} × {channels} 需要 {size} MiB，上限为 {limit}',
  },

  // What content is, when it is something else.
  'data.content.zip': { en: 'a ZIP archive', zh: 'ZIP 压缩文件' },
  'data.content.gzip': { en: 'a gzip file', zh: 'gzip 压缩文件' },
  'data.content.bzip2': { en: 'a bzip2 file', zh: 'bzip2 压缩文件' },
  'data.content.xz': { en: 'an xz file', zh: 'xz 压缩文件' },
  'data.content.zstd': { en: 'a Zstandard file', zh: 'Zstandard 压缩文件' },
  'data.content.7z': { en: 'a 7z archive', zh: '7z 压缩文件' },
  'data.content.rar': { en: 'a RAR archive', zh: 'RAR 压缩文件' },
  'data.content.npy': { en: 'a single NumPy array (.npy)', zh: '单个 NumPy 数组（.npy）' },
  'data.content.hdf5': { en: 'an HDF5 file', zh: 'HDF5 文件' },
  'data.content.pdf': { en: 'a PDF document', zh: 'PDF 文档' },
  'data.content.picture': { en: 'a picture', zh: '一张图像' },
  'data.content.lfs': {
    en: 'a placeholder of Git LFS; fetch the file itself with git lfs pull',
    zh: 'Git LFS 的占位文件；请用 git lfs pull 取得文件本身',
  },
  'data.content.html': {
    en: 'an HTML page, which servers send instead of a file that is missing or needs a login; download it again',
    zh: 'HTML 网页（文件不存在或需要登录时服务器会返回网页），请重新下载',
  },
  'data.content.xml': { en: 'an XML or HTML text', zh: 'XML 或 HTML 文本' },
  'data.content.text': { en: 'a text', zh: '文本' },
  'data.content.bytes': { en: 'the bytes {bytes}', zh: '字节 {bytes}' },

  // Packed content.
  'data.gz.other': {
    en: 'is named .gz but is not a gzip file: found {found}',
    zh: '文件名以 .gz 结尾，但不是 gzip 文件：实际为{found}',
  },
  'data.gz.unpacked': {
    en: "'{file}' is named .gz but is not compressed; it is read as it is",
    zh: '“{file}”文件名以 .gz 结尾，但并未压缩，按原样读取',
  },
  'data.gz.packed': {
    en: "'{file}' is compressed with gzip, though not named .gz; it is decompressed",
    zh: '“{file}”文件名不以 .gz 结尾，但经过 gzip 压缩，解压后读取',
  },
  'data.gz.damaged': { en: 'is not a complete gzip file ({reason})', zh: '不是完整的 gzip 文件（{reason}）' },
  'data.zlib.short': { en: 'it ends too early', zh: '数据提前结束' },
  'data.zlib.check': { en: 'its checksum does not match its content', zh: '校验码与内容不符' },
  'data.zlib.damaged': { en: 'the compressed data is damaged', zh: '压缩数据已损坏' },

  // idx.
  'data.short': {
    en: 'is cut short: {size} bytes, its header alone takes {needed}',
    zh: '文件不完整：共 {size} 字节，仅文件头就需要 {needed}',
  },
  'data.size': {
    en: 'its header states {size} bytes, the file has {found}',
    zh: '文件头声明 {size} 字节，实际为 {found}',
  },
  'data.size.unpacked': {
    en: 'its header states {size} bytes, the unpacked file has {found}',
    zh: '文件头声明 {size} 字节，解压后为 {found}',
  },
  'data.size.more': {
    en: 'its header states {size} bytes, the unpacked file has more',
    zh: '文件头声明 {size} 字节，解压后超过此数',
  },
  'data.idx.magic': {
    en: 'is not an idx file: it begins with {bytes}, expected 00 00 08 01 … 04',
    zh: '不是 idx 文件：开头是 {bytes}，应为 00 00 08 01 … 04',
  },
  'data.idx.other': { en: 'is not an idx file: found {found}', zh: '不是 idx 文件：实际为{found}' },
  'data.idx.type': {
    en: 'holds elements of type {type}, expected uint8; write the file anew as bytes',
    zh: '元素类型为 {type}，应为 uint8；请改存为字节',
  },
  'data.idx.rank': {
    en: 'its header states {rank} dimensions, expected 1 to 4',
    zh: '文件头声明 {rank} 维，应为 1 至 4 维',
  },
  'data.idx.images': {
    en: 'has the shape [{shape}], expected [count, height, width] or [count, height, width, 1 or 3]',
    zh: '形状为 [{shape}]，应为 [数量、高、宽] 或 [数量、高、宽、1 或 3]',
  },
  'data.idx.empty': { en: 'has the shape [{shape}]: pictures without a pixel', zh: '形状为 [{shape}]：图像没有像素' },
  'data.idx.labels': { en: 'has the shape [{shape}], expected [count]', zh: '形状为 [{shape}]，应为 [数量]' },
  'data.idx.count': {
    en: "has {labels} {labels|label|labels}, '{file}' has {images} {images|image|images}",
    zh: '有 {labels} 个标签，而“{file}”有 {images} 张图像',
  },
  'data.idx.several': {
    en: "holds {count} sets side by side: {names}. Name a training file of the one you mean, such as '{example}', or put it into a separate folder",
    zh: '里面并列着 {count} 个数据集：{names}。请指定其中一个的训练文件，例如“{example}”，或把它移到单独的文件夹',
  },
  'data.emnist': {
    en: "EMNIST's files hold each picture transposed; the pictures are transposed back",
    zh: 'EMNIST 的文件中每张图像的行列是对调的，已转正',
  },

  // CIFAR-10 and CIFAR-100.
  'data.cifar.size': {
    en: 'has {size} bytes, expected a multiple of {record} (binary records of CIFAR-10; of CIFAR-100 they have one byte more)',
    zh: '大小为 {size} 字节，应为 {record} 的整数倍（CIFAR-10 的二进制记录；CIFAR-100 的记录多一个字节）',
  },
  'data.cifar.fine': {
    en: 'CIFAR-100: each picture is taken for its fine class, of 100; its coarse one, of 20, is left out',
    zh: 'CIFAR-100：采用每张图像的细分类别（100 个）；20 个粗分类别已忽略',
  },
  'data.cifar.other': {
    en: 'holds no binary records of CIFAR: found {found}',
    zh: '不是 CIFAR 二进制记录：实际为{found}',
  },
  'data.cifar.class': {
    en: 'record {index} is of class {label}, expected 0 to {most}',
    zh: '第 {index} 条记录的类别为 {label}，应为 0 至 {most}',
  },

  // Tables of pixels.
  'data.csv.read': {
    en: "'{name}': {count} {count|row|rows} of a label and {pixels} pixels, taken as pictures of {side} × {side}",
    zh: '“{name}”：{count} 行，每行为标签和 {pixels} 个像素，按 {side} × {side} 的图像读取',
  },
  'data.csv.heading': {
    en: "the first line of '{name}' holds no whole numbers as the others do; it is taken for the names of the columns",
    zh: '“{name}”的第一行不像其余各行那样全为整数，视为列名',
  },
  'data.csv.unlabeled': {
    en: "'{name}' has no column of labels, as a competition's test set has none, and is left out",
    zh: '“{name}”没有标签列（竞赛的测试集通常如此），已忽略',
  },
  'data.csv.no-label': {
    en: "has no column of labels; expected one called 'label', or rows of a label and the pixels of a square picture",
    zh: '没有标签列；应有名为 label 的列，或每行为标签加一张正方形图像的像素',
  },
  'data.csv.columns': {
    en: 'has {count} {count|column|columns} ({names}); expected a label and side² gray pixels in each row, 8 × 8 at least. Of pictures in files of their own, make a folder per class',
    zh: '有 {count} 列（{names}）；每行应为一个标签和 边长² 个灰度像素（至少 8 × 8）。若图像为单独的文件，请按类别分文件夹存放',
  },
  'data.csv.colors': {
    en: 'has {count} {count|pixel|pixels} in a row, as many as a color picture of {side} × {side} has values: whether they lie plane by plane or pixel by pixel is not known. Write the pictures as an array: np.savez("set.npz", x_train=…, y_train=…)',
    zh: '每行有 {count} 个像素，像是 {side} × {side} 的彩色图像：无法得知是按通道还是按像素排列。请存为数组：np.savez("set.npz", x_train=…, y_train=…)',
  },
  'data.csv.labels': {
    en: 'has several columns of labels: {names}; keep one',
    zh: '有多个标签列：{names}；请只保留一个',
  },
  'data.csv.several': {
    en: 'holds several tables side by side: {names}. Name one, or call them train.csv, val.csv and test.csv',
    zh: '里面并列着多个表格：{names}。请指定其中一个，或命名为 train.csv、val.csv 和 test.csv',
  },
  'data.csv.no-rows': { en: 'has names of columns and no row', zh: '只有列名，没有数据行' },
  'data.csv.ragged': {
    en: 'line {line} has {found} {found|field|fields}, expected {expected} as in the first line',
    zh: '第 {line} 行有 {found} 个字段，应与第一行一样为 {expected} 个',
  },
  'data.csv.no-number': {
    en: "line {line}, column {column}: found '{text}', expected the number of a pixel",
    zh: '第 {line} 行第 {column} 列：实际为“{text}”，应为像素的数值',
  },
  'data.csv.empty-label': {
    en: 'line {line}, column {column}: the label is empty',
    zh: '第 {line} 行第 {column} 列：标签为空',
  },
  'data.csv.unknown': {
    en: "row {row} is labeled '{label}', a class that the training table does not have: {known}",
    zh: '第 {row} 行的标签为“{label}”，训练表格中没有该类别：{known}',
  },
  'data.csv.long': {
    en: 'line {line}, column {column}: the field has more than {most} bytes; expected numbers of pixels apart by commas',
    zh: '第 {line} 行第 {column} 列：字段超过 {most} 字节；应为以逗号分隔的像素数值',
  },
  'data.csv.wide': {
    en: 'line {line} has more than {most} {most|field|fields}; expected a label and the pixels of a picture',
    zh: '第 {line} 行超过 {most} 个字段；应为一个标签和一张图像的像素',
  },
  'data.csv.binary': {
    en: 'is not a table in text: its first line holds zero bytes. Save it as CSV in UTF-8',
    zh: '不是文本表格：第一行含有零字节。请以 UTF-8 编码另存为 CSV',
  },

  // STL-10.
  'data.stl.size': {
    en: 'has {size} bytes; expected {expected}, {record} for each of the {count} {count|label|labels} beside it',
    zh: '大小为 {size} 字节；旁边有 {count} 个标签，每张图像 {record} 字节，应为 {expected} 字节',
  },
  'data.stl.class': {
    en: 'label {index} is {label}, expected 1 to 10',
    zh: '第 {index} 个标签为 {label}，应为 1 至 10',
  },
  'data.stl.packed': { en: 'is packed by gzip; unpack it', zh: '是 gzip 压缩文件；请先解压' },

  // MATLAB files.
  'data.mat.version': {
    en: "is not a MAT-file of version 5 (files of version 7.3 are HDF5, which is not read): save it with save('set.mat', 'X', 'y', '-v7')",
    zh: "不是第 5 版的 MAT 文件（7.3 版为 HDF5，不支持）：请用 save('set.mat', 'X', 'y', '-v7') 另存",
  },
  'data.mat.damaged': {
    en: 'has a damaged array ({reason}); download it again',
    zh: '有数组已损坏（{reason}）；请重新下载',
  },
  'data.mat.short': {
    en: 'is not a complete MAT-file: it ends before an array does',
    zh: '不是完整的 MAT 文件：数组尚未结束文件就到头了',
  },
  'data.mat.type': {
    en: "array '{name}' holds no numbers that are read: expected uint8 pictures and labels of whole numbers or doubles",
    zh: '数组“{name}”的类型不支持：图像应为 uint8，标签应为整数或双精度数',
  },
  'data.mat.other': {
    en: "holds the arrays {found}; expected pictures 'X', [height, width, 3, count], and labels 'y', as SVHN has them",
    zh: '包含数组 {found}；应与 SVHN 一样，图像为“X”（高 × 宽 × 3 × 张数），标签为“y”',
  },
  'data.mat.shape': {
    en: "array 'X' is [{shape}]; expected uint8 [height, width, 3, count], as SVHN has it",
    zh: '数组“X”为 [{shape}]；应与 SVHN 一样为 uint8，高 × 宽 × 3 × 张数',
  },
  'data.mat.count': {
    en: "array 'X' has {pictures} {pictures|picture|pictures}, 'y' has {labels} {labels|label|labels}",
    zh: '数组“X”有 {pictures} 张图像，“y”有 {labels} 个标签',
  },

  // ZIP archives and arrays.
  'data.zip.short': {
    en: 'is not a complete .npz archive: its directory, which is at the end, is missing; the file may be cut short',
    zh: '不是完整的 .npz 文件：缺少末尾的目录，文件可能不完整',
  },
  'data.zip.other': { en: 'is not an .npz archive: found {found}', zh: '不是 .npz 文件：实际为{found}' },
  'data.zip.damaged': {
    en: 'is not a complete .npz archive: its directory is damaged',
    zh: '不是完整的 .npz 文件：目录已损坏',
  },
  'data.zip.members': {
    en: 'its directory states {count} arrays, the limit is {limit}',
    zh: '目录声明有 {count} 个数组，上限为 {limit}',
  },
  'data.zip.encrypted': { en: "array '{name}' is encrypted", zh: '数组“{name}”已加密' },
  'data.zip.method': {
    en: "array '{name}' is packed by method {method}, which NumPy does not write",
    zh: '数组“{name}”的压缩方法为 {method}，NumPy 不使用这种方法',
  },
  'data.zip.member': { en: "array '{name}' is damaged: {reason}", zh: '数组“{name}”已损坏：{reason}' },
  'data.zip.size': {
    en: "array '{name}' unpacks to a different number of bytes than the {size} that its directory states",
    zh: '数组“{name}”解压后的字节数与目录声明的 {size} 不符',
  },
  'data.npy': { en: "array '{name}' {reason}", zh: '数组“{name}”{reason}' },
  'data.npy.magic': { en: 'is not an .npy array', zh: '不是 .npy 数组' },
  'data.npy.header-short': { en: 'is cut off within its header', zh: '在文件头处被截断' },
  'data.npy.header-long': { en: 'has a header of more than {limit} bytes', zh: '的文件头超过 {limit} 字节' },
  'data.npy.header': { en: 'has a header that cannot be understood', zh: '的文件头无法理解' },
  'data.npy.structured': {
    en: 'is of a structured type, expected numbers',
    zh: '是结构化类型，需要的是数值',
  },
  'data.npy.objects': {
    en: "has elements of type '|O' (Python objects: pictures of several sizes?), expected numbers",
    zh: '的元素是 Python 对象（类型“|O”，图像大小不一？），需要的是数值',
  },
  'data.npy.type': { en: "has elements of type '{type}', expected numbers", zh: '的元素类型为“{type}”，需要的是数值' },
  'data.npy.text': {
    en: "has texts of type '{type}', expected 1 to {limit} letters",
    zh: '的文本类型为“{type}”，长度应为 1 至 {limit} 个字符',
  },
  'data.npy.shape': {
    en: 'has the shape ({shape}), which is too large for any memory',
    zh: '的形状为 ({shape})，任何内存都放不下',
  },
  'data.npy.size': {
    en: 'has {found} bytes of elements, its header states {count} × {each}',
    zh: '的元素共 {found} 字节，文件头声明 {count} × {each}',
  },
  'data.npz.none': { en: 'no array', zh: '没有数组' },
  'data.npz.no-images': {
    en: "has labels ('{name}') without images; it holds {found}",
    zh: '只有标签（“{name}”）没有图像；里面是 {found}',
  },
  'data.npz.no-labels': {
    en: "has images ('{name}') without labels; it holds {found}",
    zh: '只有图像（“{name}”）没有标签；里面是 {found}',
  },
  'data.npz.twins': {
    en: "has two arrays with the same meaning, '{a}' and '{b}'",
    zh: '有两个数组含义相同：“{a}”和“{b}”',
  },
  'data.npz.other': {
    en: "holds {found}, expected 'images' and 'labels' or 'x_train' and 'y_train'",
    zh: '里面是 {found}，需要 images 和 labels，或 x_train 和 y_train',
  },
  'data.npz.single': {
    en: "holds a single array without a name ({found}), expected images and labels. If the labels are in a file beside it, name the folder; otherwise combine them: np.savez('set.npz', x_train=…, y_train=…, x_test=…, y_test=…)",
    zh: '里面只有一个未命名的数组（{found}），需要图像和标签。如果标签在旁边的文件中，请选择文件夹；否则请合并：np.savez("set.npz", x_train=…, y_train=…, x_test=…, y_test=…)',
  },
  'data.npz.paired': {
    en: 'images and labels are in separate files, paired by their names: {files}',
    zh: '图像和标签在各自的文件中，按文件名配对：{files}',
  },
  'data.npz.not-one': {
    en: 'holds {count} arrays ({names}), expected one: here images and labels are in separate files',
    zh: '里面有 {count} 个数组（{names}），应只有一个：这里图像和标签各在单独的文件中',
  },
  'data.npz.two-files': {
    en: "holds two files with the same meaning, '{a}' and '{b}' (of {count} files of arrays); put the files of one set into a separate folder",
    zh: '有两个文件含义相同：“{a}”和“{b}”（共 {count} 个数组文件）；请把同一个数据集的文件放到单独的文件夹中',
  },
  'data.npz.only': {
    en: "'{name}' is the only one; without a separate training split, it is used for training",
    zh: '只有“{name}”，没有单独的训练集，因此用它训练',
  },
  'data.npz.names': {
    en: "'{name}' names {count} {count|class|classes}, the limit is {limit}",
    zh: '“{name}”列出 {count} 个类别，上限为 {limit}',
  },

  // Shapes.
  'data.shape': { en: "'{name}' has the shape ({shape}){what}", zh: '“{name}”的形状为 ({shape}){what}' },
  'data.shape.expected': {
    en: ', expected [N, H, W], [N, H, W, C] or [N, C, H, W]',
    zh: '，应为 [N, H, W]、[N, H, W, C] 或 [N, C, H, W]',
  },
  'data.shape.channels': { en: ', expected 1 or 3 channels', zh: '，通道数应为 1 或 3' },
  'data.shape.alpha': {
    en: ', expected 1 or 3 channels; leave the fourth out where it is transparency: x[..., :3]',
    zh: '，通道数应为 1 或 3；第四个通道若是透明度，请去掉：x[..., :3]',
  },
  'data.shape.empty': { en: ': pictures without a pixel', zh: '：图像没有像素' },
  'data.shape.rows': {
    en: ': rows of pixels that do not form a square. Say how high and wide pictures are: x.reshape(-1, height, width)',
    zh: '：每行像素数不是平方数。请指明图像的高和宽：x.reshape(-1, height, width)',
  },
  'data.shape.colors': {
    en: ': rows of {side} × {side} pixels in three colors, in unknown order. State it: x.reshape(-1, 3, {side}, {side}) or x.reshape(-1, {side}, {side}, 3)',
    zh: '：每行为 {side} × {side} 个三色像素，顺序无法得知。请指明：x.reshape(-1, 3, {side}, {side}) 或 x.reshape(-1, {side}, {side}, 3)',
  },
  'data.shape.squares': {
    en: "'{name}' has the shape ({shape}): taken as gray pictures of {side} × {side} pixels, row by row",
    zh: '“{name}”的形状为 ({shape})：按 {side} × {side} 像素的灰度图像逐行读取',
  },

  // The scale of pixels.
  'data.scale.nan': {
    en: "'{name}' holds {count} {count|value|values} that {count|is not a finite number|are not finite numbers} (NaN or infinite)",
    zh: '“{name}”中有 {count} 个值不是有限的数（NaN 或无穷大）',
  },
  'data.scale.other': {
    en: "'{name}' holds values from {low} to {high}, expected pixels from 0 to 255 or from 0 to 1. Say which value is black and which is white, such as {range}",
    zh: '“{name}”的值从 {low} 到 {high}，像素应为 0 至 255 或 0 至 1。请指明黑和白对应的值，例如 {range}',
  },
  'data.scale.part': { en: "'{name}' from {low} to {high}", zh: '“{name}”为 {low} 至 {high}' },
  'data.scale.several': {
    en: 'its splits have different scales: {a}, {b}. Use one scale for all, or say which value is black and which is white, such as 0:1 or 0:255',
    zh: '各部分的取值范围不一致：{a}，{b}。请统一取值范围，或指明黑和白对应的值，例如 0:1 或 0:255',
  },
  'data.scale.unit': {
    en: '{names}: values from 0 to 1, read as 0 for black and 1 for white in all splits',
    zh: '{names}：值在 0 与 1 之间，各部分均以 0 为黑、1 为白',
  },
  'data.scale.bytes': {
    en: '{names}: values from {low} to {high}, read as 0 for black and 255 for white in all splits',
    zh: '{names}：值为 {low} 至 {high}，各部分均以 0 为黑、255 为白',
  },
  'data.scale.overshoot': {
    en: '{count} {count|value lies|values lie} a little beyond 0 … {white} (from {low} to {high}), as resizing leaves them; they are taken as 0 and {white}',
    zh: '有 {count} 个值略微超出 0 … {white}（{low} 至 {high}），通常由缩放造成；按 0 和 {white} 处理',
  },
  'data.scale.binary': {
    en: '{names}: nothing but 0 and 1, read as black and white. If they are the two darkest of 256 gray levels, set the range 0:255',
    zh: '{names}：只有 0 和 1，按黑和白读取。如果它们是 256 级灰度中最暗的两级，请把取值范围设为 0:255',
  },
  'data.scale.dark': {
    en: '{names}: no value above {high} of 255, nearly black. If {high} is white, set the range 0:{high}',
    zh: '{names}：最大值为 {high}（满值 255），近乎全黑。如果 {high} 代表白色，请把取值范围设为 0:{high}',
  },
  'data.scale.asked': {
    en: '{names}: read as {low} for black and {high} for white, as asked for',
    zh: '{names}：按指定，以 {low} 为黑、{high} 为白',
  },
  'data.scale.cut': {
    en: 'values go from {low} to {high}; what lies beyond black or white is taken as that',
    zh: '值从 {low} 到 {high}；超出黑或白的按黑或白处理',
  },
  'data.scale.useless': {
    en: 'a range of pixel values was given ({low}:{high}), which separate picture files do not need',
    zh: '指定了像素取值范围（{low}:{high}），但单独成文件的图像不需要它',
  },

  // Labels and classes.
  'data.labels.count': {
    en: ', expected one label for each of {count} {count|image|images}',
    zh: '，应为 {count} 张图像各有一个标签',
  },
  'data.labels.value': {
    en: "'{name}' has the label {label} at {index}, expected {expected}",
    zh: '“{name}”在 {index} 处的标签为 {label}，应为{expected}',
  },
  'data.labels.whole': { en: 'whole numbers from 0', zh: '从 0 开始的整数' },
  'data.labels.unknown': {
    en: 'whole numbers from 0; where -1 stands for unknown, leave those pictures out',
    zh: '从 0 开始的整数；如果 -1 表示未知，请去掉这些图像',
  },
  'data.labels.one-of': { en: 'one of {names}', zh: '以下之一：{names}' },
  'data.labels.mixed': {
    en: "'{texts}' has texts for labels, '{numbers}' has numbers; use one of the two",
    zh: '“{texts}”的标签是文本，“{numbers}”的标签是数字；请统一',
  },
  'data.labels.many': {
    en: "'{name}' has more than {limit} different labels",
    zh: '“{name}”的不同标签超过 {limit} 个',
  },
  'data.labels.one-hot': {
    en: "'{name}' has the shape ({shape}), and row {row} is not a single 1 among zeros: expected one label for each image",
    zh: '“{name}”的形状为 ({shape})，而第 {row} 行不是一个 1 其余为 0：应为每张图像一个标签',
  },
  'data.labels.multi': {
    en: "'{name}' has the shape ({shape}), and row {row} has {ones} {ones|one|ones}: multi-label data, where an image has several labels or none. A network here learns one label for each image; keep the images with exactly one",
    zh: '“{name}”的形状为 ({shape})，而第 {row} 行有 {ones} 个 1：这是多标签（multi-label）数据，一张图像可有多个标签或没有标签。这里的网络只学习每张图像一个标签；请只保留恰有一个标签的图像',
  },
  'data.no-training': { en: 'has no image in the training split', zh: '训练集中没有图像' },
  'data.label.large': { en: 'has the label {label}, expected less than {limit}', zh: '有标签 {label}，应小于 {limit}' },
  'data.label.unknown.validation': {
    en: 'has the label {label} in the validation split, which the training split lacks ({first} … {last})',
    zh: '验证集中有标签 {label}，而训练集中没有（{first} … {last}）',
  },
  'data.label.unknown.test': {
    en: 'has the label {label} in the test split, which the training split lacks ({first} … {last})',
    zh: '测试集中有标签 {label}，而训练集中没有（{first} … {last}）',
  },
  'data.names.few': {
    en: 'names {count} {count|class|classes}, its labels go up to {label}',
    zh: '列出了 {count} 个类别名，而标签最大为 {label}',
  },
  'data.names.twice': { en: "names two classes '{name}'", zh: '有两个类别同名“{name}”' },
  'data.names.many': {
    en: 'has {count} lines, expected names of at most {limit} classes',
    zh: '有 {count} 行，类别名最多 {limit} 个',
  },
  'data.names.mapping': {
    en: "line {line} is '{text}', expected a label, counted from 0 or 1 without a gap, and the code of its letter",
    zh: '第 {line} 行为“{text}”，应为标签（从 0 或 1 起连续编号）和字符的编码',
  },
  'data.single-class': {
    en: "holds a single class, '{name}', expected two or more",
    zh: '只有一个类别“{name}”，至少需要两个',
  },
  'data.class.empty': {
    en: "class '{name}' has no image in the training split (of {count} {count|class|classes})",
    zh: '类别“{name}”在训练集中没有图像（共 {count} 类）',
  },
  'data.generated.unknown': {
    en: 'is not a generated data set (there are {known})',
    zh: '没有这个生成的数据集（可用：{known}）',
  },
} as const satisfies Entries;
