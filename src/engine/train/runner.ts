import { toChannelsFirst } from '../../core/layers/layout';
import { headOfGraph } from '../../core/model/graph';
import type { Model } from '../../core/model/model';
import { INPUT } from '../../core/model/spec';
import { writeModel } from '../../core/onnx/write';
import { channelsFirst } from '../../core/tensor';
import { chooseBackend, defaultThreads, openExecutor } from '../runtime/executor';
import { OnnxSession } from '../runtime/onnxruntime';
import { isForeign, type Classifier, type Runner } from './classifier';
import { foreignRunner } from './foreign-runner';

export type RunnerEngine = 'core' | 'onnxruntime';

export const createRunner = (
  engine: RunnerEngine,
  model: Classifier,
  batch: number,
  threads = defaultThreads(),
): Promise<Runner> => {
  if (isForeign(model)) return foreignRunner(model, threads);
  return engine === 'core' ? coreRunner(model, batch, threads) : onnxRunner(model, threads);
};

async function coreRunner({ graph, params }: Model, maxBatch: number, threads: number): Promise<Runner> {
  const executor = await openExecutor(graph, { maxBatch, keep: 'training' }, chooseBackend({ threads }));
  await executor.setParams(params);
  const { logits } = headOfGraph(graph);
  const run = async (input: Float32Array, n: number): Promise<Float32Array> => {
    await executor.forward(input, n);
    return executor.activation(logits);
  };
  return {
    run,
    time: (input) => timed(() => run(input, 1)),
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
  const run = async (input: Float32Array, n: number): Promise<Float32Array> => {
    if (logits < 0) return input;
    const { name } = graph.layers[logits];
    const planes = toChannelsFirst(input, n, graph.inputShape);
    const outputs = await session.run({ [INPUT]: { shape: [n, ...shape], data: planes } }, [name]);
    return outputs.get(name)!.data;
  };
  return {
    run,
    time: (input) => timed(() => run(input, 1)),
    end: () => session.release(),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
