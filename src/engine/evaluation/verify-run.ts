import { sizeOf } from '../../core/tensor';
import { Batcher } from '../../core/train/batches';
import type { Model } from '../../core/model/model';
import type { Part } from '../../core/data/dataset';
import type { VerifyReport } from '../../shared/protocol';
import { spread } from '../data-sets/sheet';
import { loadData } from '../data/load';
import { makeExecutor } from '../executor';
import { readWholeFile } from '../files';
import { openModel } from '../models';
import { modelFile } from '../train/compare';
import { RunFolder } from '../train/run-folder';
import { verify, VERIFY_IMAGES } from '../verify';
import type { WorkHost } from '../work/messages';
import { paced } from '../work/paced';
import { ownParts } from './own-parts';

/**
 * Holds a run's `model.onnx` against onnxruntime, on up to a hundred pictures of its data, spread over those that it did not
 * learn from. @throws FailureError where there is no model yet, or its data has gone.
 */
export async function verifyRun({ run }: { run: string }, { progress, signal }: WorkHost): Promise<VerifyReport> {
  const record = await new RunFolder(run).read();
  const file = await modelFile(run);
  const { model } = await openModel({ kind: 'bytes', name: file, bytes: await readWholeFile(file) });
  const target = { ...model.metadata.preprocessing, channels: model.graph.inputShape[2] };
  const data = await loadData(record.data.path, target, { purpose: 'look', signal });
  const [part] = ownParts(record, data).parts;
  return verify(model, inputsOf(model, part), { executor: makeExecutor, signal, onProgress: paced(progress) });
}

function inputsOf(model: Model, part: Part): Float32Array[] {
  const { graph, metadata } = model;
  const samples = Int32Array.from(spread(part.samples, VERIFY_IMAGES));
  const size = sizeOf(graph.inputShape);
  const inputs = new Float32Array(samples.length * size);
  new Batcher(part, metadata.preprocessing).fill(samples, inputs, new Int32Array(samples.length));
  return Array.from(samples, (_, i) => inputs.subarray(i * size, (i + 1) * size));
}
