import type { LayerWatch } from '../core/backends/executor';
import { list, object, optional, text, type Infer } from '../core/schema';
import type { Score } from '../core/train/loop';
import { trainOptions, type TrainOptions } from '../core/train/options';
import type { TrainSettings } from '../core/train/settings';
import type { Message } from '../words';
import { pixelRange, type DataInfo, type PixelRange, type Split } from './data-sets';
import type { Failure } from './failures';
import { fit, type Fit } from './inputs';
import { networkChoice, type NetworkChoice } from './network-choice';
import type { Texts } from './recipes';

export type { LayerWatch, Score, TrainOptions, TrainSettings };

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
  /** `features`: pictures go through the body of a head. */
  phase: 'reading' | 'features' | 'training' | 'validating' | 'testing';
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
  /** Where `images` are too few for a batch's shards: how many pictures' gradients were held against those of all of them as a batch. */
  together?: number;
}

/** What people write of a run: a title in place of its own (empty for that), tags, a note. */
export const runNotes = object({ title: text(0, 200), tags: list(text(1, 60), 0, 20), note: text(0, 20_000) });
export type RunNotes = Infer<typeof runNotes>;

export interface RunInfo {
  id: string;
  /** The given title, or its own. */
  title: string;
  notes: RunNotes;
  /** The settings it was started with. */
  network: NetworkChoice | null;
  /** Of a network that a recipe brings, as the recipe is called. */
  networkTitle: Texts | null;
  recipe: string | null;
  data: DataInfo;
  /** How pictures were asked to be fitted, and which of their values are black and white; null where nobody said. */
  fit: Fit | null;
  range: PixelRange | null;
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
  /** Null where they are not known. */
  macs: number | null;
  seconds: number;
  labels: string[];
  /** `[C, H, W]`. */
  inputShape: number[];
  settings: TrainSettings;
  samples: Record<Split, number>;
  /** The share that guessing the commonest class gets; null for a split that does not exist, and for older runs. */
  commonest: Record<Split, number | null>;
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

/** What a run is to be: data, network, settings. */
export const runRequest = object({
  title: text(),
  data: text(),
  network: networkChoice,
  fit: optional(fit),
  /** Given if the data's files do not determine it, or state it wrongly. */
  range: optional(pixelRange),
  recipe: optional(text()),
  options: trainOptions,
});
export type RunRequest = Infer<typeof runRequest>;

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
