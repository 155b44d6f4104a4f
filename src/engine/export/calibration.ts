import { channelsOf } from '../../core/geometry';
import { toChannelsFirst } from '../../core/layers/layout';
import type { Split } from '../../core/data/dataset';
import type { Model } from '../../core/model/model';
import { INPUT } from '../../core/model/spec';
import type { Ranges } from '../../core/onnx/int8';
import { channelsFirst, sizeOf } from '../../core/tensor';
import { Batcher } from '../../core/train/batches';
import { FailureError } from '../../shared/failures';
import { say } from '../../words';
import { spread } from '../data-sets/sheet';
import { loadData } from '../data/load';
import { ownSplits } from '../evaluation/own-splits';
import { argMax } from '../models/verify';
import { makeExecutor } from '../runtime/executor';
import { OnnxSession } from '../runtime/onnxruntime';
import type { RunRecord } from '../train/run-record';

/** Pictures that the ranges are taken from, and those that the accuracy is measured on, at most. */
const CALIBRATED = 200;
const JUDGED = 1000;

/** Labelled inputs, `[H, W, C]` each. */
export interface Labelled {
  inputs: Float32Array[];
  labels: Int32Array;
}

/** What quantization takes from a data set: some of the pictures that the network learned from, and some that it did not. */
export interface CalibrationData {
  calibration: Labelled;
  judged: Labelled;
  /** The name of the split that is judged. */
  split: string;
}

/**
 * @param path of the data; a run's own where it was trained on it. @param record of the run, null where there is none: then the splits are the data's.
 * @throws FailureError where the data cannot be read, or its classes are not the network's.
 */
export async function calibrationData(
  model: Model,
  path: string,
  record: RunRecord | null,
  signal?: AbortSignal,
): Promise<CalibrationData> {
  const { preprocessing, labels } = model.metadata;
  const target = { ...preprocessing, channels: channelsOf(model.graph.inputShape) };
  const data = await loadData(path, target, { purpose: 'look', range: record?.data.range, signal });
  if (String(data.labels) !== String(labels))
    throw new FailureError('data.invalid', {
      file: path,
      reason: say('export.other-classes', { found: [...data.labels], expected: [...labels] }),
    });
  const train = record ? ownSplits(record, data, 'train').splits[0] : data.train;
  const held = record
    ? ownSplits(record, data)
    : {
        name: data.test ? 'test' : data.validation ? 'validation' : 'train',
        splits: [data.test ?? data.validation ?? data.train],
      };
  const some = (split: Split, most: number): Labelled =>
    labelled(model, split, Int32Array.from(spread(split.samples, most)));
  return { calibration: some(train, CALIBRATED), judged: some(held.splits[0], JUDGED), split: held.name };
}

function labelled({ graph, metadata }: Model, split: Split, samples: Int32Array): Labelled {
  const size = sizeOf(graph.inputShape);
  const all = new Float32Array(samples.length * size);
  const labels = new Int32Array(samples.length);
  new Batcher(split, metadata.preprocessing).fill(samples, all, labels);
  return { inputs: Array.from(samples, (_, i) => all.subarray(i * size, (i + 1) * size)), labels };
}

/** The smallest and largest value of the input and of every layer's output, on our core. */
export async function rangesOf(model: Model, inputs: readonly Float32Array[], signal?: AbortSignal): Promise<Ranges> {
  const { graph, params } = model;
  const ranges = new Map<string, [number, number]>();
  const widen = (name: string, values: Float32Array): void => {
    let [least, most] = ranges.get(name) ?? [Infinity, -Infinity];
    for (const value of values) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
    ranges.set(name, [least, most]);
  };
  const executor = await makeExecutor(graph, 1);
  try {
    await executor.setParams(params);
    for (const input of inputs) {
      signal?.throwIfAborted();
      await executor.forward(input, 1);
      widen(INPUT, input);
      for (const [index, { name }] of graph.layers.entries()) widen(name, await executor.activation(index));
    }
  } finally {
    executor.dispose();
  }
  return ranges;
}

/** The share of pictures that a file of ours, which takes `input`, is right about in onnxruntime. */
export async function accuracyOf(
  { graph }: Model,
  bytes: Uint8Array,
  { inputs, labels }: Labelled,
  signal?: AbortSignal,
): Promise<number> {
  const session = await OnnxSession.open(bytes);
  const output = graph.layers[graph.layers.length - 1].name;
  const shape = [1, ...channelsFirst(graph.inputShape)];
  let right = 0;
  try {
    for (const [i, input] of inputs.entries()) {
      signal?.throwIfAborted();
      const feed = { [INPUT]: { shape, data: toChannelsFirst(input, 1, graph.inputShape) } };
      const values = (await session.run(feed, [output])).get(output)!.data;
      if (argMax(values, 0, values.length) === labels[i]) right++;
    }
  } finally {
    await session.release();
  }
  return right / inputs.length;
}
