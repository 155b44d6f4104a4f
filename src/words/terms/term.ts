import type { Entry } from '../message';

/** Where in the window a term can be seen: a screen, or a depth of Inspect. */
export type Place = 'overview' | 'layer' | 'pixel' | 'train' | 'compare';

/** A term of the field, as the app and its documents use it: one word an idea, one sentence a word. */
export interface Term {
  readonly term: Entry;
  /** What it is, in one sentence. */
  readonly sentence: Entry;
  /** In the usual letters, where that says more than words. */
  readonly formula?: string;
  /** The scene of the course that shows it, by its id. */
  readonly scene?: string;
  /** The places that have something to point at, the nearest first: elements there carry the term's id in `data-shows`. */
  readonly shown?: readonly Place[];
}
