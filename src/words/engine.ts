import type { Entries } from './message';

/** The engine, its files and its hosts. */
export const engineWords = {
  // What the engine holds for a window.
  'held.model': { en: 'model', zh: '模型' },
  'held.inspection': { en: 'inspection', zh: '检查结果' },
  'held.evaluation': { en: 'evaluation', zh: '评估结果' },

  // Calls that are not of the protocol.
  'call.no-method': { en: "there is no method '{method}'", zh: '没有名为“{method}”的方法' },
  'call.no-parameters': {
    en: '{method}: found {found}, expected an object of parameters',
    zh: '{method}：实际为 {found}，应为参数对象',
  },
  'call.parameter': { en: '{method}: parameter {reason}', zh: '{method}：参数 {reason}' },
  'call.range': {
    en: 'found {what} {found}, expected {least} to {most}',
    zh: '{what}为 {found}，应在 {least} 到 {most} 之间',
  },
  'call.what.layer': { en: 'layer', zh: '层' },
  'call.job-twice': { en: "job '{job}' is already in progress", zh: '任务“{job}”已在进行中' },
  'call.many-jobs': {
    en: '{most} jobs are already in progress; wait for one to end',
    zh: '已有 {most} 个任务在进行，请等其中一个结束',
  },
  'call.cannot-cross': {
    en: '{method}: its parameters cannot be handed to the engine ({reason})',
    zh: '{method}：参数无法传给引擎（{reason}）',
  },
  'call.answer-cannot-cross': {
    en: '{method}: the answer cannot be handed over ({reason})',
    zh: '{method}：结果无法传回（{reason}）',
  },
  'call.answer-unreadable': {
    en: 'an answer of the engine could not be read; try again',
    zh: '引擎的一个结果无法读取，请重试',
  },
  'call.too-deep': { en: 'it is nested more than {most} deep', zh: '嵌套超过 {most} 层' },
  'call.too-long': {
    en: '{method}: {size} MiB at once, the limit is {most} MiB',
    zh: '{method}：一次 {size} MiB，上限为 {most} MiB',
  },
  'call.sender': { en: "a message came from '{url}'", zh: '消息来自“{url}”，不是本应用的页面' },
  'call.save': { en: 'save takes a name and bytes', zh: '保存需要文件名和内容' },
  'call.dropped': { en: 'what was dropped is not in any folder', zh: '拖入的内容不在任何文件夹中' },

  // What scenes of the course ask for.
  'lab.weights': {
    en: 'found {found} weights, expected {one} for all channels or {each} for each its own',
    zh: '权重有 {found} 个，应为各通道共用的 {one} 个，或各通道分开的共 {each} 个',
  },

  // The engine and the way to it.
  'engine.memory': { en: 'the network does not fit into memory: {reason}', zh: '内存容不下此网络（{reason}）' },
  'backend.reference': {
    en: 'the reference executor computes: sums in doubles, some hundred times slower',
    zh: '由参考执行器计算：双精度求和，约慢百倍',
  },
  'backend.no-simd': {
    en: 'the fast executor needs WebAssembly with SIMD, which this processor or JavaScript engine does not have',
    zh: '快速执行器需要支持 SIMD 的 WebAssembly，而此处理器或 JavaScript 引擎不支持',
  },
  'backend.no-memory': {
    en: 'the fast executor needs shared memory (SharedArrayBuffer), which this JavaScript engine does not have',
    zh: '快速执行器需要共享内存（SharedArrayBuffer），而此 JavaScript 引擎不支持',
  },
  'backend.no-relaxed': {
    en: 'this JavaScript engine has no relaxed SIMD: the plain SIMD kernels compute, somewhat slower',
    zh: '此 JavaScript 引擎不支持宽松 SIMD，改用普通 SIMD 内核，速度稍慢',
  },
  'backend.missing': {
    en: "{reason}; leave the executor out, or ask for 'reference'",
    zh: '{reason}；请不要指定执行器，或指定 reference',
  },
  'engine.stopped': { en: 'the engine stopped: {reason}', zh: '引擎停止运行（{reason}）' },
  'engine.no-reason': { en: 'without a reason', zh: '原因不明' },
  'engine.gave-up': {
    en: 'the engine stopped {count} times within a minute ({reason}); start Convscope again',
    zh: '引擎在一分钟内停止了 {count} 次（{reason}），请重新启动 Convscope',
  },
  'engine.closed': { en: 'Convscope is closing', zh: 'Convscope 正在关闭' },
  'host.lost': {
    en: 'the connection to Convscope is closed; start it again',
    zh: '与 Convscope 的连接已断开，请重新启动',
  },
  'host.away': {
    en: 'the connection to Convscope was lost and is being restored; if Convscope was closed, start it again',
    zh: '与 Convscope 的连接已断开，正在重新连接；如果 Convscope 已关闭，请重新启动',
  },
  'host.back': { en: 'the connection was lost for a moment', zh: '连接曾短暂中断' },
  'host.windows': {
    en: 'too many windows are open; close some, then reload this one',
    zh: '打开的窗口过多，请关闭一些后刷新本页',
  },
  'host.port': { en: "--port: found '{found}', expected 0 to 65535", zh: '--port：实际为“{found}”，应为 0 到 65535' },

  // Electron's window, whose process died.
  'window.stopped': { en: 'the window had stopped ({how})', zh: '窗口曾意外停止（{how}）' },
  'window.memory': { en: 'it ran out of memory', zh: '内存不足' },
  'window.killed': {
    en: 'it was ended from outside, perhaps because memory ran out',
    zh: '被外部终止，可能是内存不足',
  },
  'window.crashed': { en: 'it crashed', zh: '程序崩溃' },
  'window.ended': { en: 'it ended: {reason}', zh: '已结束：{reason}' },

  // Kernel threads.
  'work.kernel-thread': {
    en: 'a kernel thread ended with code {exitCode} before it was ready',
    zh: '计算线程尚未就绪就已结束（退出码 {exitCode}）',
  },
} as const satisfies Entries;
