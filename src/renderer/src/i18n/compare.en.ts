/** The Compare screen. */
export const compareEn = {
  'compare.runs': 'Runs',
} as const;
