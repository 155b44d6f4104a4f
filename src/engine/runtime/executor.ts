import type { Executor } from '../../core/backends/executor';
import type { Graph } from '../../core/model/graph';
import { createWasmExecutor } from '../../core/backends/wasm/create';
import { FailureError } from '../../shared/failures';
import { reasonOf, say } from '../../words';
import { loadKernels } from './kernels';

/**
 * What runs models for views and verification: every layer's output is kept. One thread: a single picture takes
 * milliseconds, and waking threads would take longer.
 * @throws FailureError where the network needs more memory than there is.
 */
export async function makeExecutor(graph: Graph, maxBatch: number): Promise<Executor> {
  try {
    return await createWasmExecutor(graph, { maxBatch, kernels: loadKernels(), keep: 'all' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FailureError('internal', { reason: say('engine.memory', { reason: reasonOf(error) }) });
  }
}
