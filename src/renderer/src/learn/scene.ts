import type { TermId } from '../../../words/terms';
import type { Values } from '../../../words';
import type { Fields, State } from './state/fields';

/** A cell of one of a scene's parts: `{ part: 'output', index: 3 }`. Names of parts are the scene's own. */
export interface Place {
  part: string;
  index: number;
}

/** What is lit together: indices by part. */
export type Lit = Readonly<Record<string, ReadonlySet<number>>>;

/** What a control can be set to just now; where other settings bound it, the scene's text that says so. */
export interface Range {
  min: number;
  max: number;
  whyMin?: string;
  whyMax?: string;
}

/** What is beside the scene to be turned. Its label is the scene's text `control.NAME`. */
export type Control<S extends State> = {
  /** Whether it means anything just now; always where left out. */
  shown?(state: S): boolean;
} & (
  | {
      kind: 'whole';
      name: string;
      /** What it sets, told and lit. */
      term?: TermId;
      get(state: S): number;
      set(state: S, value: number): S;
      /** What a slider may do: it cannot leave the valid range. */
      range(state: S): Range;
    }
  | { kind: 'flag'; name: string; get(state: S): boolean; set(state: S, value: boolean): S }
  | {
      kind: 'choice';
      name: string;
      options: readonly string[];
      get(state: S): string;
      set(state: S, value: string): S;
    }
  /** One of the bundled samples, or a picture of one's own. */
  | { kind: 'picture'; name: string; get(state: S): string; set(state: S, value: string): S }
);

/** A piece of the formula: what it stands for lights with it. */
export interface Token {
  text: string;
  /** Its own place: pointing at it lights what belongs to it. */
  place?: Place;
  /** What it is called, where it is a setting: its term lights. */
  term?: string;
  /** The answer: in the accent. */
  result?: boolean;
}

/** A question made from the numbers as they are. */
export interface Asked {
  /** For its texts `ask.ID` and `why.ID`. */
  values: Values;
  /** The number that is asked for, or the index of the right option. */
  answer: number;
  /** What one chooses from, numbers or the texts `option.…`; one types a number where left out. */
  options?: readonly string[];
  /** The step that shows it. */
  at?: number;
  /** What must stay hidden until one has answered. */
  hides?: Place;
}

export interface Question<S extends State> {
  id: string;
  /** `turn` tells one question from the next of its kind; null where the numbers give none. */
  ask(state: S, turn: number): Asked | null;
}

/**
 * The model of a scene: plain data and functions, no window. Every number comes from the core. Words are its texts': `title`,
 * `summary`, `text`, `spoken`, `control.NAME`, `example.ID`, `ask.ID`, `why.ID`.
 */
export interface Scene<S extends State = State> {
  id: string;
  fields: Fields<S>;
  /** The states worth starting from; the first is the one that it opens with. */
  examples: readonly { id: string; state: S }[];
  controls: readonly Control<S>[];
  /** Brings into accord what depends on each other, such as the channels of input and filters; left out where nothing does. */
  settle?(state: S): S;
  /** Its steps are places to look at, in no order: there is nothing to play. */
  still?: true;
  /** It shows a picture that can be one's own: a file that is dropped is shown in it. */
  picture?: true;
  /** A link to the same thing in a trained network, in Inspect. */
  trained?: string;
  /** How many places play goes through. */
  steps(state: S): number;
  /** The step that shows a place, or null; outputs are steps where left out. */
  stepOf?(state: S, place: Place): number | null;
  /** What a step is about: lit as long as nothing is pointed at. */
  shows?(state: S, at: number): Place;
  /** Everything that belongs to a place. */
  linked(state: S, place: Place, at: number): Lit;
  /** The formula with the current numbers in it. */
  formula(state: S, at: number): readonly Token[];
  /** What fills the text `spoken`: what has moved, for those who do not see it. */
  spoken(state: S, at: number): Values;
  questions: readonly Question<S>[];
  /** All numbers on screen, by name. */
  table(state: S): readonly { name: string; rows: readonly (readonly number[])[] }[];
}

/** A scene's words in one language. */
export type Texts = Readonly<Record<string, string>>;
