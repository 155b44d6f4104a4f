import type { Score } from '../../core/train/loop';
import type { TrainOptions } from '../../core/train/settings';
import type { Fit } from '../../shared/protocol';
import type { Architecture } from './architecture';
import type { RunRecord } from './run-folder';

/** What somebody asks a run to be. What is left out takes its default, or with `resume` what the run began with. */
export interface TrainRequest {
  out: string;
  resume: boolean;
  overwrite: boolean;
  data?: string;
  /** As somebody named it (see `architectureNamed`), or the architecture itself. */
  model?: string | Architecture;
  /** ID of a recipe: gives the network, generated data, title and settings that are left out here. */
  recipe?: string;
  /** A file whose weights to start from. */
  init?: string;
  fit?: Fit;
  /** How the data and the model are called in the model's metadata. */
  dataName?: string;
  title?: string;
  /** Names for the classes, in order, instead of the data's own. */
  labels?: string[];
  options: TrainOptions;
  threads?: number;
  /** Seconds between two checkpoints inside an epoch, at most: 60 where left out. Changes nothing but what a kill costs. */
  checkpointEvery?: number;
}

export interface TrainProgress {
  phase: 'reading' | 'training' | 'validating' | 'testing';
  /** 1-based, of `epochs`. */
  epoch: number;
  epochs: number;
  /** Pictures of the phase (of the epoch, for training). */
  done: number;
  total: number;
  imagesPerSecond: number;
  /** To the end of the last epoch; null while nobody can tell. */
  secondsLeft: number | null;
  /** Of the epoch under way. */
  score: Score | null;
}

/** Who watches a run. */
export interface TrainHost {
  /** A line for people: what was found, changed or decided. */
  say(line: string): void;
  progress(progress: TrainProgress): void;
  /** Aborted: the run is left at the next update, with a checkpoint. */
  signal: AbortSignal;
}

export interface TrainOutcome {
  /** `untouched`: it was finished already. */
  end: 'finished' | 'stopped' | 'untouched';
  record: RunRecord;
}
