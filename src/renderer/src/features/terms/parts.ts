/** A piece of a sentence with terms in it. */
export interface Part {
  text: string;
  /** What the text names; null for plain text. */
  id: string | null;
  /** Punctuation right after a term: a line never begins with it. */
  tail: string;
}

/** Splits a sentence with `[id|word]`s in it. */
export const partsOf = (sentence: string): Part[] =>
  [...sentence.matchAll(/\[([\w-]+)\|([^\]]+)\]([.,:;!?)’”%。，、：；！？）》]*)|[^[]+|\[/gu)].map(
    ([all, id, word, tail]) => (id === undefined ? { text: all, id: null, tail: '' } : { text: word, id, tail }),
  );
