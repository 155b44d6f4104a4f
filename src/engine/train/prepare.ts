import { resolve } from 'node:path';
import { classCounts, type DataSet, type Split } from '../../core/data/dataset';
import { splitStratified } from '../../core/data/split';
import { channelStatistics, countGrounds, groundOf } from '../../core/data/statistics';
import type { Graph } from '../../core/model/graph';
import { sizeOf } from '../../core/tensor';
import type { Preprocessing, Scales } from '../../core/model/model';
import { pictureOf, type InputSpec } from '../../core/model/spec';
import { stepsPerEpoch } from '../../core/train/batches';
import { variantsOf } from '../../core/train/expansion';
import type { TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import type { Fit } from '../../shared/protocol';
import { say, type Message } from '../../words';
import type { Target } from '../data/fit';
import { sameLetters, sameName } from '../data/names';
import { leftOutLines, loadData, type LoadedData } from '../data/load';
import type { Range } from '../data/scale';
import type { TrainHost } from './request';
import type { RunRecord } from './run-record';
import { Stopwatch } from './stopwatch';

/** How pictures are brought to a network's input. @throws FailureError for a network that takes no pictures. */
function targetOf(model: string, input: InputSpec, fit: Fit, resize: Preprocessing['resize']): Target {
  const { height, width, channels } = pictureOf(input);
  if (channels !== 1 && channels !== 3) {
    throw new FailureError('model.invalid', {
      file: model,
      reason: say('train.fit.channels', { channels }),
    });
  }
  return { height, width, channels, fit, resize };
}

/**
 * How a run fits pictures to its network's input by default: as the network's own file does.
 * @param own of that file; null where there is none.
 */
export const usualTarget = (
  model: string,
  input: InputSpec,
  own: Preprocessing | null,
  fit: Fit | undefined,
): Target => ({
  ...targetOf(model, input, fit ?? own?.fit ?? 'crop', own?.resize ?? 'linear'),
  ...(own?.scales && { scales: own.scales }),
});

/** Loads the data for a run, and logs how it was read and what was left out. */
export async function load(
  path: string,
  target: Target,
  range: Range | undefined,
  epochs: number,
  host: TrainHost,
): Promise<LoadedData> {
  const watch = new Stopwatch();
  const loaded = await loadData(path, target, {
    range,
    signal: host.signal,
    progress: (done, total) => {
      if (!watch.due()) return;
      const imagesPerSecond = done / watch.seconds();
      host.progress({
        phase: 'reading',
        epoch: 0,
        epochs,
        done,
        total,
        imagesPerSecond,
        secondsLeft: (total - done) / imagesPerSecond,
        score: null,
      });
    },
  });
  const { inside, labels, leftOut, warnings } = loaded;
  if (inside !== null) host.say(say('folders.inside', { folder: inside, path }));
  for (const line of [...leftOutLines(leftOut), namedClasses(labels), ...warnings]) host.say(line);
  return loaded;
}

/** Class names that a line holds; `run.json` has all. */
const NAMED = 20;

/** The classes by their names. */
function namedClasses(labels: readonly string[]): Message {
  const [count, names, more] = [labels.length, labels.slice(0, NAMED), labels.length - NAMED];
  return more > 0 ? say('folders.classes-more', { count, names, more }) : say('folders.classes', { count, names });
}

/** Where the data names no validation split, a share of the training split becomes one. The test split stays out of it. */
export function withValidation(
  loaded: LoadedData,
  { validation: wanted, seed, expand }: Pick<TrainSettings, 'validation' | 'seed' | 'expand'>,
  host: Pick<TrainHost, 'say'>,
): DataSet {
  const { labels, train: split, validation, test } = loaded;
  const data = { labels, train: split, validation, test };
  if (!validation && wanted > 0) {
    const { rest, share } = splitStratified(split, labels.length, wanted, seed);
    Object.assign(data, { train: rest, validation: share });
  }
  const { train: n, validation: v, test: t } = sampleCounts(data);
  const usual = v <= Math.round(wanted * (n + v));
  const origin = validation
    ? ''
    : v > 0
      ? usual
        ? shareWords(wanted)
        : say('train.parts.each')
      : say(wanted > 0 ? 'train.parts.few' : 'train.parts.none');
  const variants = variantsOf(expand);
  const expanded = variants > 1 ? say('train.parts.expanded', { count: variants * n }) : '';
  host.say(say('train.parts', { classes: labels.length, train: n, expanded, validation: v, origin, test: t }));
  return data;
}

const shareWords = (share: number): Message =>
  share === 0.1 ? say('train.parts.tenth') : say('train.parts.share', { share: Number((100 * share).toPrecision(3)) });

/**
 * A warning about batch norm over single values: a single value is its own mean, so the output is constant.
 * @param images of the training split, before it is expanded.
 */
export function warningsOf(
  graph: Graph,
  { batch, expand }: Pick<TrainSettings, 'batch' | 'expand'>,
  images: number,
): Message[] {
  if (batch > 1) {
    const all = images * variantsOf(expand);
    return stepsPerEpoch(all, batch) * batch < all ? [say('train.alone', { count: all })] : [];
  }
  const places = ({ outputShape }: Graph['layers'][number]): number => sizeOf(outputShape.slice(0, -1));
  return graph.layers
    .filter((layer) => layer.definition.inTraining === 'batch' && places(layer) === 1)
    .map(({ name }) => say('train.batchnorm', { layer: name }));
}

/**
 * The classes' names: the data's own, or as many given by the user instead.
 * @param named whether the data names its classes: then a name that belongs to another class is refused, or cats would
 *   be called dogs.
 */
export function namedLabels(own: readonly string[], given: string[] | undefined, named: boolean): string[] {
  if (!given) return [...own];
  if (given.length !== own.length || new Set(given.map(sameName)).size !== given.length) {
    const values = { count: given.length, names: given, expected: own.length };
    throw new FailureError('train.invalid', { reason: say('labels.count', values) });
  }
  const wrong = given.findIndex((name, i) =>
    own.some((other, k) => k !== i && sameLetters(other) === sameLetters(name)),
  );
  if (named && wrong >= 0) {
    const values = { own: own[wrong], given: given[wrong], names: [...own] };
    throw new FailureError('train.invalid', { reason: say('labels.permuted', values) });
  }
  return given.map(sameName);
}

/** Whole paths, so that a run can be resumed from any folder. */
export const pathOf = (data: string): string => (data.startsWith('builtin:') ? data : resolve(data));

/** What a run's record keeps of its data. @param data the splits that are trained on and measured. */
export const dataRecord = (
  request: { data: string; dataName?: string; range?: Range },
  loaded: LoadedData,
  data: DataSet,
): RunRecord['data'] => ({
  path: pathOf(request.data),
  name: request.dataName ?? loaded.name,
  format: loaded.format,
  ...(request.range && { range: request.range }),
  fingerprint: loaded.fingerprint,
  samples: sampleCounts(data),
  commonest: commonestOf(data),
  leftOut: loaded.leftOut,
});

const sampleCounts = (data: DataSet): RunRecord['data']['samples'] => ({
  train: data.train.samples.length,
  validation: data.validation?.samples.length ?? 0,
  test: data.test?.samples.length ?? 0,
});

/** The share of the commonest class in each split, which guessing it always gets; null where there is no such split. */
function commonestOf({
  labels,
  train,
  validation,
  test,
}: DataSet): Record<'train' | 'validation' | 'test', number | null> {
  const share = (split: Split | null): number | null =>
    split && split.samples.length > 0 ? Math.max(...classCounts(split, labels.length)) / split.samples.length : null;
  return { train: share(train), validation: share(validation), test: share(test) };
}

/** @param given the preprocessing of the file whose weights the run starts from, because they expect such pixels. */
export function preprocessingOf(
  target: Target,
  data: DataSet,
  settings: TrainSettings,
  given: Preprocessing | null,
  scales: Scales | null,
): Preprocessing {
  const { height, width, channels, fit, resize } = target;
  const unit = { mean: new Array<number>(channels).fill(0), deviation: new Array<number>(channels).fill(1) };
  const { mean, deviation } = settings.normalize === 'unit' ? unit : channelStatistics(data.train);
  const ground = groundOf(data.train);
  const grounds = countGrounds(data);
  const common = {
    colour: channels === 1 ? ('grey' as const) : ('rgb' as const),
    height,
    width,
    fit,
    resize,
    ground,
    ...(grounds && { grounds }),
    ...(scales && { scales }),
  };
  if (given && given.mean.length === channels)
    return { ...common, scale: given.scale, mean: given.mean, deviation: given.deviation };
  return { ...common, scale: 1 / 255, mean, deviation };
}
