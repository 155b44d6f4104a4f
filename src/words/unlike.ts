import type { Entries } from './message';

/** Why a picture is unlike those that a network learned from. */
export const unlikeWords = {
  'unlike.all': {
    en: '{known}. {learned}: {reasons}',
    zh: '{known}。{learned}：{reasons}',
  },
  'unlike.learned': {
    en: 'This picture is unlike the {count} {count|picture|pictures} that it learned from',
    zh: '这张图像不同于它学过的 {count} 张图像',
  },
  'unlike.short': { en: 'Unlike what it learned from', zh: '不同于它学过的图像' },
  'unlike.known': { en: 'This network only knows {names}', zh: '这个网络只认识{names}' },
  'unlike.known.more': {
    en: 'This network only knows {names} and {more} more {more|class|classes}',
    zh: '这个网络只认识{names}及另外 {more} 类',
  },
  'unlike.colored': {
    en: 'it has colors; {colored} of the {count} training pictures had any',
    zh: '它有颜色；{count} 张训练图像中有颜色的为 {colored} 张',
  },
  'unlike.outside': {
    en: '{what} {value} %; of 99 in 100 training pictures {low} to {high} %',
    zh: '{what}为 {value}%；99% 的训练图像在 {low}% 到 {high}% 之间',
  },
  'unlike.together': {
    en: 'where it is light, dark and detailed, taken together, is like no training picture',
    zh: '明暗与细节的分布总体上不同于任何训练图像',
  },
  'unlike.small': {
    en: 'it has only {width} × {height} pixels; the smallest training pictures have {smallest}',
    zh: '它只有 {width} × {height} 像素；最小的训练图像为 {smallest}',
  },
  'unlike.large': {
    en: 'it has {width} × {height} pixels; the largest training pictures have {largest}',
    zh: '它有 {width} × {height} 像素；最大的训练图像为 {largest}',
  },
  'unlike.brightness': { en: 'brightness', zh: '亮度' },
  'unlike.contrast': { en: 'contrast (standard deviation)', zh: '对比度（标准差）' },
  'unlike.border': { en: 'brightness at the border', zh: '边缘亮度' },
  'unlike.borderContrast': { en: 'contrast at the border', zh: '边缘对比度' },
  'unlike.detail': { en: 'detail (difference between neighbors)', zh: '细节（相邻像素之差）' },
  'unlike.saturation': { en: 'saturation', zh: '饱和度' },
} as const satisfies Entries;
