/** The Train screen. */
export const trainEn = {
  'train.runs': 'Runs',
} as const;
