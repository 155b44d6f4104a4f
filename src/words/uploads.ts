import type { Entries } from './message';

/** Data sets that are known to the app, and folders that are uploaded into it. */
export const uploadWords = {
  'upload.no-name': { en: 'is no name for an upload: it has a slash', zh: '名称无法使用：其中有斜杠' },
  'upload.no-path': { en: 'is no path for an upload: {reason}', zh: '路径无法使用：{reason}' },
  'upload.path.empty': { en: 'it is empty', zh: '路径为空' },
  'upload.path.long': {
    en: 'it has {count} characters, the limit is {limit}',
    zh: '有 {count} 个字符，上限为 {limit}',
  },
  'upload.path.absolute': { en: 'it is absolute', zh: '它是绝对路径' },
  'upload.path.backslash': { en: 'it has a backslash', zh: '其中有反斜杠' },
  'upload.path.control': { en: 'it has a control character', zh: '其中有控制字符' },
  'upload.path.unicode': { en: 'it is no whole Unicode', zh: '不是完整的 Unicode 文本' },
  'upload.path.empty-name': { en: 'it has an empty name', zh: '其中有空名称' },
  'upload.path.through': { en: "it goes through '{name}'", zh: '其中经过“{name}”' },
  'upload.path.reserved': {
    en: "'{name}' has a character that Windows does not allow in names",
    zh: '“{name}”含有 Windows 文件名不允许的字符',
  },
  'upload.path.device': { en: "'{name}' is a device of Windows", zh: '“{name}”是 Windows 的设备名' },
  'upload.path.ending': {
    en: "'{name}' ends in a dot or a space, which Windows drops",
    zh: '“{name}”以点或空格结尾，Windows 会去掉它们',
  },
  'upload.nothing': { en: 'holds no file', zh: '里面没有文件' },
  'upload.files': {
    en: 'has {count} files, the limit for an upload is {limit}',
    zh: '有 {count} 个文件，上限为 {limit} 个',
  },
  'upload.files.more': {
    en: 'has more than {limit} files, the limit for an upload',
    zh: '超过 {limit} 个文件，即一次复制的上限',
  },
  'upload.bytes': {
    en: 'has {size} MiB, the limit for an upload is {limit} MiB',
    zh: '共 {size} MiB，上限为 {limit} MiB',
  },
  'upload.file-bytes': {
    en: 'has {size} MiB, the limit for one file is {limit} MiB',
    zh: '大小为 {size} MiB，单个文件的上限为 {limit} MiB',
  },
  'upload.room': { en: 'has {size} MiB, there are {free} MiB free', zh: '共 {size} MiB，磁盘只剩 {free} MiB' },
  'upload.twice': { en: 'came twice in one upload', zh: '在同一次复制中出现了两次' },
  'upload.same-name': {
    en: 'came twice in one upload: this file system takes two of its names for one',
    zh: '在同一次复制中出现了两次：此文件系统把其中两个名称视为同一个',
  },
  'upload.short': {
    en: 'came as {files} {files|file|files} of {bytes} {bytes|byte|bytes}, expected {allFiles} of {allBytes}',
    zh: '收到 {files} 个文件共 {bytes} 字节，应为 {allFiles} 个共 {allBytes} 字节',
  },
  'upload.beyond': {
    en: 'sends more than the {files} {files|file|files} of {bytes} {bytes|byte|bytes} that were announced',
    zh: '发来的内容超过所声明的 {files} 个文件、{bytes} 字节',
  },
  'upload.deep': {
    en: 'has more than {limit} folders inside each other: a link may lead in a circle',
    zh: '文件夹嵌套超过 {limit} 层：可能有链接绕成了圈',
  },

  // The list of data sets.
  'sets.no-path': { en: 'is no absolute path', zh: '不是绝对路径' },
  'sets.generated': { en: 'is made by the app and stays', zh: '由应用生成，不能移除' },
  'sets.in-use': { en: 'is being read; stop that first', zh: '正在读取，请先停止' },
  'sets.needed': {
    en: 'is needed by {runs} to go on; remove the run first',
    zh: '训练 {runs} 继续时还需要它；请先移除该训练',
  },
  'sets.run': { en: "'{title}'", zh: '“{title}”' },
  'sets.more-runs': { en: 'and {count} more', zh: '以及另外 {count} 次训练' },
  'sets.damaged': {
    en: "is damaged ({reason}); it is now '{aside}', and the folders in it have to be named again",
    zh: '已损坏（{reason}）；已改名为“{aside}”，其中的文件夹需要重新选择',
  },
  'sets.no-list': { en: 'it is no list of folders', zh: '不是文件夹列表' },

  // Files that are read whole.
  'file.larger': { en: 'it has {size} MiB, the limit is {limit} MiB', zh: '大小为 {size} MiB，上限为 {limit} MiB' },
} as const satisfies Entries;
