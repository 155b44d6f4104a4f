import { boolean, number, object, oneOf, orNull, refine, text, type Infer } from '../core/schema';
import type { TrainOptions } from '../core/train/options';
import { say, type Message } from '../words';
import type { NetworkChoice } from './network-choice';
import type { RecipeDataKind } from './recipes';

/** The splits of a data set. */
export type Split = 'train' | 'validation' | 'test';

/** A data set in the engine's list: generated, a folder chosen by the user, or an uploaded one. */
export const dataInfo = object({
  /** `builtin:colors`, `builtin:shapes`, or given by the engine; it survives a restart. */
  id: text(),
  /** The folder's own name; for a generated one its id. */
  name: text(),
  kind: oneOf('generated', 'folder', 'uploaded'),
  /** Where it lies, for people to tell two of the same name apart; null for a generated one. */
  path: orNull(text()),
  /** False if the folder no longer exists. */
  present: boolean,
});
export type DataInfo = Infer<typeof dataInfo>;

/** Which values of an array's pixels are black and white; `low` is below `high`. */
export const pixelRange = refine(
  object({ low: number, high: number }),
  ({ low, high }) => low < high,
  say('schema.pixel-range'),
);
export type PixelRange = Infer<typeof pixelRange>;

/** What a data set holds, at a network's size. */
export interface DataSurvey {
  data: string;
  /** `id` of the format that read it (`src/engine/data/formats`). */
  format: string;
  fingerprint: string;
  /** Path of the folder inside the one that was named, where that holds nothing else; null where they are the same. */
  inside: string | null;
  labels: string[];
  /** Pictures of each class, in order of `labels`; null where the data has no such split. */
  counts: Record<Split, number[] | null>;
  /** Files that were left out and why, the first of them; `leftOutTotal` counts all. */
  leftOut: { file: string; reason: Message }[];
  leftOutTotal: number;
  /** Warnings to read before training on it. */
  warnings: Message[];
  /** Sample pictures of each class, as the network receives them. */
  samples: PictureSheet;
  /** Where no network was named; it was read at this one's size. */
  proposal: Proposal | null;
}

/** What is known of a data set before it is read at a network's size. */
export interface DataFacts {
  /** The set that it is, as far as its name tells. */
  known: RecipeDataKind | null;
  /** Pictures of each class. */
  train: number[];
  /** Null where the data has no such split. */
  validation: number | null;
  /** Medians of some of its pictures, in pixels. */
  width: number;
  height: number;
  /** Whether some of them have colors. */
  colored: boolean;
}

/** Network and settings that fit a data set, and why. */
export interface Proposal {
  facts: DataFacts;
  network: NetworkChoice;
  options: TrainOptions;
  /** A line for each choice. */
  reasons: Message[];
  /** That there are too few pictures for a network that starts from random weights; null where there are enough. */
  few: Message | null;
  /** Where a head on a body is proposed: network and settings for training from random weights instead. */
  scratch?: Pick<Proposal, 'network' | 'options'>;
}

/** Pictures of one size: `pixels` is `[count, height, width, channels]`, bytes, sRGB; channels 1 (gray) or 3. */
export interface PictureSheet {
  height: number;
  width: number;
  channels: number;
  pixels: Uint8Array;
  /** Class of each picture. */
  labels: Int32Array;
}
