/**
 * What the window asks of the engine about data sets, runs and evaluations. Data sets and runs go by ids that the engine gives:
 * the window never names a path.
 */
import { boolean, bytes, list, optional, orNull, text, whole } from '../core/schema';
import {
  contender,
  pictureChoice,
  type EvaluatedPictures,
  type Evaluation,
  type TriedPreprocessings,
} from './evaluation';
import { pixelRange, type DataInfo, type DataSurvey } from './data-sets';
import { diffInputs, type WindowDiff } from './diff';
import { fit, modelSource, type ImageSource } from './inputs';
import type { VerifyReport } from './inspect';
import { method, result, type MethodsOf } from './method';
import { networkChoice, type NetworkInfo } from './network-choice';
import type { Recipe } from './recipes';
import { runNotes, runRequest, type FirstFilters, type MetricsLine, type RunInfo } from './runs';

const index = whole();

type Nothing = Record<string, never>;
const run = { run: text() };

export const trainingMethods = {
  dataSets: method({}, result<DataInfo[]>),
  /** Removes it from the list; a folder is left unchanged, an upload is deleted. */
  forgetData: method({ data: text() }, result<Nothing>),
  /** Reads a data set at the network's size, or with `network` null at that of a proposed one; a job: progress comes as events. */
  survey: method(
    { data: text(), network: orNull(networkChoice), fit: optional(fit), range: optional(pixelRange), job: text() },
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
  startRun: method(runRequest.fields, result<RunInfo>),
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
  /** Its title, tags and note, kept in its folder. */
  annotateRun: method({ ...run, notes: runNotes }, result<RunInfo>),
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
  evaluate: method(
    {
      contenders: list(contender, 1),
      data: orNull(text()),
      /** One confirmed that classes without a common name are the same in their order. */
      labelsByOrder: optional(boolean),
      job: text(),
    },
    result<Evaluation>,
  ),
  /** Which of the usual preprocessings a foreign network was trained with, by its accuracy on some pictures of data. A job. */
  tryPreprocessings: method({ source: modelSource, data: text(), job: text() }, result<TriedPreprocessings>),
  /** Two networks value by value on the same inputs: pictures of a data set, of the first one's own data, or random numbers. A job. */
  diff: method({ a: contender, b: contender, inputs: diffInputs, job: text() }, result<WindowDiff>),
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

export interface TrainingEvents {
  /** A run started, progressed (a few times a second) or ended. */
  run: { run: RunInfo };
  /** A run was removed from the list. */
  runRemoved: { run: string };
  metrics: { run: string; lines: MetricsLine[] };
  filters: { run: string; filters: FirstFilters };
}
