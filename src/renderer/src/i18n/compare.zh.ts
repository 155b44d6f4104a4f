import type { compareEn } from './compare.en';

/** 比较界面的简体中文。 */
export const compareZh: Record<keyof typeof compareEn, string> = {
  'compare.runs': '训练记录',
};
