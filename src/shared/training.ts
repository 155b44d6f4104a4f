/**
 * What the window and the engine say to each other about data sets, runs and evaluations. Data sets and runs go by ids that
 * the engine gives: the window never names a path.
 */
import type { LayerWatch } from '../core/backends/executor';
import {
  boolean,
  bytes,
  list,
  number,
  object,
  oneOf,
  optional,
  orNull,
  refine,
  tagged,
  text,
  whole,
  type Infer,
} from '../core/schema';
import type { Score } from '../core/train/loop';
import { trainOptions, type TrainOptions } from '../core/train/options';
import type { TrainSettings } from '../core/train/settings';
import { say, type Message } from '../words';
import type { Failure } from './failures';
import { fit, type ImageSource } from './inputs';
import type { LayerInfo, VerifyReport } from './inspect';
import { method, result, type MethodsOf } from './method';
import type { Recipe, Texts } from './recipes';

export type { LayerWatch, Recipe, Score, TrainOptions, TrainSettings };

export type Split = 'train' | 'validation' | 'test';

const index = whole();

// ---- data sets ----

/** A data set that the engine knows: generated, a folder that somebody named, or one that was uploaded into its cache. */
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

// ---- networks ----

/** `twin`: dense layers only, about as many parameters; `dense-128-64`: the course notes' plain network. Both on the same input. */
const networkVariant = oneOf('itself', 'twin', 'dense-128-64');
export type NetworkVariant = Infer<typeof networkVariant>;

/** An architecture, by the ID of a bundled network or of a recipe with its own network; weights are trained from scratch. */
export const networkChoice = object({
  source: object({ kind: oneOf('bundled', 'recipe'), id: text() }),
  variant: networkVariant,
});
export type NetworkChoice = Infer<typeof networkChoice>;

export interface NetworkInfo {
  title: string;
  /** `[C, H, W]`. */
  inputShape: number[];
  layers: LayerInfo[];
  totals: { params: number; trainable: number; macs: number };
  /** What was changed to fit the classes. */
  changes: Message[];
}

// ---- runs ----

export type RunState =
  | 'queued'
  /** Data is read and decoded. */
  | 'reading'
  | 'training'
  | 'paused'
  /** Stopped at a checkpoint because the user asked for it. */
  | 'stopped'
  /** Its process ended unexpectedly, or the app was closed: it can be resumed from its last checkpoint. */
  | 'interrupted'
  /** The loss became NaN or infinite. */
  | 'diverged'
  /** Ended by an error; `failure` says which. */
  | 'failed'
  | 'finished';

export interface RunProgress {
  phase: 'reading' | 'training' | 'validating' | 'testing';
  /** 1-based, of `epochs`. */
  epoch: number;
  epochs: number;
  /** Pictures of the phase (of the epoch, for training). */
  done: number;
  total: number;
  imagesPerSecond: number;
  /** Seconds to the end of the last epoch; null while unknown. */
  secondsLeft: number | null;
  /** Of the current epoch. */
  score: Score | null;
}

/** The executor that trains: the fast kernels, or the reference in double precision, about a hundred times slower. */
export type TrainingExecutorName = 'wasm' | 'reference';

/** A run's check of its own gradients: a few pictures through both executors. */
export interface GradientCheck {
  images: number;
  /** The largest difference ÷ the largest gradient of its parameter, and which parameter that is. */
  difference: number;
  param: string;
  /** Seconds that it took. */
  seconds: number;
  /**
   * Of a network that the reference is not through with in time: the layers that it was asked about whole, those of which it took some
   * filters or units, and all that there are. All gradients are compared between two programs of the kernels besides.
   */
  partial?: { whole: number; sampled: number; of: number };
}

export interface RunInfo {
  id: string;
  title: string;
  /** The settings it was started with. */
  network: NetworkChoice | null;
  /** Of a network that a recipe brings, as the recipe is called. */
  networkTitle: Texts | null;
  recipe: string | null;
  data: DataInfo;
  /** ISO 8601. */
  started: string;
  state: RunState;
  /** While it is running. */
  progress: RunProgress | null;
  /** Epochs finished, and epochs asked for. */
  epoch: number;
  epochs: number;
  /** The epoch whose weights are kept (1-based); null before the first has ended. */
  bestEpoch: number | null;
  /** Of the kept weights; null for a split that does not exist or was not evaluated yet. */
  accuracy: Record<Split, number | null>;
  loss: Record<Split, number | null>;
  parameters: number;
  macs: number;
  seconds: number;
  labels: string[];
  /** `[C, H, W]`. */
  inputShape: number[];
  settings: TrainSettings;
  samples: Record<Split, number>;
  /** Whether there is a `model.onnx` to open, compare and export. */
  hasModel: boolean;
  failure: Failure | null;
  /** A message that it does not learn, and what to try; null if it learns. */
  stuck: Message | null;
  /** Null before it started, if the reference executor trains, and for older runs. */
  check: GradientCheck | 'too large' | null;
  /** The log: what was found, changed or decided, line by line, since this process started. */
  said: Message[];
}

const runRequest = {
  title: text(),
  data: text(),
  network: networkChoice,
  fit: optional(fit),
  /** Given if the data's files do not determine it, or state it wrongly. */
  range: optional(pixelRange),
  recipe: optional(text()),
  options: trainOptions,
};

/** A line of `metrics.jsonl`: every few updates, and every epoch. Epochs are 1-based, `step` counts updates over the whole run. */
export type MetricsLine =
  | {
      type: 'step';
      epoch: number;
      step: number;
      /** Of the update's batch. */
      loss: number;
      accuracy: number;
      learningRate: number;
      seconds: number;
      imagesPerSecond: number;
      layers: LayerWatch[];
    }
  | {
      type: 'epoch';
      epoch: number;
      step: number;
      train: Score;
      validation: Score | null;
      learningRate: number;
      best: boolean;
      seconds: number;
      imagesPerSecond: number;
    };

