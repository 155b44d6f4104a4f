/** Whether pictures are inverted: by themselves where `inversionOf` is certain, always, or never. */
export const INVERT = ['auto', 'on', 'off'] as const;
export type Invert = (typeof INVERT)[number];
