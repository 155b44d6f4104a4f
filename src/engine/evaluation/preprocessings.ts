import type { Split } from '../../core/data/dataset';
import { FailureError } from '../../shared/failures';
import type { PictureInput } from '../../shared/inputs';
import type { TriedPreprocessing, TriedPreprocessings } from '../../shared/evaluation';
import type { ModelSource } from '../../shared/protocol';
import { rangeOf, withRange, type ValueRange } from '../../shared/value-ranges';
import { say } from '../../words';
import type { LoadedData } from '../data/load';
import { preprocessingFor } from '../foreign/foreign-inputs';
import type { NetworkFile } from '../foreign/network-file';
import { isForeign } from '../train/classifier';
import { defaultThreads } from '../runtime/executor';
import { chooseSplit, evaluate, type ChosenSplits } from '../train/evaluate';
import type { WorkHost } from '../work/messages';
import { paced } from '../work/paced';
import { openClassifier } from './foreign-classifier';

export interface PreprocessingsRequest {
  source: ModelSource;
  /** Of the file, where it has one. */
  place?: Pick<NetworkFile, 'path' | 'folder'>;
  /** What `loadData` takes. */
  data: string;
  /** Pictures that are tried at most. */
  most?: number;
}

/** Enough to tell right from wrong: with 300 pictures an accuracy is known to about six points. */
const MOST = 300;

/**
 * Tries the usual ways in which pixels become numbers on labelled pictures: which one a foreign network was trained with.
 * Classes that have no names are taken in their order.
 * @returns them by accuracy, the best first. @throws FailureError as `openClassifier` and `evaluate`, and of a file that says itself how pictures go in.
 */
export async function tryPreprocessings(
  { source, place, data, most = MOST }: PreprocessingsRequest,
  { progress, signal }: WorkHost,
): Promise<TriedPreprocessings> {
  const { model, id } = await openClassifier(source, { asGuessed: true }, place);
  if (!isForeign(model) || model.names === 'told')
    throw new FailureError('model.invalid', { file: id, reason: say('guess.told') });
  const guess = model.picture;
  const candidates = candidatesFor(guess);
  const loaded = new Map<string, LoadedData>();
  const choose = (set: LoadedData): ChosenSplits => limited(chooseSplit(set, undefined, data), most);
  const report = paced(progress);
  const rows: TriedPreprocessing[] = [];
  let about: Pick<TriedPreprocessings, 'split' | 'images' | 'byOrder'> | null = null;
  const shared = await model.open(defaultThreads());
  try {
    for (const [i, { range, picture }] of candidates.entries()) {
      signal.throwIfAborted();
      const preprocessing = preprocessingFor(picture, guess);
      const tried = { ...model, shared, picture, metadata: { ...model.metadata, preprocessing } };
      const { accuracy, split, images, byOrder } = await evaluate(tried, id, data, {
        engine: 'onnxruntime',
        choose,
        loaded,
        // What is inverted is one of the ways.
        invert: 'off',
        labelsByOrder: true,
        signal,
        progress: (phase, done, total) => {
          const share = phase === 'reading' ? 0 : done / total;
          report(Math.floor((1000 * (i + share)) / candidates.length), 1000);
        },
      });
      about ??= { split, images, byOrder };
      rows.push({ range, picture, accuracy, guessed: picture === guess });
    }
  } finally {
    shared.dispose();
  }
  rows.sort((a, b) => b.accuracy - a.accuracy);
  return { ...about!, rows };
}

/** The guess first, then all that are usual, in red-green-blue and the other way round. */
export function candidatesFor(guess: PictureInput): { range: ValueRange | null; picture: PictureInput }[] {
  const gray = guess.color === 'gray';
  const ranges: ValueRange[] = gray
    ? ['unit', 'bytes', 'signed', 'mnist', 'inverted']
    : ['unit', 'bytes', 'signed', 'imagenet', 'cifar', 'inverted'];
  const colors: PictureInput['color'][] = gray ? ['gray'] : ['rgb', 'bgr'];
  const own = rangeOf(guess);
  const others = colors.flatMap((color) => ranges.map((range) => ({ range, color })));
  return [
    { range: own, picture: guess },
    ...others
      .filter(({ range, color }) => range !== own || color !== guess.color)
      .map(({ range, color }) => ({ range, picture: withRange({ ...guess, color }, range) })),
  ];
}

/** At most so many pictures, from everywhere in the data: folders have one class after the other. */
function limited({ splits, ...chosen }: ChosenSplits, most: number): ChosenSplits {
  const total = splits.reduce((sum, { samples }) => sum + samples.length, 0);
  if (total <= most) return { splits, ...chosen };
  const part = (split: Split): Split => {
    const count = Math.max(1, Math.floor((most * split.samples.length) / total));
    const at = (i: number): number => split.samples[Math.floor((i * split.samples.length) / count)];
    return { ...split, samples: Int32Array.from({ length: count }, (_, i) => at(i)) };
  };
  return { splits: splits.map(part), ...chosen };
}
