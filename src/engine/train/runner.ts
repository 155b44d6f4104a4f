import { toChannelsFirst } from '../../core/layers/layout';
import { logitsOf, type Graph } from '../../core/model/graph';
import type { Model } from '../../core/model/model';
import { INPUT } from '../../core/model/spec';
import { writeModel } from '../../core/onnx/write';
import { createWasmExecutor } from '../../core/backends/wasm/create';
import { channelsFirst, sizeOf } from '../../core/tensor';
import { logSoftmax } from '../../core/train/losses';
import { createThreads, loadKernels } from '../runtime/kernels';
import { OnnxSession } from '../runtime/onnxruntime';
import { defaultThreads } from './executor';

export type RunnerEngine = 'core' | 'onnxruntime';

/** Asks a network for the classes of pictures. */
export interface Runner {
  /** @param input `[n, H, W, C]`, n at most the batch. @returns logarithms of the probabilities, `[n, classes]`. */
  run(input: Float32Array, n: number): Promise<Float64Array>;
  end(): Promise<void>;
}

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
  const { logits, classes } = logitsAt(graph);
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
  const { graph } = model;
  const { logits, classes } = logitsAt(graph);
  // Of the classes' probabilities onnxruntime gives float32, in which those of a sure network are 0.
  const session = await OnnxSession.open(writeModel(model, { allOutputs: true }), { threads });
  const shape = channelsFirst(graph.inputShape);
  return {
    async run(input, n) {
      if (logits < 0) return logSoftmax(input, n, classes, 1);
      const { name } = graph.layers[logits];
      const planes = toChannelsFirst(input, n, ...graph.inputShape);
      const outputs = await session.run({ [INPUT]: { shape: [n, ...shape], data: planes } }, [name]);
      return logSoftmax(outputs.get(name)!.data, n, classes, 1);
    },
    end: () => session.release(),
  };
}

/** Where the logits are: −1 is the input, of which a network that is nothing but a softmax takes it. */
function logitsAt(graph: Graph): { logits: number; classes: number } {
  const last = graph.layers.length - 1;
  const { kind, inputs, outputShape } = graph.layers[last];
  const logits = kind === 'softmax' && inputs[0] < 0 ? -1 : logitsOf(graph);
  return { logits, classes: sizeOf(outputShape) };
}
