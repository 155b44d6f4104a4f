import { classCounts, type Split } from '../../core/data/dataset';
import type { Fit } from '../../shared/protocol';
import type { DataSurvey } from '../../shared/data-sets';
import type { NetworkChoice } from '../../shared/network-choice';
import { dataFacts } from '../data/facts';
import { loadData } from '../data/load';
import type { Range } from '../data/scale';
import { inputChosen } from '../runs/network';
import { usualTarget } from '../train/prepare';
import { proposeOrHead } from '../train/proposal';
import { paced } from '../work/paced';
import type { WorkHost } from '../work/messages';
import { sampleSheet } from './sheet';

/** Left-out files that are named one by one; the rest is counted. */
const NAMED = 200;

export interface SurveyRequest {
  /** What `loadData` takes. */
  source: string;
  /** Null: one that fits the data is proposed. */
  network: NetworkChoice | null;
  fit?: Fit;
  range?: Range;
}

/**
 * Reads a data set as a run of that network, or of one that is proposed, will, and says what is in it; the run then finds its pictures decoded.
 * @throws FailureError for what cannot be trained on.
 */
export async function surveyData(
  { source, network, fit, range }: SurveyRequest,
  { progress, signal }: WorkHost,
): Promise<Omit<DataSurvey, 'data'>> {
  const proposal = network ? null : proposeOrHead(await dataFacts(source, { range, signal }));
  const { name, input, preprocessing } = await inputChosen(network ?? proposal!.network);
  const target = usualTarget(name, input, preprocessing, fit);
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
    proposal,
  };
}
