import type { PairedCounts } from '../core/metrics/paired';
import { bytes, list, object, optional, tagged, text, whole, type Infer } from '../core/schema';
import type { Message } from '../words';
import { pictureInput, type PictureInput } from './inputs';
import type { Metrics } from './metrics';
import type { DataInfo, PictureSheet, Split } from './data-sets';
import type { ValueRange } from './value-ranges';

const index = whole();

/** A trained network: a run's kept weights, a bundled one, or a file, ours or another's, that goes by an ID of the window's. */
export const contender = tagged('kind', {
  run: object({ id: text() }),
  bundled: object({ id: text() }),
  file: object({
    id: text(),
    name: text(),
    bytes,
    beside: optional(list(object({ name: text(), bytes }), 0, 64)),
    /** In place of what is guessed of a foreign file. */
    picture: optional(pictureInput),
  }),
});
export type Contender = Infer<typeof contender>;
/** By what a contender goes. */
export interface ContenderId {
  kind: Contender['kind'];
  id: string;
}

export interface EvaluatedContender {
  contender: ContenderId;
  title: string;
  accuracy: number;
  /** Mean softmax cross-entropy. */
  loss: number | null;
  /** A note if pictures are drawn on the opposite ground (dark or light) than those that it learned from. */
  suspicion: Message | null;
  /** What was guessed of a foreign file. */
  notes: Message[];
  /** How many pictures it took inverted, as Inspect would. */
  inverted: number;
  perClass: { label: string; images: number; accuracy: number | null; precision: number | null }[];
  metrics: Metrics;
  /** Rows are the actual classes, columns the predicted ones. */
  confusion: number[][];
  parameters: number;
  /** Its layers with a kernel or a matrix of weights, from the input on; null of a foreign file. */
  weightLayers: string[] | null;
  /** Multiply-adds for one picture; null where they are not known. */
  macs: number | null;
  /** Seconds of training; null for a file without a run. */
  trainingSeconds: number | null;
  /** One picture through the core on one thread, median, in milliseconds. */
  millisecondsPerImage: number;
  fileBytes: number;
}

/** One or several networks on the same pictures. */
export interface Evaluation {
  /** The handle for later calls. The engine keeps the newest few. */
  evaluation: number;
  data: DataInfo;
  split: Split | 'all';
  images: number;
  labels: string[];
  contenders: EvaluatedContender[];
  /** Pictures that all, some, or none of them predicted correctly. */
  all: number;
  some: number;
  none: number;
  /** Pictures on which their predictions differ. */
  disagreements: number;
  /** Of every two contenders, in order (A and B, A and C, B and C), who was right. */
  pairs: PairedCounts[];
  leftOutTotal: number;
  /** Contenders, by index, that learned from some of these pictures: their figures look better than they are. */
  learned: number[];
  /** Contenders, by index, whose class names differ from the data's: their classes were matched by order. */
  byOrder: number[];
}

/** Which pictures of an evaluation are wanted; `contender` is an index into its list. */
export const pictureChoice = tagged('kind', {
  cell: object({ contender: index, truth: index, predicted: index }),
  /** The contenders' predictions differ. */
  disagree: object({}),
  /** Of the two, only `right` is correct. */
  only: object({ right: index, wrong: index }),
  /** No contender is correct. */
  none: object({}),
  /** Highest loss first. */
  worst: object({ contender: index }),
});
export type PictureChoice = Infer<typeof pictureChoice>;

export interface EvaluatedPictures extends PictureSheet {
  /** How many there are in total, and how many of them are kept for viewing. */
  total: number;
  kept: number;
  pictures: {
    /** Its index in the evaluation. */
    index: number;
    /** The file it came from, inside its data set; null if it has no file of its own. */
    file: string | null;
    /** Of each contender; null where its network gives no probabilities. */
    answers: { predicted: number; probability: number | null; loss: number | null }[];
  }[];
}

/** One way in which pixels become numbers, tried on labelled pictures. */
export interface TriedPreprocessing {
  /** What its values are called; null of a guess that has no name. */
  range: ValueRange | null;
  picture: PictureInput;
  accuracy: number;
  /** It is what was guessed. */
  guessed: boolean;
}

export interface TriedPreprocessings {
  split: Evaluation['split'];
  images: number;
  /** A note if classes were matched in their order. */
  byOrder: Message | null;
  /** The best first. */
  rows: TriedPreprocessing[];
}
