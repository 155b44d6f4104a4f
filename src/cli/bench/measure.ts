import { initParams } from '../../core/model/init';
import type { Model } from '../../core/model/model';
import { writeModel } from '../../core/onnx/write';
import { sizeOf } from '../../core/tensor';
import { loadRuntime } from '../../engine/runtime/onnxruntime';
import { toChannelsFirst } from '../../core/layers/layout';
import { IndependentRuns } from './independent';
import { createLearner, type Learner } from './learner';
import { rate } from './rate';

export interface BenchCase {
  net: string;
  batch: number;
  threads: number;
}

/** One line of `convscope bench --json`. */
export interface BenchResult extends BenchCase {
  node: string;
  trainImagesPerSecond: number;
  forwardImagesPerSecond: number;
  /** onnxruntime, one thread. */
  ortForwardImagesPerSecond: number;
  /** Training step ÷ onnxruntime's forward pass, in images per second: the median over the rounds. */
  ratio: number;
  /** Forward pass ÷ onnxruntime's, the median over the rounds too. */
  forwardRatio: number;
  /** With two threads or more: what that many independent runs of one thread reach together, and the share of it. */
  independentTrainImagesPerSecond?: number;
  threadsShare?: number;
  kernels: string;
}

export interface Timing {
  rounds: number;
  /** Milliseconds that each candidate runs in each round. */
  window: number;
}

/**
 * Milliseconds that each candidate trains before the rounds begin: meanwhile V8 compiles, on threads that would compete
 * for the cores.
 */
const WARM_UP = 2000;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs a case: training steps, forward passes and onnxruntime's forward passes by turns in one process, round by round, so that what
 * slows the machine slows all alike. Ratios are medians of the rounds' own ratios.
 */
export async function runCase(
  { net, batch, threads }: BenchCase,
  { rounds, window }: Timing,
  kernels: string,
): Promise<BenchResult> {
  const learner = await createLearner(net, batch, threads);
  const ort = await openOrt(learner, batch);
  const others = threads > 1 ? await IndependentRuns.start(net, batch, threads) : null;
  rate(() => learner.train(), batch, WARM_UP);
  await others?.rate(WARM_UP);
  rate(() => learner.forward(), batch, WARM_UP / 4);
  await rateOf(ort, batch, WARM_UP / 4);
  const train: number[] = [];
  const forward: number[] = [];
  const ortForward: number[] = [];
  const independent: number[] = [];
  for (let round = 0; round < rounds; round++) {
    train.push(rate(() => learner.train(), batch, window));
    if (others) independent.push(await others.rate(window));
    forward.push(rate(() => learner.forward(), batch, window));
    ortForward.push(await rateOf(ort, batch, window));
  }
  await others?.close();
  await learner.close();
  const ratios = (of: readonly number[], to: readonly number[]): number =>
    round(median(of.map((each, i) => each / to[i])), 4);
  return {
    net,
    batch,
    threads,
    node: process.version,
    trainImagesPerSecond: round(median(train), 1),
    forwardImagesPerSecond: round(median(forward), 1),
    ortForwardImagesPerSecond: round(median(ortForward), 1),
    ratio: ratios(train, ortForward),
    forwardRatio: ratios(forward, ortForward),
    ...(others && {
      independentTrainImagesPerSecond: round(median(independent), 1),
      threadsShare: ratios(train, independent),
    }),
    kernels,
  };
}

async function rateOf(run: () => Promise<void>, batch: number, milliseconds: number): Promise<number> {
  const start = performance.now();
  for (let calls = 1; ; calls++) {
    await run();
    const spent = performance.now() - start;
    if (spent >= milliseconds) return (calls * batch * 1000) / spent;
  }
}

/** onnxruntime on the same network: one thread, default optimization. */
async function openOrt({ graph, input }: Learner, batch: number): Promise<() => Promise<void>> {
  const ort = await loadRuntime();
  const [height, width, channels] = graph.inputShape;
  const model: Model = { graph, params: initParams(graph, 1), metadata: metadata(graph.inputShape, classesOf(graph)) };
  const session = await ort.InferenceSession.create(writeModel(model), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const [name] = session.inputNames;
  const data = toChannelsFirst(input, batch, graph.inputShape);
  const feeds = { [name]: new ort.Tensor('float32', data, [batch, channels, height, width]) };
  return async () => {
    const outputs = await session.run(feeds);
    void outputs[session.outputNames[0]].data;
  };
}

function classesOf({ layers }: Learner['graph']): number {
  return sizeOf(layers[layers.length - 1].outputShape);
}

function metadata([height, width, channels]: readonly number[], classes: number): Model['metadata'] {
  const each = Array<number>(channels);
  return {
    labels: Array.from({ length: classes }, (_, i) => String(i)),
    preprocessing: {
      colour: channels === 1 ? 'grey' : 'rgb',
      height,
      width,
      fit: 'stretch',
      resize: 'linear',
      scale: 1 / 255,
      mean: each.fill(0).slice(),
      deviation: each.fill(1).slice(),
      ground: 'mixed',
    },
    training: null,
  };
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
