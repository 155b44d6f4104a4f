import type { WrittenSpec } from '../core/model/blocks';
import type { TrainOptions } from '../core/train/settings';

/** A text in the app's languages. */
export interface Texts {
  en: string;
  zh: string;
}

/** The data sets of recipes. `builtin:` sets are generated; for the others the user says where they are. */
export type RecipeDataKind = 'builtin:colors' | 'builtin:shapes' | 'mnist' | 'fashion-mnist' | 'cifar10';

/** Chapters of the notes, in their order. */
export const recipeChapters = ['compare', 'steps', 'classic'] as const;
export type RecipeChapter = (typeof recipeChapters)[number];

/** A bundled or classic network, by its ID, and ideas of it that are switched off. */
export interface BesideNetwork {
  model: string;
  without?: string[];
}

/** An experiment of the course notes: data, network and settings, and what the notes report. Made from a file in `resources/recipes`. */
export interface Recipe {
  /** The file's name. */
  id: string;
  title: Texts;
  /** What of the notes it belongs to; what it asks, and where the answer is seen. */
  chapter: RecipeChapter;
  question: Texts;
  look: Texts;
  /** Generated data comes by itself; for the others people name a folder, and `hint` says which. */
  data: {
    kind: RecipeDataKind;
    hint: Texts;
    /** Where it can be had; null for generated sets. */
    from: string | null;
  };
  /** Names of the classes, where the set's files only number them. */
  labels?: string[];
  /** ID of a bundled network or spec, or the architecture itself. */
  model: string | WrittenSpec;
  options: TrainOptions;
  /** The number of runs, which differ in their seeds and vote by averaging their probabilities; one if left out. */
  members?: number;
  /** What the network is compared with: each is trained like it, with the same seed, in a run of its own. */
  beside?: BesideNetwork[];
  notes: {
    /** 0 … 1, null where the notes give none. */
    accuracy: number | null;
    /** The part of the data that it was measured on. */
    part: 'train' | 'test';
    /** Of the network, where the notes give them. */
    parameters?: number;
    remark?: Texts;
  };
}

/** True for a generated set, which needs no path. */
export const isGenerated = (kind: RecipeDataKind): kind is 'builtin:colors' | 'builtin:shapes' =>
  kind.startsWith('builtin:');
