import type { Entries } from './message';

/** Links: the state of a screen in a line of text, and lists of them. */
export const linkWords = {
  'link.none': {
    en: "found '{found}', expected a link that starts with convscope://",
    zh: '实际为“{found}”，应为以 convscope:// 开头的链接',
  },
  'link.long': {
    en: 'the link has {found} characters, the limit is {most}',
    zh: '链接有 {found} 个字符，上限为 {most} 个',
  },
  'link.screen': {
    en: "the link names the screen '{found}', expected one of {known}",
    zh: '链接指向的页面为“{found}”，应为 {known} 之一',
  },
  'link.field': { en: "the link's field '{field}': {reason}", zh: '链接的字段“{field}”：{reason}' },
  'link.unknown': { en: 'there is no such field; known are {known}', zh: '没有这个字段；可用字段为 {known}' },
  'link.twice': { en: 'it stands there twice', zh: '出现了两次' },
  'link.encoding': { en: "'{found}' is not percent-encoded text", zh: '“{found}”不是有效的百分号编码' },
  'link.found': { en: "found '{found}', expected {expected}", zh: '实际为“{found}”，应为{expected}' },
  'link.whole': { en: 'a whole number from {from}', zh: '不小于 {from} 的整数' },
  'link.range': { en: 'a whole number from {from} to {to}', zh: ' {from} 到 {to} 之间的整数' },
  'link.one-of': { en: 'one of {names}', zh: ' {names} 之一' },
  'link.text': { en: 'some text', zh: '文字' },
  'link.query': { en: 'name=value pairs in percent-encoding', zh: '百分号编码的 name=value' },
  'link.network': {
    en: 'the ID of a network, run:ID or file:DIGEST:NAME',
    zh: '网络的标识，或 run:ID，或 file:DIGEST:NAME',
  },
  'link.picture': { en: 'the ID of a sample or file:DIGEST:NAME', zh: '样例的标识，或 file:DIGEST:NAME' },
  'link.color': { en: 'a color as rrggbb', zh: ' rrggbb 形式的颜色' },
  'link.prepare': {
    en: 'HEIGHTxWIDTH,LAYOUT,COLOR,SCALE,MEAN,STD (224x224,NCHW,rgb,1,0;0;0,1;1;1)',
    zh: ' HEIGHTxWIDTH,LAYOUT,COLOR,SCALE,MEAN,STD 形式，例如 224x224,NCHW,rgb,1,0;0;0,1;1;1',
  },
  'link.networks': {
    en: 'networks separated by commas, each the ID of one or run:ID',
    zh: '以逗号分隔的网络，每个为网络的标识或 run:ID',
  },

  // What a link names, and what is here.
  'link.no-network': { en: 'no network is open', zh: '没有打开的网络' },
  'link.no-sample': { en: "there is no sample '{found}'", zh: '没有样例“{found}”' },
  'link.no-layer': {
    en: "the network '{network}' has no layer '{found}'; it has {known}",
    zh: '网络“{network}”中没有“{found}”层；现有 {known}',
  },
  'link.only-overview': { en: 'of this network there is only the overview', zh: '该网络只有总览' },
  'link.no-run': { en: "there is no run '{found}' here", zh: '这里没有训练“{found}”' },
  'link.no-recipe': { en: "there is no experiment '{found}'", zh: '没有预设实验“{found}”' },
  'link.no-data': { en: "the data set '{found}' is not known here", zh: '这里没有数据集“{found}”' },
  'link.missing': {
    en: 'the link needs {files}. Looked for among the files opened in this window: {reason}. Drop what is missing here, and the link opens',
    zh: '链接需要 {files}。已在本窗口打开过的文件中查找：{reason}。把缺少的文件拖到这里，链接就会打开',
  },
  'link.missing.network': { en: 'the network {name}', zh: '网络 {name}' },
  'link.missing.picture': { en: 'the picture {name}', zh: '图像 {name}' },
  'link.looked': { en: 'found {names}', zh: '其中有 {names}' },
  'link.looked-none': { en: 'there was none', zh: '没有文件' },
  'link.looked-other': {
    en: 'found {names}; {same} is there with other content',
    zh: '其中有 {names}；{same} 同名但内容不同',
  },
  'scene.file': {
    en: 'it is not a scene that was saved here: it lacks the fields convscope, scene and state',
    zh: '不是在这里保存的场景：缺少 convscope、scene 和 state 字段',
  },
  'lesson.json': { en: 'it is not JSON', zh: '不是 JSON' },

  // What is on screen as a command.
  'command.no-file': {
    en: '{name} is in no file: the command line can read files alone',
    zh: '{name} 不在任何文件中，而命令行只能读取文件',
  },
  'command.no-network': {
    en: '{run} was not started in this window: its settings are in its run.json',
    zh: '{run} 不是在本窗口开始的，其设置见 run.json',
  },
  'command.changed': {
    en: '{run} trains a network at another input size, or a dense one in its place, which the command line cannot ask for in the same way',
    zh: '{run} 训练的网络改了输入尺寸，或换成了全连接网络，命令行无法以同样方式指定',
  },
  'command.nothing': { en: 'there is nothing here that a command could do', zh: '这里没有命令行能做的事' },
  'command.no-data': { en: 'choose the data set of the comparison', zh: '请先选择比较所用的数据集' },
} as const satisfies Entries;
