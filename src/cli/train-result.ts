import { openContender } from '../engine/train/compare';
import { evaluateTogether, type Evaluation, type NamedModel } from '../engine/train/evaluate';
import type { RunRecord, TrainResult } from '../engine/train/run-record';
import type { Io } from './command';
import type { ProgressLine } from './progress-line';
import { percent, thousands } from './table';

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

/** Prints the result of a run. */
export function printResult(result: TrainResult, json: boolean, io: Io): void {
  if (json) return io.print(JSON.stringify(short(result)));
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
