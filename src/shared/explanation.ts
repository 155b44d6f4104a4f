/** What the core explains, as it crosses to the window. */
export type * from '../core/explain/types';
