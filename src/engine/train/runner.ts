import { toChannelsFirst } from '../../core/layers/layout';
import type { Model } from '../../core/model/model';
import { writeModel } from '../../core/onnx/write';
import { createWasmExecutor } from '../../core/program/executor';
import { channelsFirst, sizeOf } from '../../core/tensor';
import { logSoftmax } from '../../core/train/losses';
import { createThreads, loadKernels } from '../kernels';
import { OnnxSession } from '../onnxruntime';
import { defaultThreads } from './executor';

export type RunnerEngine = 'core' | 'onnxruntime';

/** Asks a network for the classes of pictures. */
export interface Runner {
  /** @param input `[n, H, W, C]`, n at most the batch. @returns logarithms of the probabilities, `[n, classes]`. */
  run(input: Float32Array, n: number): Promise<Float64Array>;
  end(): Promise<void>;
}

/** Smallest normal float32: a probability of zero, or an average of such, must have a logarithm. */
const TINY = 2 ** -126;

/** The logarithm of a probability, never −∞. */
export const logOf = (probability: number): number => Math.log(Math.max(TINY, probability));

export const createRunner = (
  engine: RunnerEngine,
  model: Model,
  batch: number,
  threads = defaultThreads(),
): Promise<Runner> => (engine === 'core' ? coreRunner(model, batch, threads) : onnxRunner(model, threads));

async function coreRunner({ graph, params }: Model, maxBatch: number, threads: number): Promise<Runner> {
  const pool = threads > 1 ? createThreads(threads) : undefined;
  const executor = await createWasmExecutor(graph, {
    maxBatch,
    kernels: loadKernels(),
    keep: 'training',
    threads: pool,
  });
  executor.setParams(params);
  const last = graph.layers.length - 1;
  const logits = graph.layers[last].kind === 'softmax' ? graph.layers[last].inputs[0] : last;
  const classes = sizeOf(graph.layers[last].outputShape);
  return {
    async run(input, n) {
      executor.forward(input, n);
      return logSoftmax(executor.activation(logits), n, classes, 1);
    },
    async end() {
      executor.dispose();
    },
  };
}

async function onnxRunner(model: Model, threads: number): Promise<Runner> {
  const session = await OnnxSession.open(writeModel(model), { threads });
  const { inputShape, layers } = model.graph;
  const softmax = layers[layers.length - 1].kind === 'softmax';
  const shape = channelsFirst(inputShape);
  const [name] = session.outputNames;
  return {
    async run(input, n) {
      const planes = toChannelsFirst(input, n, ...inputShape);
      const outputs = await session.run({ [session.inputNames[0]]: { shape: [n, ...shape], data: planes } }, [name]);
      const { data } = outputs.get(name)!;
      return softmax ? Float64Array.from(data, logOf) : logSoftmax(data, n, data.length / n, 1);
    },
    end: () => session.release(),
  };
}
