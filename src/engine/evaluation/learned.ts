import { identities, sharedPictures } from '../../core/data/identical';
import type { Split } from '../../core/data/dataset';
import { say, type Message } from '../../words';
import { dataFailure } from '../data/failure';
import { loadData, type LoadedData } from '../data/load';
import type { Classifier } from '../train/classifier';
import type { RunRecord } from '../train/run-record';
import { withValidation } from '../train/prepare';
import { chooseSplit, targetOfModel, type ChosenSplits, type EvaluatedSplit } from '../train/evaluate';
import { checkUnchanged, ownSplits } from './own-splits';

/** A trained network, and what is known about its training data. */
export interface Learner {
  title: string;
  model: Classifier;
  /** Of its run; null for a file alone. */
  record: RunRecord | null;
  /** The run's data source for `loadData`, at its present place; null without a run. */
  own: string | null;
  /** That its file is not as it was written. */
  altered?: Message | null;
}

/** Whether a network learned from this data: from the same path, or from the same pictures at another path. */
function learnedOf({ record, own, model }: Learner, source: string, { fingerprint }: LoadedData): boolean {
  if (record) return own === source || record.data.fingerprint === fingerprint;
  // A file alone names its data: the generated one, or its kind and the first digits of its fingerprint.
  const name = model.metadata.training?.data ?? '';
  return name === source || (/ [0-9a-f]{12}$/.test(name) && fingerprint.startsWith(name.slice(-12)));
}

/**
 * Which pictures are looked at: of the first network's own data the test split, else the validation split, which is drawn
 * again as its run drew it, else what it learned from; of other data the test split, else the validation split, else all.
 * @param wanted a split named by the user.
 */
export function chooser(first: Learner, source: string, wanted?: EvaluatedSplit): (data: LoadedData) => ChosenSplits {
  let chosen: { data: LoadedData; splits: ChosenSplits } | null = null;
  return (data) => {
    // Its own record has the fingerprint at its own size, and at another size other pictures may be identical: the first
    // network's data is chosen from, and of the same data at other sizes the same pictures are taken.
    if (!chosen) chosen = { data, splits: choose(data) };
    const { data: own, splits } = chosen;
    return { ...splits, splits: splits.splits.map((split) => atSize(split, own, data)) };
  };

  function choose(data: LoadedData): ChosenSplits {
    const { record } = first;
    if (!record || !learnedOf(first, source, data) || wanted === 'all' || wanted === 'test')
      return chooseSplit(data, wanted, source);
    if (!data.validation && (wanted || !data.test)) checkUnchanged(record, data);
    return ownSplits(record, data, wanted);
  }

  function atSize(split: Split, own: LoadedData, data: LoadedData): Split {
    const place = (['train', 'validation', 'test'] as const).find((each) => own[each]?.images === split.images)!;
    const images = data[place]?.images;
    if (images?.count !== split.images.count)
      throw dataFailure(source, say('evaluation.changed-meanwhile', { title: first.title }));
    return { images, samples: split.samples };
  }
}

/**
 * How many of the evaluated pictures a network learned from: those identical, at its size, to one of the training split
 * that its run drew. Its data is read again where other data is looked at.
 * @returns null if unknown because the data of its run cannot be read.
 */
export async function learnedPictures(
  learner: Learner,
  source: string,
  data: LoadedData,
  splits: readonly Split[],
  signal?: AbortSignal,
): Promise<number | null> {
  const { record, own, model } = learner;
  let learned: LoadedData | null = data;
  if (!learnedOf(learner, source, data)) {
    if (!record || own === null) return 0;
    learned = await loadData(own, targetOfModel(model), { purpose: 'look', range: record.data.range, signal }).catch(
      (error: unknown) => {
        signal?.throwIfAborted();
        void error; // the data is gone or has changed: which pictures it learned from is unknown
        return null;
      },
    );
    if (learned?.fingerprint !== record.data.fingerprint) return null;
  }
  const train = record ? withValidation(learned, record.settings, { say: () => undefined }).train : learned.train;
  if (train.samples.length === 0) return 0;
  const [trained, ...looked] = identities([train, ...splits]);
  return looked.reduce((sum, each) => sum + sharedPictures(each, trained).length, 0);
}
