import type { trainEn } from './train.en';

/** 训练界面的简体中文。 */
export const trainZh: Record<keyof typeof trainEn, string> = {
  'train.runs': '训练记录',
  'chart.reset': '显示全部',
  'chart.along': '{label}，沿{axis}',
};
