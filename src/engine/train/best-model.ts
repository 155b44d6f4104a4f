import type { Graph, ParamSet } from '../../core/model/graph';
import type { ModelMetadata, TrainingRecord } from '../../core/model/model';
import { writeModel } from '../../core/onnx/write';
import { scheduleText } from '../../core/train/options';
import type { Score } from '../../core/train/loop';
import { writeFileAtomically } from '../system/files';
import type { RunFolder } from './run-folder';
import type { RunRecord } from './run-record';

export type SplitScores = Record<'train' | 'validation' | 'test', Score | null>;

/** Writes `model.onnx`. */
export async function writeBest(
  folder: RunFolder,
  record: RunRecord,
  graph: Graph,
  params: ParamSet,
  training: TrainingRecord,
  pictures: ModelMetadata['pictures'],
): Promise<void> {
  const { labels, preprocessing, title } = record;
  const metadata = { labels, ...(pictures && { pictures }), preprocessing, training, ...(title ? { title } : {}) };
  await writeFileAtomically(folder.file('model.onnx'), writeModel({ graph, params, metadata }));
}

/** Figures for the model's metadata. Nothing in it depends on a clock, the machine or paths. */
export function trainingRecord(record: RunRecord, epochs: number, scores: SplitScores): TrainingRecord {
  const { settings, data } = record;
  const variations = Object.entries({ expand: settings.expand, ...settings.augmentation });
  const augmentation = variations.filter(([, value]) => value !== 0 && value !== 'none');
  const each = (of: keyof Score): TrainingRecord['accuracy'] => ({
    train: scores.train?.[of] ?? null,
    validation: scores.validation?.[of] ?? null,
    test: scores.test?.[of] ?? null,
  });
  return {
    data: data.name,
    samples: data.samples,
    epochs,
    batch: settings.batch,
    optimizer: settings.optimizer.kind,
    learningRate: settings.learningRate,
    schedule: scheduleText(record.options.schedule ?? { kind: settings.schedule.kind }),
    seed: settings.seed,
    augmentation: augmentation.map(([name, value]) => `${name}=${value}`),
    accuracy: each('accuracy'),
    loss: each('loss'),
  };
}
