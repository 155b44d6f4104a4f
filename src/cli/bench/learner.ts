import type { Graph } from '../../core/model/graph';
import { initParams } from '../../core/model/init';
import { createWasmExecutor, type WasmExecutor } from '../../core/backends/wasm/create';
import type { ThreadPool } from '../../core/backends/wasm/threads';
import { mix } from '../../core/random';
import { sizeOf } from '../../core/tensor';
import { optimizerDefaults } from '../../core/train/optimizers';
import { createThreads, loadKernels } from '../../engine/runtime/kernels';
import { netNamed } from './nets';

/** The trainer's executor on a fixed random batch, with plain SGD. */
export interface Learner {
  readonly graph: Graph;
  /** `[batch, H, W, C]`. */
  readonly input: Float32Array;
  /** One training step: forward, loss, backward, update. */
  train(): void;
  /** One forward pass; the output is read. */
  forward(): void;
  close(): Promise<void>;
}

/** @param net see `netNamed`. @param shrink what the initial weights are multiplied by. */
export async function createLearner(net: string, batch: number, threads: number, shrink = 1): Promise<Learner> {
  const graph = await netNamed(net);
  const pool: ThreadPool | undefined = threads > 1 ? createThreads(threads) : undefined;
  const executor: WasmExecutor = await createWasmExecutor(graph, {
    maxBatch: batch,
    kernels: loadKernels(),
    keep: 'training',
    optimizer: { kind: 'sgd', ...optimizerDefaults },
    ...(pool && { threads: pool }),
  });
  const params = initParams(graph, 1);
  for (const values of params.values()) values.forEach((value, i) => (values[i] = value * shrink));
  executor.setParams(params);
  // The array into which the trainer also writes its batches.
  const input = executor.batchInput;
  input.forEach((_, i) => (input[i] = mix(i + 1) / 2 ** 32));
  const last = graph.layers.length - 1;
  const classes = sizeOf(graph.layers[last].outputShape);
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
  const draw = { seed: 1, epoch: 0, samples: Array.from({ length: batch }, (_, i) => i) };
  let step = 0;
  return {
    graph,
    input,
    train() {
      executor.trainStep(input, labels, batch, draw, 0.01, ++step);
    },
    forward() {
      executor.forward(input, batch);
      executor.activation(last);
    },
    async close() {
      executor.dispose();
      await pool?.ended();
    },
  };
}
