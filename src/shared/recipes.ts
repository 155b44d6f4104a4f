import type { ModelSpec } from '../core/model/spec';
import type { TrainOptions } from '../core/train/settings';

/** A text in the app's languages. */
export interface Texts {
  en: string;
  zh: string;
}

/** The data sets of recipes. `builtin:` sets are generated; for the others the user says where they are. */
export type RecipeDataKind = 'builtin:colors' | 'builtin:shapes' | 'mnist' | 'fashion-mnist' | 'cifar10';

/** An experiment of the course notes: data, network and settings, and what the notes report. Made from a file in `resources/recipes`. */
export interface Recipe {
  /** The file's name. */
  id: string;
  title: Texts;
  group: 'colors' | 'shapes' | 'mnist' | 'fashion' | 'cifar';
  /** Generated data comes by itself; for the others people name a folder, and `hint` says which. */
  data: {
    kind: RecipeDataKind;
    hint: Texts;
  };
  /** Names of the classes, where the set's files only number them. */
  labels?: string[];
  /** ID of a bundled network or spec, or the architecture itself. */
  model: string | ModelSpec;
  options: TrainOptions;
  /** The number of runs, which differ in their seeds and vote by averaging their probabilities; one if left out. */
  members?: number;
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
