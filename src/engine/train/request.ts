import type { Side } from '../../shared/network-inputs';
import type { TrainOptions } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import type { Fit } from '../../shared/protocol';
import type { FirstFilters, MetricsLine, RunProgress, TrainingExecutorName } from '../../shared/runs';
import type { Message } from '../../words';
import type { Range } from '../data/scale';
import type { Architecture } from './architecture';

/** The request for a run. Omitted fields take their defaults, or with `resume` what the run was started with. */
export interface TrainRequest {
  out: string;
  resume: boolean;
  overwrite: boolean;
  data?: string;
  /** Its name (see `architectureNamed`), or the architecture itself. Left out with `data` and without recipe and weights: what fits the data. */
  model?: string | Architecture;
  /** Another input size than the network's own. Of a new run only. */
  inputSide?: Side;
  /** What was left out and filled in to fit the data (`withProposal`): `model`, and names of options. */
  proposed?: string[];
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
  /** The executor that trains: `wasm` if left out, with `resume` the one that trained before. */
  executor?: TrainingExecutorName;
  /** Seconds between two checkpoints inside an epoch, at most: 60 where left out. Changes nothing but what a kill costs. */
  checkpointEvery?: number;
}

/** The request of a new run before it has a record: all that is needed to start it again. JSON-able. */
export type Asked = Omit<TrainRequest, 'out' | 'resume' | 'overwrite' | 'inputSide' | 'threads' | 'checkpointEvery'>;

/**
 * Seconds: to stop a run at a checkpoint, an update shorter than this is waited for. If it takes longer, the last
 * checkpoint has to suffice.
 */
export const SHORT_UPDATE = 1;

/** The host of a run. */
export interface TrainHost {
  /** A log line: what was found, changed or decided. */
  say(message: Message): void;
  progress(progress: RunProgress): void;
  /** Aborted: the run is left at the next update, with a checkpoint. */
  signal: AbortSignal;
  /**
   * The data is read. Until the first update is done the process may not handle signals for long: statistics are
   * computed and gradients checked.
   */
  deaf?(): Promise<void>;
  /** `run.json` is written: the updates come next. */
  begun?(): void;
  /** After each update: the seconds that it took. During an update the event loop is blocked and no signal is handled. */
  updated?(seconds: number): Promise<void>;
  /** A line that `metrics.jsonl` has by now. */
  metrics?(line: MetricsLine): void;
  /** At the beginning, about once a second, and at the end of epochs. */
  filters?(filters: FirstFilters): void;
  /** Asked after each update, and while splits are evaluated. */
  pause?: {
    asked(): boolean;
    /** Awaited when a checkpoint is written; resolves where the run goes on or stops. */
    over(): Promise<void>;
  };
}

/**
 * The reason of an abort that no user asked for: the process that watched the run is gone. Its record remains that of a
 * running run, so that it is reported as interrupted.
 */
export class Abandoned extends FailureError<'cancelled'> {
  constructor() {
    super('cancelled');
  }
}
