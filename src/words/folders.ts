import type { Entries } from './message';

/** Folders as data sets: classes, splits, labels, leaks. */
export const foldersWords = {
  // Why a file or folder of a set was left out.
  'folders.left.line': { en: 'left out: {file}: {reason}', zh: '未采用：{file}：{reason}' },
  'folders.left.more': { en: 'left out: {count} more', zh: '另有 {count} 个文件未采用' },
  'folders.left.hidden': { en: 'hidden', zh: '隐藏文件' },
  'folders.left.system': { en: 'belongs to the operating system', zh: '操作系统的文件夹' },
  'folders.left.beside-classes': {
    en: 'lies beside the folders of classes, not in one',
    zh: '放在各类别文件夹旁边，不在其中',
  },
  'folders.left.beside-splits': {
    en: 'lies beside the folders of the splits, not in one',
    zh: '放在训练集、验证集、测试集文件夹旁边，不在其中',
  },
  'folders.left.beside-images': { en: "lies beside the folder '{folder}'", zh: '放在文件夹“{folder}”旁边' },
  'folders.left.companion': {
    en: 'holds no picture; by its name it accompanies the pictures',
    zh: '其中没有图像；从名称看是图像的附属文件',
  },
  'folders.left.copy': { en: 'a copy of the set inside it', zh: '数据集内含的一份副本' },
  'folders.left.unlabeled': { en: 'holds pictures without a class', zh: '其中的图像没有类别' },
  'folders.left.no-picture': { en: 'holds no picture', zh: '其中没有图像' },
  'folders.left.unreadable': { en: 'cannot be read: {reason}', zh: '无法读取（{reason}）' },
  'folders.left.link-inside': {
    en: 'a link to a folder, or to nothing, inside a class',
    zh: '类别文件夹里的链接，指向文件夹或不存在的目标',
  },
  'folders.left.dangling': { en: 'a link that leads nowhere: {reason}', zh: '链接的目标不存在（{reason}）' },
  'folders.left.circle': { en: 'a link back to a folder that contains it', zh: '链接指回它所在的文件夹（循环）' },
  'folders.left.ending': {
    en: 'its name is not that of a picture (expected {endings})',
    zh: '从文件名看不是图像（支持 {endings}）',
  },
  'folders.left.kind': {
    en: '{kind} pictures are not read; convert them to PNG (expected {endings})',
    zh: '不支持 {kind} 图像，请转换为 PNG（支持 {endings}）',
  },
  'folders.left.foreign': { en: 'does not belong to the {what}', zh: '不属于{what}' },
  'folders.idx-files': { en: 'idx files', zh: ' idx 文件' },
  'folders.stl-files': { en: 'STL-10 binary files', zh: ' STL-10 二进制文件' },
  'folders.mat-files': { en: 'MAT-files', zh: ' MAT 文件' },
  'folders.csv-files': { en: 'tables of pixels', zh: '像素表格' },
  'folders.cifar-files': { en: 'CIFAR binary files', zh: ' CIFAR 二进制文件' },
  'folders.array-files': { en: 'files of arrays', zh: '数组文件' },
  'folders.npz-archive': { en: '.npz archive', zh: ' .npz 文件' },

  // Why a picture was left out.
  'folders.picture.empty': { en: 'empty (0 bytes)', zh: '空文件（0 字节）' },
  'folders.picture.format': {
    en: 'no picture that can be opened (found {found}, expected PNG, JPEG, WebP, AVIF, GIF, TIFF or SVG)',
    zh: '不是可以打开的图像（实际为 {found}，支持 PNG、JPEG、WebP、AVIF、GIF、TIFF 或 SVG）',
  },
  'folders.picture.broken': {
    en: 'the {format} picture is damaged or cut short ({reason})',
    zh: '{format} 图像已损坏或不完整（{reason}）',
  },
  'folders.picture.too-large': {
    en: '{width} × {height} pixels would take {needed} MiB to decode, the limit is {limit} MiB',
    zh: '{width} × {height} 像素解码需要 {needed} MiB，上限为 {limit} MiB',
  },
  'folders.picture.too-slow': {
    en: 'decoding took longer than {seconds} s and was stopped',
    zh: '解码超过 {seconds} 秒，已停止',
  },

  // What was seen.
  'folders.node': { en: '{folder}/ ({count} {count|picture|pictures})', zh: '{folder}/（{count} 张图像）' },
  'folders.name': { en: "'{name}'", zh: '“{name}”' },
  'folders.part.train': { en: 'training', zh: '训练集' },
  'folders.part.validation': { en: 'validation', zh: '验证集' },
  'folders.part.test': { en: 'test', zh: '测试集' },
  'folders.table.read': {
    en: "'{table}' names the class of {count} {count|picture|pictures} in '{folder}' (column {column})",
    zh: '“{table}”给出了“{folder}”中 {count} 张图像的类别（列 {column}）',
  },
  'folders.table.missing': {
    en: "{count} {count|row|rows} of '{table}' {count|names a picture|name pictures} that {count|is|are} missing: {names}",
    zh: '“{table}”中有 {count} 行对应的图像不存在：{names}',
  },
  'folders.table.unlisted': { en: "'{table}' has no row for it", zh: '“{table}”中没有它的行' },
  'folders.table.empty': { en: "its row in '{table}' names no class", zh: '它在“{table}”中的行没有类别' },
  'folders.table.columns': {
    en: "column {file} names the pictures; which of the others is their class is not known: {names}. Call it 'label', or keep these two alone",
    zh: '列 {file} 是图像名；无法得知其余哪一列是类别：{names}。请将其命名为 label，或只保留这两列',
  },
  'folders.table.two': {
    en: "picture '{file}' has two classes, '{a}' and '{b}'; keep one row for each picture",
    zh: '图像“{file}”有两个类别：“{a}”和“{b}”；每张图像请只保留一行',
  },
  'folders.table.several': {
    en: 'several tables name the classes of the pictures: {names}; keep one',
    zh: '有多个表格给出图像的类别：{names}；请只保留一个',
  },
  'folders.table.no-match': {
    en: "holds {count} {count|picture|pictures} side by side, and hardly one has a row in {tables}. A row names a picture, such as '{example}', and its class; or make a folder per class",
    zh: '里面并列着 {count} 张图像，而{tables}中几乎没有对应的行。每行应为图像名（例如“{example}”）和类别；也可以按类别分文件夹存放',
  },
  'folders.table': {
    en: " ('{file}' does not say their classes: a .csv with a picture and its class in each row would)",
    zh: '（“{file}”没有给出类别：每行为图像名和类别的 .csv 才可以）',
  },

  // Why a folder is refused.
  'folders.flat': {
    en: "'{folder}' holds its pictures directly, not in a folder per class{table}. Found: {tree}. Make a folder per class inside '{folder}' and move the pictures there",
    zh: '“{folder}”里直接放着图像，没有按类别分文件夹{table}。现有：{tree}。请在“{folder}”里为每个类别建一个文件夹，把图像移入其中',
  },
  'folders.files-only': {
    en: 'holds {count} {count|file|files}, {names}; expected {expected}{hint}',
    zh: '里面是 {count} 个文件（{names}）；需要{expected}{hint}',
  },
  'folders.flat-root': {
    en: 'holds {count} {count|picture|pictures} directly ({names}), not in a folder per class. Make a folder per class inside it and move the pictures there',
    zh: '里面直接放着 {count} 张图像（{names}），没有按类别分文件夹。请在其中为每个类别建一个文件夹，把图像移入',
  },
  'folders.nothing': {
    en: 'holds nothing; expected {expected}',
    zh: '里面是空的；需要{expected}',
  },
  'folders.folds': {
    en: "is divided into folds for cross-validation ({tree}), which are not classes. Choose one fold ('{example}'), or move the pictures into 'train' and 'val'",
    zh: '分成了交叉验证的若干折（{tree}），它们不是类别。请选择其中一折（如“{example}”），或把图像移入 train 和 val',
  },
  'folders.several-splits': {
    en: 'holds splits of several sets beside each other: {tree}. Name one of them, or make one train, val and test with a folder per class in each',
    zh: '里面并排放着多个数据集的划分：{tree}。请选择其中一个，或整理成一组 train、val、test，各含每个类别的文件夹',
  },
  'folders.half-copy': {
    en: "'{folder}' holds folders of the same names as beside it, with other pictures: {tree}. Which of them is the data set is unclear; move the pictures of '{folder}/{label}' into '{label}', or move '{folder}' elsewhere",
    zh: '“{folder}”里有与旁边同名的文件夹，但图像不同：{tree}。无法判断哪些是数据集；请把“{folder}/{label}”的图像移入“{label}”，或移走“{folder}”',
  },
  'folders.versions': {
    en: 'all of {names} hold the same folders ({inner}), so either level could be the classes. Found: {tree}. Where {inner} are the classes, name one of {names}; else move the pictures up into {names}',
    zh: '{names} 里都是同名的文件夹（{inner}），哪一层是类别无法判断。现有：{tree}。若 {inner} 是类别，请选择 {names} 之一；否则请把图像上移到 {names}',
  },
  'folders.two-splits': {
    en: "has two folders for the {part} split, '{a}' and '{b}'; rename one or move it elsewhere",
    zh: '{part}有两个文件夹：“{a}”和“{b}”；请改名或移走其中一个',
  },
  'folders.no-training': {
    en: 'has no folder for the training split (found {tree})',
    zh: '没有训练集文件夹（现有 {tree}）',
  },
  'folders.no-class': {
    en: 'holds no folder of pictures, expected one folder per class (found {tree}){hint}',
    zh: '里面没有图像文件夹：需要每个类别一个文件夹（现有 {tree}）{hint}',
  },
  'folders.no-picture-below': {
    en: 'no picture lies in it or in the folders inside it (expected {endings})',
    zh: '其中及其子文件夹里没有图像（支持 {endings}）',
  },
  'folders.no-picture': {
    en: 'holds no image: none of its {count} {count|folder|folders} has one (expected {endings}){hint}',
    zh: '里面没有图像：{count} 个文件夹都没有（支持 {endings}）{hint}',
  },
  'folders.no-picture-of': {
    en: "holds no image: none of its {count} {count|folder|folders} has one, {left} {left|file was|files were} left out ('{file}': {reason})",
    zh: '里面没有图像：{count} 个文件夹都没有，有 {left} 个文件未采用（“{file}”：{reason}）',
  },
  'folders.unknown-class': {
    en: "has the class '{label}', which the training split lacks (it has {known})",
    zh: '有类别“{label}”，而训练集中没有（训练集有 {known}）',
  },
  'folders.empty-class': { en: "class '{label}' has no image", zh: '类别“{label}”没有图像' },
  'folders.empty-class-of': {
    en: "class '{label}' has no image, {count} left out ('{file}': {reason})",
    zh: '类别“{label}”没有图像，有 {count} 个文件未采用（“{file}”：{reason}）',
  },
  'folders.unreadable-class': {
    en: "class '{label}' has no image that can be read, {count} were left out ('{file}': {reason})",
    zh: '类别“{label}”没有可以读取的图像，有 {count} 个文件未采用（“{file}”：{reason}）',
  },
  'folders.single': {
    en: "holds a single class, '{label}', expected two or more",
    zh: '只有一个类别“{label}”，至少需要两个',
  },
  'folders.single-nested': {
    en: "holds a single class, '{label}', expected two or more; are the classes the folders inside '{label}'?",
    zh: '只有一个类别“{label}”，至少需要两个；各类别是否在“{label}”里面？',
  },
  'folders.no-readable': { en: 'holds no image that can be read', zh: '里面没有可以读取的图像' },
  'folders.archive': {
    en: 'is an archive; unpack it and name the folder',
    zh: '是压缩包；请先解压，再选择文件夹',
  },
  'folders.no-set': {
    en: 'is not a data set (expected {expected}){hint}',
    zh: '不是数据集（需要{expected}）{hint}',
  },
  'folders.several-npz': {
    en: 'holds {count} .npz files ({names}), name one of them',
    zh: '里面有 {count} 个 .npz 文件（{names}），请选择其中一个',
  },
  'folders.no-images-beside': {
    en: "labels without images, expected '{file}' beside it",
    zh: '只有标签没有图像，旁边应有“{file}”',
  },
  'folders.no-labels-beside': {
    en: "images without labels, expected '{file}' beside it",
    zh: '只有图像没有标签，旁边应有“{file}”',
  },
  'folders.two-sets': {
    en: "has two sets for the {part} split, '{a}' and '{b}'; name one of the files",
    zh: '{part}有两组文件：“{a}”和“{b}”；请选择其中一个文件',
  },

  // What to do with data in a form that is not read.
  'folders.hint.archive': {
    en: ". '{file}' is an archive: unpack it and name the folder that comes out",
    zh: '。“{file}”是压缩包：请先解压，再选择解压出的文件夹',
  },
  'folders.hint.cifar': {
    en: ". '{file}' belongs to CIFAR's version for Python, which is not read: take the binary version (cifar-10-binary.tar.gz)",
    zh: '。“{file}”属于 CIFAR 的 Python 版本，不支持：请使用二进制版本（cifar-10-binary.tar.gz）',
  },
  'folders.hint.convert': {
    en: ". '{file}' is {kind}, which is not read: write its images and labels as arrays, np.savez('set.npz', x_train=…, y_train=…, x_test=…, y_test=…), or as pictures in a folder per class",
    zh: '。“{file}”是{kind}，不支持：请把图像和标签存为数组 np.savez("set.npz", x_train=…, y_train=…, x_test=…, y_test=…)，或按类别分文件夹存为图像',
  },
  'folders.foreign.mat': { en: 'a MATLAB file', zh: ' MATLAB 文件' },
  'folders.foreign.hdf5': { en: 'an HDF5 file', zh: ' HDF5 文件' },
  'folders.foreign.table': { en: 'a table', zh: '表格' },
  'folders.foreign.parquet': { en: 'a table of Apache Arrow or Parquet', zh: ' Apache Arrow 或 Parquet 表格' },
  'folders.foreign.pickle': { en: 'a Python pickle', zh: ' Python pickle 文件' },
  'folders.foreign.torch': { en: 'a PyTorch file', zh: ' PyTorch 文件' },
  'folders.foreign.tfrecord': { en: 'a TFRecord file', zh: ' TFRecord 文件' },
  'folders.foreign.lmdb': { en: 'an LMDB database', zh: ' LMDB 数据库' },
  'folders.foreign.npy': {
    en: 'an array whose name does not say whether it holds images or labels',
    zh: '数组，但从名称看不出是图像还是标签',
  },

  // What people are told before they train.
  'folders.classes': { en: '{count} {count|class|classes}: {names}', zh: '{count} 个类别：{names}' },
  'folders.classes-more': {
    en: '{count} {count|class|classes}: {names} … and {more} more',
    zh: '{count} 个类别：{names}……另有 {more} 个',
  },
  'folders.inside': {
    en: "reads the folder '{folder}', which is all that '{path}' holds",
    zh: '读取“{path}”中仅有的文件夹“{folder}”',
  },
  'folders.images': {
    en: "The classes are taken from '{folder}'; what is beside it ({beside}) is not read",
    zh: '类别取自“{folder}”；旁边的 {beside} 不读取',
  },
  'folders.unlabeled': {
    en: "'{folder}' is left out: its {count} {count|picture lies|pictures lie} in no folder of a class. To use it, make a folder per class in it, named as in the training split",
    zh: '未采用“{folder}”：其中 {count} 张图像没有放在类别文件夹里。如要使用，请在其中按训练集的类别名建文件夹',
  },
  'folders.empty-split': {
    en: "'{folder}' holds no picture: there is no {part} split",
    zh: '“{folder}”里没有图像：没有{part}',
  },
  'folders.other-case': {
    en: "The classes of '{folder}' differ from those of the training split only in upper and lower case ({names}); they are treated as the same",
    zh: '“{folder}”的类别与训练集只有大小写不同（{names}），按同一类别处理',
  },
  'folders.same-name': {
    en: 'There are several folders of the same name, written in different Unicode forms ({names}); each is one class',
    zh: '有多个文件夹同名，只是 Unicode 形式不同（{names}）；各按一个类别处理',
  },
  'folders.case-twice': {
    en: 'Some classes differ only in upper and lower case ({names}); they are treated as different classes',
    zh: '有的类别只有大小写不同（{names}），按不同类别处理',
  },
  'folders.encoding': {
    en: 'Some names are not UTF-8; the bytes that cannot be read are shown as \\xHH ({names})',
    zh: '有的名称不是 UTF-8 编码，无法解读的字节显示为 \\xHH（{names}）',
  },
  'folders.copy': {
    en: "'{folder}' is a copy of the set that lies beside it; it is left out",
    zh: '“{folder}”是旁边数据集的副本，未采用',
  },
  'folders.transposed': {
    en: 'Each class has folders of its own for the splits ({names}); they are combined',
    zh: '每个类别各有自己的划分文件夹（{names}），已合并为各个划分',
  },
  'folders.joined': {
    en: 'Folders inside a class are joined: {classes}. Where the inner folders are the classes, move them up',
    zh: '类别里面的文件夹合并为一类：{classes}。若里面的文件夹才是类别，请上移一层',
  },
  'folders.joined.class': { en: "'{label}' joins {inner}", zh: '“{label}”合并了 {inner}' },
  'folders.like-splits': {
    en: 'Some classes are named like splits or like files that accompany pictures: {names}. Check that these are the classes that the network should learn',
    zh: '有的类别名像是数据划分或图像的附属文件：{names}。请确认网络要区分的确实是它们',
  },
  'folders.lacking': {
    en: "'{folder}' has no picture of {names}: figures on it say nothing about {count|it|them}",
    zh: '“{folder}”里没有 {names} 这 {count} 个类别的图像，其结果不反映它们',
  },
  'folders.leak': {
    en: '{count} {count|picture|pictures} of the {part} split {count|is|are} also in the {other} split, identical at the network’s size ({examples}): figures on the {part} split look better than they are',
    zh: '{part}有 {count} 张图像也在{other}中，在网络的输入尺寸下完全相同（{examples}）：{part}上的结果会偏高',
  },
  'folders.two-labels': {
    en: '{count} {count|picture is|pictures are} in several classes, identical at the network’s size ({examples}): no network can predict all of them correctly',
    zh: '有 {count} 张图像同时属于多个类别，在网络的输入尺寸下完全相同（{examples}）：任何网络都不可能全部预测正确',
  },
  'folders.twins': { en: '{a} = {b}', zh: '{a} = {b}' },
  'folders.place': { en: 'picture {number} of the {part} split', zh: '{part}第 {number} 张' },

  // Evaluation.
  'evaluation.no-split': { en: 'has no {part} split', zh: '没有{part}' },
  'evaluation.changed': {
    en: 'has changed since the run learned from it: which pictures it did not see is no longer known',
    zh: '训练之后数据有变动，已无法得知哪些图像未参与训练',
  },
  'evaluation.changed-meanwhile': {
    en: "changed while '{title}' was evaluated; evaluate again",
    zh: '评估“{title}”期间数据有变动，请重新评估',
  },
  'evaluation.no-vote': {
    en: "knows {count} {count|class|classes} ({names}), '{other}' {others} others ({known}): they cannot vote together",
    zh: '认识 {count} 个类别（{names}），而“{other}”认识另外 {others} 个（{known}）：无法一起投票',
  },
  'evaluation.no-vote-values': {
    en: 'does not end in a softmax: only probabilities that sum to one can be averaged in a vote',
    zh: '末层不是 softmax：只有总和为 1 的概率才能取平均来投票',
  },
  'evaluation.other-classes': {
    en: "has {count} {count|class|classes} ({names}), '{id}' knows {others} others ({known})",
    zh: '有 {count} 个类别（{names}），而“{id}”认识的是另外 {others} 个（{known}）',
  },
  'evaluation.pair': { en: "'{data}' is '{model}'", zh: '“{data}”即“{model}”' },
  'evaluation.by-order': {
    en: "'{file}' has other classes than '{id}' knows; they are matched by their order: {pairs}",
    zh: '“{file}”的类别与“{id}”认识的不同，已按顺序一一对应：{pairs}',
  },
  'evaluation.by-capitals': {
    en: "The classes of '{file}' differ from those of '{id}' only in upper and lower case; they are treated as the same: {pairs}",
    zh: '“{file}”的类别与“{id}”的只有大小写不同，按同一类别处理：{pairs}',
  },
  'evaluation.by-synonym': {
    en: "The classes of '{file}' and of '{id}' are written differently (spaces, underscores, synonyms); they are treated as the same: {pairs}",
    zh: '“{file}”与“{id}”的类别写法不同（空格、下划线或同义词），按同一类别处理：{pairs}',
  },
  'evaluation.confirm-order': {
    en: "its classes are not those of '{id}' by name. Confirm that they are the same in their order: {pairs}",
    zh: '类别名与“{id}”的不一致。请确认按顺序一一对应：{pairs}',
  },
  'evaluation.unnamed': {
    en: "has {count} {count|class|classes} ({names}), '{id}' tells {others} apart and does not name them: neither by name nor by order is it known which is which",
    zh: '有 {count} 个类别（{names}），而“{id}”区分 {others} 个类别且未给出名称：无论按名称还是按顺序都无法对应',
  },
  'evaluation.unknown-classes': {
    en: "has {count} {count|class|classes} ({names}), '{id}' knows {others} others ({known}); it does not know {unknown}",
    zh: '有 {count} 个类别（{names}），而“{id}”认识的是另外 {others} 个（{known}），不认识 {unknown}',
  },
  'evaluation.labels-count': {
    en: '{found} class {found|name is|names are} given, its output has {expected} numbers',
    zh: '给出了 {found} 个类别名，而输出有 {expected} 个数',
  },
  'evaluation.no-picture': {
    en: 'none of its inputs ({inputs}) takes a picture: it cannot be evaluated on pictures',
    zh: '没有接受图像的输入（{inputs}），无法用图像评估',
  },
  'evaluation.output': { en: "'{name}' [{shape}]", zh: '“{name}”[{shape}]' },
  'evaluation.no-classes': {
    en: 'it is not a classifier: its outputs are {outputs}, expected one of [N, classes]',
    zh: '不是分类网络：输出为 {outputs}，应为一个 [N, 类别数] 的输出',
  },
  'evaluation.row': {
    en: "'{output}' has {found} numbers for a picture, expected {expected}",
    zh: '“{output}”对一张图像给出 {found} 个数，应为 {expected} 个',
  },
  'evaluation.picture-guessed': {
    en: "How pictures go into '{id}' is guessed: {reasons}",
    zh: '“{id}”的图像输入方式为推测：{reasons}',
  },
  'evaluation.picture-kept': {
    en: "Pictures go into '{id}' as was chosen in the app for this file",
    zh: '“{id}”的图像按曾在应用中为此文件选定的方式输入',
  },
  'evaluation.picture-chosen': {
    en: "Pictures go into '{id}' as you set it",
    zh: '“{id}”的图像按所设定的方式输入',
  },
  'evaluation.softmax-taken': {
    en: "'{id}' ends without a softmax: the softmax of '{output}' is taken as its probabilities",
    zh: '“{id}”末尾没有 softmax：以“{output}”的 softmax 作为概率',
  },
  'evaluation.drawn': {
    en: "The data has no validation split: the {part} split is the one drawn by '{title}' (seed {seed})",
    zh: '数据没有划分验证集：这里的{part}是“{title}”训练时划分的（种子 {seed}）',
  },
  'evaluation.all': {
    en: 'The data has neither a test nor a validation split: all of its pictures are used',
    zh: '数据没有测试集和验证集：使用全部图像',
  },
  'evaluation.difference.none': {
    en: '{a} and {b} are right on the same of these {images} {images|picture|pictures}',
    zh: '{a} 与 {b} 在这 {images} 张图像上对错完全相同',
  },
  'evaluation.difference.told': {
    en: '{a} is right more often than {b}, by {points} points (95 % interval {from} to {to}): alone it is right on {onlyA}, {b} alone on {onlyB}. Between equally good networks so uneven a count is rare (McNemar’s exact test, p {p}). This holds for such pictures and these weights; another training may turn out otherwise',
    zh: '{a} 的准确率比 {b} 高 {points} 个百分点（95% 置信区间 {from} 至 {to}）：仅 {a} 正确的有 {onlyA} 张，仅 {b} 正确的有 {onlyB} 张。两个同样好的网络很少相差这么多（McNemar 精确检验，p {p}）。这一结论只针对这类图像和当前权重；重新训练的结果可能不同',
  },
  'evaluation.difference.open': {
    en: '{a} is right on {points} points more than {b} (95 % interval {from} to {to}): alone on {onlyA}, {b} alone on {onlyB}. Between equally good networks so uneven a count is common (McNemar’s exact test, p {p}): {images} {images|picture does|pictures do} not tell which is better',
    zh: '{a} 的准确率比 {b} 高 {points} 个百分点（95% 置信区间 {from} 至 {to}）：仅 {a} 正确的有 {onlyA} 张，仅 {b} 正确的有 {onlyB} 张。两个同样好的网络也常相差这么多（McNemar 精确检验，p {p}）：{images} 张图像不足以判断哪个更好',
  },
  'evaluation.only-training': {
    en: "'{title}' learned from all of its data: the training split is used",
    zh: '“{title}”用全部数据训练过：这里使用训练集',
  },
  'evaluation.learned': {
    en: "'{id}' learned from {count} of these {images} {images|picture|pictures}: its figures look better than they are",
    zh: '“{id}”训练时用过这 {images} 张图像中的 {count} 张，其结果偏高',
  },
  'evaluation.unknown': {
    en: "Whether '{id}' learned from some of these pictures is unknown: its data ('{data}') is gone or has changed",
    zh: '无法得知“{id}”训练时是否用过其中的图像：它的数据（“{data}”）已不在或已变动',
  },
  'evaluation.no-own-data': {
    en: 'has no data of its own; choose a data set',
    zh: '不带自己的数据，请选择一个数据集',
  },

  'evaluation.index': {
    en: 'found {what} {index}, expected 0 to {last}',
    zh: '{what} 的序号为 {index}，应为 0 到 {last}',
  },
  'evaluation.not-kept': { en: 'picture {index} is not kept', zh: '未保留第 {index} 张图像' },

  // Class names given by the user.
  'labels.count': {
    en: 'labels: found {count} {count|name|names} ({names}), expected {expected} different ones',
    zh: '类别名：给出了 {count} 个（{names}），需要 {expected} 个互不相同的名称',
  },
  'labels.permuted': {
    en: "labels: the class '{own}' of the data would be named '{given}', which is the name of another class. The data already names its classes ({names}): leave the labels out, or give other names in this order",
    zh: '类别名：数据中的“{own}”会被叫作“{given}”，而那是另一个类别的名称。类别名已由数据给出（{names}）：请不要指定类别名，或按此顺序给出别的名称',
  },
} as const satisfies Entries;
