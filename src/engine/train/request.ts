import type { TrainOptions } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import type { Fit } from '../../shared/protocol';
import type { FirstFilters, MetricsLine, RunProgress, TrainingExecutorName } from '../../shared/training';
import type { Message } from '../../words';
import type { Range } from '../data/scale';
import type { Architecture } from './architecture';

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
  /** Which values of the data's pixels are black and white, where its files leave that open. */
  range?: Range;
  /** How the data and the model are called in the model's metadata. */
  dataName?: string;
  title?: string;
  /** Names for the classes, in order, instead of the data's own. */
  labels?: string[];
  options: TrainOptions;
  threads?: number;
  /** What trains: `wasm` where left out, with `resume` what trained before. */
  executor?: TrainingExecutorName;
  /** Seconds between two checkpoints inside an epoch, at most: 60 where left out. Changes nothing but what a kill costs. */
  checkpointEvery?: number;
}

/** What a new run was asked to be, before it has a record: all that it takes to begin it again. JSON-able. */
export type Asked = Omit<TrainRequest, 'out' | 'resume' | 'overwrite' | 'threads' | 'checkpointEvery'>;

/** Seconds: whoever wants to stop a run at a checkpoint waits for updates that take less. Where one takes more, the last checkpoint must do. */
export const SHORT_UPDATE = 1;

/** Who watches a run. */
export interface TrainHost {
  /** A line for people: what was found, changed or decided. */
  say(message: Message): void;
  progress(progress: RunProgress): void;
  /** Aborted: the run is left at the next update, with a checkpoint. */
  signal: AbortSignal;
  /** The data is read. Until the first update is through the process may hear no signal for long: statistics are taken, gradients checked. */
  deaf?(): Promise<void>;
  /** `run.json` is written: the updates come next. */
  begun?(): void;
  /** After each update: the seconds that it took. Nothing of the process's own happens meanwhile, no signal is heard. */
  updated?(seconds: number): Promise<void>;
  /** A line that `metrics.jsonl` has by now. */
  metrics?(line: MetricsLine): void;
  /** At the beginning, about once a second, and at the end of epochs. */
  filters?(filters: FirstFilters): void;
  /** Asked after each update, and while parts are evaluated. */
  pause?: {
    asked(): boolean;
    /** Awaited when a checkpoint is written; resolves where the run goes on or stops. */
    over(): Promise<void>;
  };
}

/**
 * The reason of an abort that nobody wished: whoever watched the run is gone. Its record stays that of a run under way, so that it
 * is told of as interrupted.
 */
export class Abandoned extends FailureError<'cancelled'> {
  constructor() {
    super('cancelled');
  }
}