/** The first layer's weights as they are now: `[O, I, KH, KW]`, a dense layer's folded back to the picture; at most 64 outputs. */
export interface FirstFilters {
  layer: string;
  shape: number[];
  /** −127 … 127 stand for −`absMax` … `absMax`, which is precise enough for display and small enough to send once a second. */
  data: Int8Array;
  /** Largest absolute weight. */
  absMax: number;
  /** Updates done. */
  step: number;
}

// ---- evaluation and comparison ----

/** A trained network: a run's kept weights, or a bundled one. */
const contender = object({ kind: oneOf('run', 'bundled'), id: text() });
export type Contender = Infer<typeof contender>;

export interface EvaluatedContender {
  contender: Contender;
  title: string;
  accuracy: number;
  /** Mean softmax cross-entropy. */
  loss: number | null;
  /** A warning if the pictures are drawn on the opposite ground (dark or light) than those that it learned from. */
  suspicion: Message | null;
  perClass: { label: string; images: number; accuracy: number | null; precision: number | null }[];
  /** Rows are the actual classes, columns the predicted ones. */
  confusion: number[][];
  parameters: number;
  /** Multiply-adds for one picture. */
  macs: number;
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
  leftOutTotal: number;
  /** Contenders, by index, that learned from some of these pictures: their figures look better than they are. */
  learned: number[];
  /** Contenders, by index, whose class names differ from the data's: their classes were matched by order. */
  byOrder: number[];
}

/** Which pictures of an evaluation are wanted; `contender` is an index into its list. */
const pictureChoice = tagged('kind', {
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

type Nothing = Record<string, never>;
const run = { run: text() };

export const trainingMethods = {
  dataSets: method({}, result<DataInfo[]>),
  /** Removes it from the list; a folder is left unchanged, an upload is deleted. */
  forgetData: method({ data: text() }, result<Nothing>),
  /** Reads a data set at the network's size; a job: progress comes as events. */
  survey: method(
    { data: text(), network: networkChoice, fit: optional(fit), range: optional(pixelRange), job: text() },
    result<DataSurvey>,
  ),
  /**
   * A folder comes file by file into the engine's cache (the browser host has no folder dialog). `bytes` is the total
   * to be sent.
   */
  beginUpload: method({ name: text(), files: index, bytes: index }, result<{ upload: string }>),
  /** `path` inside the folder, with `/`. */
  upload: method({ upload: text(), path: text(), bytes }, result<{ bytes: number }>),
  endUpload: method({ upload: text() }, result<DataInfo>),
  cancelUpload: method({ upload: text() }, result<Nothing>),

  recipes: method({}, result<Recipe[]>),
  /** The network for this number of classes. */
  describeNetwork: method({ network: networkChoice, classes: orNull(index) }, result<NetworkInfo>),

  /** Newest first. */
  runs: method({}, result<RunInfo[]>),
  /** Starts at once, or waits for the run that trains. */
  startRun: method(runRequest, result<RunInfo>),
  /**
   * Pauses after the current update, at a checkpoint; while data is being read, after the first update. The answer is
   * the state now; an event tells when it has paused.
   */
  pauseRun: method(run, result<RunInfo>),
  continueRun: method(run, result<RunInfo>),
  /** Stops at a checkpoint, which an event tells. A queued run leaves the queue at once. */
  stopRun: method(run, result<RunInfo>),
  /** Resumes a stopped, interrupted or failed run, or trains a finished one for more epochs. */
  resumeRun: method({ ...run, epochs: optional(index) }, result<RunInfo>),
  /** Moves it to the trash, from which `restoreRun` takes it back. */
  removeRun: method(run, result<Nothing>),
  restoreRun: method(run, result<RunInfo>),
  /**
   * The lines of `metrics.jsonl` so far, in order. New lines come as events once the file has them: a client that
   * subscribes before asking, and keeps each (type, step) once, misses none and has none twice. A resumed run sends the
   * lines after its checkpoint again, the same except for the clock; when it leaves `reading`, the old ones are gone
   * from the file.
   */
  runMetrics: method(run, result<MetricsLine[]>),
  /** The first layer of the weights that a run keeps in its `model.onnx`; null if its network has no such layer. */
  runFilters: method(run, result<FirstFilters | null>),

  /** On `data`, or where it is null on the first contender's own; the test split, else the validation split. A job. */
  evaluate: method({ contenders: list(contender, 1), data: orNull(text()), job: text() }, result<Evaluation>),
  evaluatedPictures: method(
    { evaluation: index, choice: pictureChoice, first: index, count: index },
    result<EvaluatedPictures>,
  ),
  /** The picture as Inspect takes it: the file itself, or its pixels if it has no file of its own. */
  evaluatedImage: method({ evaluation: index, index }, result<ImageSource>),
  /** The run's model against onnxruntime, on pictures of its data. A job. */
  verifyRun: method({ ...run, job: text() }, result<VerifyReport>),
  runFile: method(run, result<{ name: string; bytes: Uint8Array }>),
};
export type TrainingMethods = MethodsOf<typeof trainingMethods>;
export type RunRequest = Infer<typeof trainingMethods.startRun.params>;

export interface TrainingEvents {
  /** A run started, progressed (a few times a second) or ended. */
  run: { run: RunInfo };
  /** A run was removed from the list. */
  runRemoved: { run: string };
  metrics: { run: string; lines: MetricsLine[] };
  filters: { run: string; filters: FirstFilters };
}
