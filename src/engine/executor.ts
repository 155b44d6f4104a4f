import type { Executor } from '../core/executor';
import type { Graph } from '../core/model/graph';
import { ReferenceExecutor } from '../core/reference-executor';

/** What runs models for views and verification: every layer's output is kept. */
export function makeExecutor(graph: Graph, maxBatch: number): Executor {
  return new ReferenceExecutor(graph, maxBatch);
}
