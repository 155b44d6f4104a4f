import { identities, sharedPictures } from '../../core/data/identical';
import type { Part } from '../../core/data/dataset';
import type { Model } from '../../core/model/model';
import { say } from '../../words';
import { dataFailure } from '../data/failure';
import { loadData, type LoadedData } from '../data/load';
import type { RunRecord } from '../train/run-record';
import { withValidation } from '../train/prepare';
import { choosePart, targetOfModel, type ChosenParts, type EvaluatedPart } from '../train/evaluate';
import { checkUnchanged, ownParts } from './own-parts';

/** A trained network, and what is known about its training data. */
export interface Learner {
  title: string;
  model: Model;
  /** Of its run; null for a file alone. */
  record: RunRecord | null;
  /** The run's data source for `loadData`, at its present place; null without a run. */
  own: string | null;
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
 * @param wanted a split that somebody named.
 */
export function chooser(first: Learner, source: string, wanted?: EvaluatedPart): (data: LoadedData) => ChosenParts {
  let chosen: { data: LoadedData; parts: ChosenParts } | null = null;
  return (data) => {
    // Its own record has the fingerprint at its own size, and at another size other pictures may be identical: the first
    // network's data is chosen from, and of the same data at other sizes the same pictures are taken.
    if (!chosen) chosen = { data, parts: choose(data) };
    const { data: own, parts } = chosen;
    return { ...parts, parts: parts.parts.map((part) => atSize(part, own, data)) };
  };

  function choose(data: LoadedData): ChosenParts {
    const { record } = first;
    if (!record || !learnedOf(first, source, data) || wanted === 'all' || wanted === 'test')
      return choosePart(data, wanted, source);
    if (!data.validation && (wanted || !data.test)) checkUnchanged(record, data);
    return ownParts(record, data, wanted);
  }

  function atSize(part: Part, own: LoadedData, data: LoadedData): Part {
    const place = (['train', 'validation', 'test'] as const).find((each) => own[each]?.images === part.images)!;
    const images = data[place]?.images;
    if (images?.count !== part.images.count)
      throw dataFailure(source, say('evaluation.changed-meanwhile', { title: first.title }));
    return { images, samples: part.samples };
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
  parts: readonly Part[],
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
  const [trained, ...looked] = identities([train, ...parts]);
  return looked.reduce((sum, each) => sum + sharedPictures(each, trained).length, 0);
}
