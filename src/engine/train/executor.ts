import { availableParallelism } from 'node:os';
import type { TrainingExecutor } from '../../core/backends/executor';
import type { Graph } from '../../core/model/graph';
import { createWasmExecutor } from '../../core/backends/wasm/create';
import { ReferenceTrainer } from '../../core/backends/reference/trainer';
import type { TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import { reasonOf, say } from '../../words';
import { createThreads, loadKernels } from '../runtime/kernels';

/** More threads than this share out a batch no better. */
const MOST_THREADS = 8;

/** As many as the machine has cores. */
export const defaultThreads = (): number => Math.min(MOST_THREADS, availableParallelism());

/** The one that trains without the kernels, in this thread. */
export const openReferenceTrainer = (
  graph: Graph,
  { batch, optimizer }: Pick<TrainSettings, 'batch' | 'optimizer'>,
): { executor: TrainingExecutor; threads: number } => ({
  executor: new ReferenceTrainer(graph, batch, optimizer),
  threads: 1,
});

/**
 * The executor that trains a graph, with as many threads as asked for, or as the machine has cores.
 * @throws FailureError where network and batch need more memory than there is.
 */
export async function openTrainer(
  graph: Graph,
  settings: Pick<TrainSettings, 'batch' | 'optimizer'>,
  threads = defaultThreads(),
): Promise<{ executor: TrainingExecutor; threads: number }> {
  const { batch: maxBatch, optimizer } = settings;
  try {
    const pool = threads > 1 ? createThreads(threads) : undefined;
    const executor = await createWasmExecutor(graph, {
      maxBatch,
      kernels: loadKernels(),
      keep: 'training',
      optimizer,
      threads: pool,
    });
    return { executor, threads };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FailureError('train.invalid', {
      reason: say('train.memory', { batch: maxBatch, reason: reasonOf(error) }),
    });
  }
}

/** What the bits of a run depend on besides its settings, for the record. */
export function versions(): Record<string, string> {
  const { node, v8 } = process.versions;
  return { node, v8, kernels: loadKernels().build, platform: `${process.platform} ${process.arch}` };
}
