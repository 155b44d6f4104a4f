import { Batcher } from '../../core/train/batches';
import { softmaxCrossEntropy } from '../../core/train/losses';
import { toChannelsFirst } from '../../core/layers/layout';
import type { Part } from '../../core/data/dataset';
import type { Model } from '../../core/model/model';
import { writeModel } from '../../core/onnx/write';
import { createWasmExecutor } from '../../core/program/executor';
import { channelsFirst, sizeOf } from '../../core/tensor';
import { FailureError } from '../../shared/failures';
import { loadData, type LoadedData } from '../data/load';
import { createThreads, loadKernels } from '../kernels';
import { OnnxSession } from '../onnxruntime';
import { defaultThreads } from './executor';

export type EvaluatedPart = 'train' | 'validation' | 'test' | 'all';

export interface EvaluateOptions {
  engine: 'core' | 'onnxruntime';
  /** Left out: the test part, else the validation part, else everything. */
  part?: EvaluatedPart;
  threads?: number;
  progress?(phase: 'reading' | 'evaluating', done: number, total: number): void;
  signal?: AbortSignal;
}

export interface ClassScore {
  label: string;
  /** Pictures of this class, and how many of them were called so (recall); of all that were called so, how many are (precision). */
  images: number;
  accuracy: number | null;
  precision: number | null;
}

export interface Evaluation {
  part: EvaluatedPart;
  images: number;
  accuracy: number;
  /** Mean softmax cross-entropy. */
  loss: number;
  perClass: ClassScore[];
  /** Rows are the true classes, columns what the network says; in the order of `perClass`. */
  confusion: number[][];
  /** Per picture, in the data's order. */
  right: Uint8Array;
  leftOut: LoadedData['leftOut'];
}

const BATCH = 64;
/** Smallest normal float32: onnxruntime gives probabilities, whose logarithm must not be infinite. */
const TINY = 2 ** -126;

/** Runs a model over a data set. @throws FailureError where data and model do not go together. */
export async function evaluate(model: Model, id: string, path: string, options: EvaluateOptions): Promise<Evaluation> {
  const { preprocessing, labels } = model.metadata;
  const channels = model.graph.inputShape[2];
  const progress = (done: number, total: number): void => options.progress?.('reading', done, total);
  const data = await loadData(
    path,
    { ...preprocessing, channels },
    { purpose: 'look', signal: options.signal, progress },
  );
  const classOf = matchLabels(data.labels, labels, path, id);
  const { name, parts } = choosePart(data, options.part, path);
  const total = parts.reduce((sum, part) => sum + part.samples.length, 0);

  const confusion = labels.map(() => new Array<number>(labels.length).fill(0));
  const right = new Uint8Array(total);
  let loss = 0;
  let done = 0;
  const runner =
    options.engine === 'core' ? await coreRunner(model, options.threads) : await onnxRunner(model, options.threads);
  try {
    for (const part of parts) {
      const batcher = new Batcher(part, preprocessing);
      const input = new Float32Array(BATCH * sizeOf(model.graph.inputShape));
      const given = new Int32Array(BATCH);
      for (let from = 0; from < part.samples.length; from += BATCH) {
        options.signal?.throwIfAborted();
        const samples = part.samples.subarray(from, from + BATCH);
        batcher.fill(samples, input, given);
        const truth = Int32Array.from(given.subarray(0, samples.length), (label) => classOf[label]);
        const { losses, predictions } = await runner.run(
          input.subarray(0, samples.length * sizeOf(model.graph.inputShape)),
          truth,
        );
        for (let i = 0; i < samples.length; i++) {
          confusion[truth[i]][predictions[i]]++;
          right[done + i] = truth[i] === predictions[i] ? 1 : 0;
          loss += losses[i];
        }
        done += samples.length;
        options.progress?.('evaluating', done, total);
      }
    }
  } finally {
    await runner.end();
  }
  const hits = right.reduce((sum, hit) => sum + hit, 0);
  return {
    part: name,
    images: total,
    accuracy: hits / total,
    loss: loss / total,
    perClass: scores(labels, confusion),
    confusion,
    right,
    leftOut: data.leftOut,
  };
}

