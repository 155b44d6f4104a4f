import { answerTerms } from './answer';
import { networkTerms } from './network';
import type { Term } from './term';
import { trainingTerms } from './training';

export type { Place, Term } from './term';

/** Every term of the field that the app uses, by id, in both languages; docs/glossary.md is written from it. */
export const terms = { ...networkTerms, ...answerTerms, ...trainingTerms };
export type TermId = keyof typeof terms;

export const isTerm = (id: string): id is TermId => Object.hasOwn(terms, id);
export const termOf = (id: TermId): Term => terms[id];
