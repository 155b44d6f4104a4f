import type { Problem } from './link';

/** What a teacher may leave out beside a scene. */
export const PARTS = ['text', 'controls', 'questions'] as const;
export type Part = (typeof PARTS)[number];

/** How a teacher sends the course: without some parts, and with some scenes alone. Nothing left out is the whole course. */
export interface Teaching {
  hides: readonly Part[];
  /** Ids of the scenes that there are, in their order; empty for all. */
  only: readonly string[];
}
export const WHOLE: Teaching = { hides: [], only: [] };

/** The names of the two in an address, beside a scene's own fields. */
const HIDE = 'hide';
const ONLY = 'only';

/** As part of an address: `hide=text,questions&only=flip,dice`; nothing where all is there. */
export function teachingText({ hides, only }: Teaching): string {
  const parts = [
    hides.length > 0 ? `${HIDE}=${hides.join(',')}` : '',
    only.length > 0 ? `${ONLY}=${only.join(',')}` : '',
  ];
  return parts.filter((part) => part !== '').join('&');
}

/** Takes it out of what follows the `?` of an address. `query` is what the scene itself reads. @param known ids of all scenes. */
export function readTeaching(
  text: string,
  known: readonly string[],
): { teaching: Teaching; query: string; problem: Problem | null } {
  const parts = text.split('&').filter((part) => part !== '');
  const of = (name: string): string[] => {
    const found = parts.find((part) => part.startsWith(`${name}=`));
    return found === undefined ? [] : decodeURIComponent(found.slice(name.length + 1)).split(',');
  };
  const query = parts.filter((part) => !part.startsWith(`${HIDE}=`) && !part.startsWith(`${ONLY}=`)).join('&');
  const [hides, only] = [of(HIDE), of(ONLY)];
  const bad = (field: string, given: readonly string[], options: readonly string[]): Problem | null => {
    const found = given.find((each) => !options.includes(each));
    return found === undefined ? null : { field, found, expected: { kind: 'choice', options } };
  };
  const problem = bad(HIDE, hides, PARTS) ?? bad(ONLY, only, known);
  return { teaching: problem ? WHOLE : { hides: hides as Part[], only }, query, problem };
}