/** Which class of the model each class of the data is: by name, or by number where the names are others. */
export function matchLabels(data: readonly string[], model: readonly string[], path: string, id: string): Int32Array {
  if (data.every((label) => model.includes(label))) return Int32Array.from(data, (label) => model.indexOf(label));
  const numbered = data.every((label, i) => label === String(i));
  if (data.length === model.length || (numbered && data.length <= model.length))
    return Int32Array.from(data, (_, i) => i);
  const some = (names: readonly string[]): string => `${names.slice(0, 4).join(', ')}${names.length > 4 ? ' …' : ''}`;
  throw new FailureError('data.invalid', {
    file: path,
    reason: `has ${data.length} classes (${some(data)}), '${id}' knows ${model.length} others (${some(model)})`,
  });
}

function choosePart(
  data: LoadedData,
  wanted: EvaluatedPart | undefined,
  path: string,
): { name: EvaluatedPart; parts: Part[] } {
  if (wanted && wanted !== 'all') {
    const part = data[wanted];
    if (!part) throw new FailureError('data.invalid', { file: path, reason: `has no ${wanted} part` });
    return { name: wanted, parts: [part] };
  }
  if (!wanted && data.test) return { name: 'test', parts: [data.test] };
  if (!wanted && data.validation) return { name: 'validation', parts: [data.validation] };
  return { name: 'all', parts: [data.train, data.validation, data.test].filter((part) => part !== null) };
}

interface Runner {
  /** @param input `[n, H, W, C]`. */
  run(input: Float32Array, truth: Int32Array): Promise<{ losses: Float64Array; predictions: Int32Array }>;
  end(): Promise<void>;
}

async function coreRunner(model: Model, threads = defaultThreads()): Promise<Runner> {
  const { graph, params } = model;
  const pool = threads > 1 ? createThreads(threads) : undefined;
  const executor = await createWasmExecutor(graph, {
    maxBatch: BATCH,
    kernels: loadKernels(),
    keep: 'training',
    threads: pool,
  });
  executor.setParams(params);
  const last = graph.layers.length - 1;
  const logits = graph.layers[last].kind === 'softmax' ? graph.layers[last].inputs[0] : last;
  const classes = sizeOf(graph.layers[last].outputShape);
  return {
    async run(input, truth) {
      const n = truth.length;
      executor.forward(input, n);
      const values = executor.activation(logits);
      const { loss } = softmaxCrossEntropy(values, truth, n, classes, 1, { reduction: 'none' });
      return { losses: loss, predictions: largest(values, n, classes) };
    },
    async end() {
      executor.dispose();
    },
  };
}

async function onnxRunner(model: Model, threads = defaultThreads()): Promise<Runner> {
  const session = await OnnxSession.open(writeModel(model), { threads });
  const { inputShape, layers } = model.graph;
  const softmax = layers[layers.length - 1].kind === 'softmax';
  const shape = channelsFirst(inputShape);
  const [name] = session.outputNames;
  return {
    async run(input, truth) {
      const n = truth.length;
      const planes = toChannelsFirst(input, n, ...inputShape);
      const outputs = await session.run({ [session.inputNames[0]]: { shape: [n, ...shape], data: planes } }, [name]);
      const { data } = outputs.get(name)!;
      const classes = data.length / n;
      const losses = softmax
        ? Float64Array.from(truth, (label, i) => -Math.log(Math.max(TINY, data[i * classes + label])))
        : softmaxCrossEntropy(data, truth, n, classes, 1, { reduction: 'none' }).loss;
      return { losses, predictions: largest(data, n, classes) };
    },
    end: () => session.release(),
  };
}

/** The class of the largest value, the first on a tie. */
function largest(values: Float32Array, n: number, classes: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (values[i * classes + c] > values[i * classes + best]) best = c;
    return best;
  });
}

function scores(labels: readonly string[], confusion: readonly number[][]): ClassScore[] {
  return labels.map((label, c) => {
    const images = confusion[c].reduce((sum, count) => sum + count, 0);
    const called = confusion.reduce((sum, row) => sum + row[c], 0);
    const right = confusion[c][c];
    return {
      label,
      images,
      accuracy: images > 0 ? right / images : null,
      precision: called > 0 ? right / called : null,
    };
  });
}
