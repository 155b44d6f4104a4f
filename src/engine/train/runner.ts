import { toChannelsFirst } from '../../core/layers/layout';
import { headOfGraph } from '../../core/model/graph';
import type { Model } from '../../core/model/model';
import { INPUT } from '../../core/model/spec';
import { writeModel } from '../../core/onnx/write';
import { channelsFirst } from '../../core/tensor';
import { chooseBackend, defaultThreads, openExecutor } from '../runtime/executor';
import { OnnxSession } from '../runtime/onnxruntime';

export type RunnerEngine = 'core' | 'onnxruntime';

/** Runs a network to predict the classes of pictures. */
export interface Runner {
  /** @param input `[n, H, W, C]`, n at most the batch. @returns the logits of the network's head, or its values where it has none: `[n, classes]`. */
  run(input: Float32Array, n: number): Promise<Float32Array>;
  end(): Promise<void>;
}

export const createRunner = (
  engine: RunnerEngine,
  model: Model,
  batch: number,
  threads = defaultThreads(),
): Promise<Runner> => (engine === 'core' ? coreRunner(model, batch, threads) : onnxRunner(model, threads));

async function coreRunner({ graph, params }: Model, maxBatch: number, threads: number): Promise<Runner> {
  const executor = await openExecutor(graph, { maxBatch, keep: 'training' }, chooseBackend({ threads }));
  await executor.setParams(params);
  const { logits } = headOfGraph(graph);
  return {
    async run(input, n) {
      await executor.forward(input, n);
      return executor.activation(logits);
    },
    async end() {
      executor.dispose();
    },
  };
}

async function onnxRunner(model: Model, threads: number): Promise<Runner> {
  const { graph } = model;
  const { logits } = headOfGraph(graph);
  // onnxruntime gives the probabilities as float32, in which those of a confident network can be 0.
  const session = await OnnxSession.open(writeModel(model, { allOutputs: true }), { threads });
  const shape = channelsFirst(graph.inputShape);
  return {
    async run(input, n) {
      if (logits < 0) return input;
      const { name } = graph.layers[logits];
      const planes = toChannelsFirst(input, n, graph.inputShape);
      const outputs = await session.run({ [INPUT]: { shape: [n, ...shape], data: planes } }, [name]);
      return outputs.get(name)!.data;
    },
    end: () => session.release(),
  };
}
