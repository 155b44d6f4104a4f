/** The parts of a run that one looks at. */
export const views = ['curves', 'results', 'details'] as const;
export type RunViewName = (typeof views)[number];
