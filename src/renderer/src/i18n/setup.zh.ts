import type { setupEn } from './setup.en';

/** 训练界面的设置部分：数据、网络、参数、开始。 */
export const setupZh: Record<keyof typeof setupEn, string> = {
  'setup.title': '新的训练',
};
