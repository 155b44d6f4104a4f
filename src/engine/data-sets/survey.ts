import { classCounts, type Split } from '../../core/data/dataset';
import type { Fit } from '../../shared/protocol';
import type { DataSurvey, NetworkChoice } from '../../shared/training';
import { loadData } from '../data/load';
import type { Range } from '../data/scale';
import { architectureChosen } from '../runs/network';
import { usualTarget } from '../train/prepare';
import { paced } from '../work/paced';
import type { WorkHost } from '../work/messages';
import { sampleSheet } from './sheet';

/** Left-out files that are named one by one; the rest is counted. */
const NAMED = 200;

export interface SurveyRequest {
  /** What `loadData` takes. */
  source: string;
  network: NetworkChoice;
  fit?: Fit;
  range?: Range;
}

/**
 * Reads a data set as a run of that network will, and says what is in it; the run then finds its pictures decoded.
 * @throws FailureError for what cannot be trained on.
 */
export async function surveyData(
  { source, network, fit, range }: SurveyRequest,
  { progress, signal }: WorkHost,
): Promise<Omit<DataSurvey, 'data'>> {
  const architecture = await architectureChosen(network);
  const target = usualTarget(architecture.name, architecture.spec.input, architecture.preprocessing, fit);
  const data = await loadData(source, target, { purpose: 'learn', range, progress: paced(progress), signal });
  const { labels, format, fingerprint, inside, leftOut, warnings } = data;
  const counts = (split: Split | null): number[] | null => split && [...classCounts(split, labels.length)];
  return {
    format,
    fingerprint,
    inside,
    labels: [...labels],
    counts: { train: counts(data.train), validation: counts(data.validation), test: counts(data.test) },
    leftOut: leftOut.slice(0, NAMED),
    leftOutTotal: leftOut.length,
    warnings,
    samples: sampleSheet(data.train, labels.length),
  };
}
