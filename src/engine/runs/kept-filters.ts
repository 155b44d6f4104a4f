import { join } from 'node:path';
import type { FirstFilters } from '../../shared/runs';
import { openModel } from '../models/models';
import { firstFilters } from '../train/first-filters';
import { readFacts } from './facts';
import { readMetrics } from './metrics';
import { runFolderOf } from './store';

/**
 * The first layer of the weights that a run keeps, with the number of the update after which they were kept.
 * @throws FailureError before the first epoch has ended, and if there is no such run.
 */
export async function keptFilters(run: string): Promise<FirstFilters | null> {
  // A head has no filters: what it reads are numbers of another network.
  if ((await readFacts(run)).record?.body) return null;
  const { model } = await openModel({ kind: 'run', id: run });
  const lines = await readMetrics(join(runFolderOf(run), 'metrics.jsonl'));
  const kept = lines.findLast((line) => line.type === 'epoch' && line.best);
  return firstFilters(model.graph, model.params, kept?.step ?? 0);
}
