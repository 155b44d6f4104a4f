import { channelsOf } from '../../core/geometry';
import { FailureError } from '../../shared/failures';
import type { VerifyReport } from '../../shared/protocol';
import { say } from '../../words';
import { sourceOf } from '../data-sets/data-sets';
import { spread } from '../data-sets/sheet';
import { loadData } from '../data/load';
import { makeExecutor } from '../runtime/executor';
import { openModel } from '../models/models';
import { readFacts } from '../runs/facts';
import { verify, VERIFY_IMAGES } from '../models/verify';
import { inputsOf, pathsOf } from '../models/verify-images';
import type { WorkHost } from '../work/messages';
import { paced } from '../work/paced';
import { ownSplits } from './own-splits';

/**
 * Compares the weights that a run keeps in `model.onnx` with onnxruntime, on up to a hundred pictures of its data,
 * spread over those that it did not learn from. @throws FailureError if there is no model yet, or its data is gone.
 */
export async function verifyRun({ run }: { run: string }, { progress, signal }: WorkHost): Promise<VerifyReport> {
  const opened = await openModel({ kind: 'run', id: run });
  const { entry, record } = await readFacts(run);
  if (!record) throw new FailureError('run.invalid', { run: entry.title, reason: say('model.no-record') });
  const { model } = opened;
  const target = { ...model.metadata.preprocessing, channels: channelsOf(model.graph.inputShape) };
  const data = await loadData(sourceOf(entry.data), target, { purpose: 'look', range: record.data.range, signal });
  const [split] = ownSplits(record, data).splits;
  const samples = Int32Array.from(spread(split.samples, VERIFY_IMAGES));
  return verify({ ...opened, bytes: opened.bytes() }, inputsOf(model, split, samples), {
    executor: makeExecutor,
    pictures: pathsOf(model, split, samples),
    signal,
    onProgress: paced(progress),
  });
}
