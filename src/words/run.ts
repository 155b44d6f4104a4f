import type { Entries } from './message';

/** Runs, and the processes that do long work. */
export const runWords = {
  // What may not be done with a run.
  'run.exists': {
    en: 'already holds a run; resume it or overwrite it',
    zh: '里面已有一次训练；可以继续或覆盖',
  },
  'run.nothing': {
    en: 'holds no run to resume; to start one, give {missing}',
    zh: '里面没有可以继续的训练；要开始请给出 {missing}',
  },
  'run.keeps': { en: '{reason}; a resumed run keeps its settings', zh: '{reason}；继续训练时设置不变' },
  'run.contradicts': {
    en: '{option} {wanted} contradicts {began}, with which it was started',
    zh: '{option} {wanted} 与开始时的 {began} 不符',
  },
  'run.contradicts.weights': {
    en: "the weights of '{file}' are not those with which it was started",
    zh: '“{file}”的权重与开始时的不符',
  },
  'run.option.none': { en: 'none', zh: '无' },
  // What a run is asked for besides its settings.
  'run.asked.data': { en: 'data', zh: '数据' },
  'run.asked.model': { en: 'model', zh: '模型' },
  'run.asked.recipe': { en: 'recipe', zh: '预设实验' },
  'run.asked.init': { en: 'init', zh: '初始权重' },
  'run.asked.fit': { en: 'fit', zh: '缩放方式' },
  'run.asked.range': { en: 'range', zh: '像素取值' },
  'run.asked.dataName': { en: 'data-name', zh: '数据名称' },
  'run.asked.title': { en: 'title', zh: '训练名称' },
  'run.asked.labels': { en: 'labels', zh: '类别名' },
  'run.otherWeights': {
    en: "was started with the weights of '{file}', which has changed since",
    zh: '开始时用的是“{file}”的权重，该文件此后有变动',
  },
  'run.otherData': {
    en: "its data is different: '{path}' has changed since the run was started, or is not what it was started with",
    zh: '数据已不同：“{path}”在训练开始后有变动，或已不是原来的数据',
  },
  'run.underWay': { en: 'is already in progress', zh: '已在进行中' },
  'run.waits': { en: 'is waiting for another run to end', zh: '正在等待另一次训练结束' },
  'run.elsewhere': {
    en: 'is trained by another process; control it from there',
    zh: '由另一个进程训练，请在那里操作',
  },
  'run.notTrained': { en: 'is not being trained ({state})', zh: '没有在训练（{state}）' },
  'run.state.stopped': { en: 'stopped', zh: '已停止' },
  'run.state.interrupted': { en: 'interrupted', zh: '已中断' },
  'run.state.diverged': { en: 'diverged', zh: '已发散' },
  'run.state.failed': { en: 'failed', zh: '失败' },
  'run.state.finished': { en: 'finished', zh: '已完成' },
  'run.state.paused': { en: 'paused', zh: '已暂停' },
  'run.diverged': {
    en: 'diverged; with the same settings it would diverge again: start a run with other settings',
    zh: '已发散，用同样的设置还会发散：请更换设置重新开始',
  },
  'run.finished': {
    en: 'is finished after {epochs} {epochs|epoch|epochs}; to continue, ask for more epochs',
    zh: '已完成 {epochs} 轮；要继续请增加轮次',
  },
  'run.fewer': {
    en: 'was started for {before} {before|epoch|epochs}, found {wanted}: it can be trained for more, not for fewer',
    zh: '开始时定为 {before} 轮，现在是 {wanted} 轮：轮次只能增加，不能减少',
  },
  'run.noNetwork': {
    en: 'has not started, and its network is no longer known',
    zh: '尚未开始，而它的网络已无从得知',
  },
  'run.training': { en: 'is being trained; stop it first', zh: '正在训练，请先停止' },
  'run.otherProcess': { en: 'another process is training it', zh: '另一个进程正在训练它' },
  'run.locked': {
    en: "{who} is training in it; end that first (or, if it is not a Convscope process, delete '{file}')",
    zh: '{who}正在其中训练，请先结束它（如果不是 Convscope 的进程，请删除“{file}”）',
  },
  'run.locked.process': { en: 'process {pid}', zh: '进程 {pid} ' },
  'run.locked.another': { en: 'another process', zh: '另一个进程' },
  'run.gone': { en: 'there is no such run', zh: '此训练记录已不存在' },
  'run.placeTaken': { en: 'its place is taken', zh: '原来的位置已被占用' },
  'run.dataGone': {
    en: 'is no longer there; put it back, or choose it at its new place under the same name',
    zh: '已不在原处；请放回去，或以同样的名称在新位置重新选择',
  },
  'run.ended': {
    en: 'did not stop within {seconds} s and was ended; it can be resumed from its last checkpoint',
    zh: '{seconds} 秒内没有停下，已被终止；可以从最后的检查点继续',
  },

  // What a run's folder holds.
  'run.noId': { en: 'is not a run', zh: '不是训练记录' },
  'run.noRecord': { en: 'is not a run (it has no run.json)', zh: '不是训练记录（没有 run.json）' },
  'run.noFiles': { en: 'holds neither request.json nor run.json', zh: '里面既没有 request.json 也没有 run.json' },
  'run.expect.time': { en: 'a date and time', zh: '日期与时间' },
  'run.isFile': { en: 'is a file, expected a folder for the run', zh: '是文件，需要的是存放训练的文件夹' },
  'run.foreign': {
    en: 'holds other things ({names}), expected a run or an empty folder',
    zh: '里面有其他内容（{names}），需要训练的文件夹或空文件夹',
  },
  'run.foreign.members': {
    en: 'holds other things ({names}), expected {members} runs (1 … {members}) or an empty folder',
    zh: '里面有其他内容（{names}），需要 {members} 次训练（1 … {members}）或空文件夹',
  },
  'run.noModel': {
    en: 'has no model before its first epoch ends',
    zh: '第一轮完成之前没有模型',
  },
  'run.checkpoint': {
    en: 'is not a valid checkpoint ({reason}); remove it to start the run from the beginning',
    zh: '不是完好的检查点（{reason}）；删除它即可从头训练',
  },
  'run.checkpoint.format': { en: 'it is not a checkpoint of Convscope', zh: '不是 Convscope 的检查点' },
  'run.checkpoint.parameter': {
    en: "parameter '{name}': found {found}, expected {expected} {expected|value|values}",
    zh: '参数“{name}”：实际为 {found} 个数值，应为 {expected} 个',
  },
  'run.checkpoint.type': {
    en: "tensor '{name}': found {found}, expected {expected}",
    zh: '张量“{name}”：实际为 {found}，应为 {expected}',
  },
  'run.checkpoint.bytes': {
    en: "tensor '{name}': found bytes {from} to {to}, expected {expected}",
    zh: '张量“{name}”：位于第 {from} 到 {to} 字节，应占 {expected} 字节',
  },
  'run.checkpoint.short': { en: 'the file is cut short', zh: '文件不完整' },

  // Processes.
  'work.ended': {
    en: 'the work process ended with {how}: it was killed, ran out of memory or crashed',
    zh: '工作进程已结束（{how}）：被终止、内存不足或自身故障',
  },
  'work.ended.code': { en: 'code {code}', zh: '退出码 {code}' },
  'work.start': { en: 'the work process cannot start: {reason}', zh: '工作进程无法启动：{reason}' },
  'work.task': { en: "there is no task '{name}'", zh: '没有任务“{name}”' },
} as const satisfies Entries;
