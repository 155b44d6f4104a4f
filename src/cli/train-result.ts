import { join } from 'node:path';
import { openContender } from '../engine/train/compare';
import { evaluateTogether, type Evaluation, type NamedModel } from '../engine/train/evaluate';
import type { RunRecord, TrainResult } from '../engine/train/run-record';
import type { Io } from './command';
import type { ProgressLine } from './progress-line';
import { percent, table, thousands } from './table';

/** Lets the runs vote on the test split of their data; null where it has none. */
export async function vote(
  runs: readonly string[],
  { data }: RunRecord,
  threads: number | undefined,
  signal: AbortSignal,
  line: ProgressLine,
): Promise<Evaluation | null> {
  if (data.samples.test === 0) return null;
  const networks: NamedModel[] = [];
  for (const id of runs) networks.push({ id, model: (await openContender(id)).model });
  return evaluateTogether(networks, data.path, {
    engine: 'core',
    split: 'test',
    range: data.range,
    threads,
    signal,
    progress: (phase, done, total) => line.count(phase, done, total),
  });
}

const short = ({ accuracy, loss, epochs, seconds, imagesPerSecond, parameters }: TrainResult): object => ({
  accuracy,
  loss,
  epochs,
  seconds,
  imagesPerSecond,
  parameters,
});

/** Prints the result of a run. @param proposed names of what was proposed for its data. */
export function printResult(result: TrainResult, json: boolean, io: Io, proposed?: readonly string[]): void {
  if (json) return io.print(JSON.stringify({ ...short(result), ...(proposed && { proposed }) }));
  const { accuracy, epochs, bestEpoch, seconds, imagesPerSecond, parameters } = result;
  for (const split of ['train', 'validation', 'test'] as const) {
    const share = accuracy[split];
    if (share !== null) io.print(`${split.padEnd(10)}  ${percent(share)}`);
  }
  io.print(
    `epoch ${bestEpoch} of ${epochs}, ${thousands(parameters)} parameters, ${seconds.toFixed(1)} s, ${thousands(Math.round(imagesPerSecond))} images/s`,
  );
}

/** Prints the results of several runs and of their vote. */
export function printMembers(
  results: readonly TrainResult[],
  together: Evaluation | null,
  json: boolean,
  io: Io,
): void {
  const vote = together && {
    part: together.split,
    images: together.images,
    accuracy: together.accuracy,
    loss: together.loss,
  };
  if (json) return io.print(JSON.stringify({ members: results.map(short), together: vote }));
  for (const [i, result] of results.entries()) {
    io.print(`run ${i + 1}`);
    printResult(result, false, io);
  }
  if (vote) io.print(`together    ${percent(vote.accuracy)} of the test split`);
  else io.print('no test split: nothing to vote on');
}

/** Prints the results of networks that were trained to be compared, whose runs are the folders `out/1`, `out/2` … */
export function printBeside(records: readonly RunRecord[], out: string, json: boolean, io: Io): void {
  const runs = records.map((_, i) => join(out, String(i + 1)));
  const results = records.map(({ result }) => result!);
  if (json) {
    const networks = results.map((result, i) => ({ run: runs[i], model: records[i].model, ...short(result) }));
    return io.print(JSON.stringify({ networks }));
  }
  const error = (accuracy: number | null): string => (accuracy === null ? '–' : percent(1 - accuracy));
  const rows = results.map(({ accuracy, epochs, parameters }, i) => [
    runs[i],
    records[i].title ?? records[i].model,
    thousands(parameters),
    String(epochs),
    ...(['train', 'validation', 'test'] as const).map((split) => error(accuracy[split])),
  ]);
  io.print(table(['run', 'network', 'parameters', 'epochs', 'training error', 'validation error', 'test error'], rows));
}
