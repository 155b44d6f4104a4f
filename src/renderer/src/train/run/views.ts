/** The views of a run. */
export const views = ['curves', 'results', 'details'] as const;
export type RunViewName = (typeof views)[number];
