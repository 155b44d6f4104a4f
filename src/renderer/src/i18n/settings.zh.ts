import type { settingsEn } from './settings.en';

export const settingsZh: Record<keyof typeof settingsEn, string> = {
  'settings.title': '设置',
  'settings.foreign': '由 onnxruntime 计算的网络',
  'settings.provider': '计算方式',
  'settings.library': '{provider}（需要安装相应的库）',
  'settings.provider.help':
    '其他执行提供程序的结果会先与 CPU 逐节点比较，然后才显示。结果不同或无法使用时，改由 CPU 计算。',
  'settings.computed': '当前网络的计算方式：{provider}。',
  'settings.memory': '网络可用的内存',
  'settings.memory.help': '超过此值的网络会被停止。留空则为本机内存的一半，至多 4,096 MiB。',
  'settings.memory.range': '应为 {least} 到 {most} 之间的数，或留空。',
  'settings.memory.forced': '环境变量 CONVSCOPE_MEMORY 的值为 {size} MiB。',
  'settings.set': '设定',
};
