/** The Train screen. */
export const trainEn = {
  'train.runs': 'Runs',
  'chart.reset': 'Whole curve',
  'chart.along': '{label}, along {axis}',
} as const;
