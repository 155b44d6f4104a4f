import type { ImageSet, Split } from '../../core/data/dataset';
import { parameterCount } from '../../core/model/build';
import { macsOf } from '../../core/model/graph';
import type { Contender, EvaluatedContender, Evaluation as ToldEvaluation } from '../../shared/training';
import type { LoadedData } from '../data/load';
import { openModel, type OpenedModel } from '../models/models';
import { sourceOf } from '../data-sets/data-sets';
import { readFacts } from '../runs/facts';
import { scores, type Evaluation } from '../train/evaluate';
import type { WorkHost } from '../work/messages';
import { paced } from '../work/paced';
import { agreement, confusionOf, keptPictures, type Answered } from './answers';
import { evaluateEach } from './each';
import type { Learner } from './learned';
import { millisecondsPerImage } from './speed';

/** Pixels of pictures that one evaluation keeps, in bytes. */
const KEPT = 64 * 2 ** 20;

export interface EvaluationRequest {
  contenders: Contender[];
  /** What `loadData` takes. */
  source: string;
}

/** Pictures of one size, one after the other. */
export type Pixels = Pick<ImageSet, 'height' | 'width' | 'channels' | 'pixels'>;

export interface EvaluationResult extends Answered, Omit<ToldEvaluation, 'evaluation' | 'data' | 'images'> {
  /** The path of every picture; null if pictures have no file of their own. */
  files: { root: string; paths: string[] } | null;
  /**
   * Indices of the kept pictures, and their pixels as the first color network receives them, or, if there is none, the
   * first network.
   */
  kept: Int32Array;
  pixels: Pixels;
  /** The original pixels of the kept ones, if they differ in size or colors and the pictures have no file of their own. */
  originals: Pixels | null;
}

interface Opened extends Learner, Pick<OpenedModel, 'bytes'> {
  contender: Contender;
  seconds: number | null;
}

/** Runs every contender over the same pictures, each at its own size. @throws FailureError where one does not fit the data. */
export async function evaluateContenders(
  { contenders, source }: EvaluationRequest,
  { progress, signal }: WorkHost,
): Promise<EvaluationResult> {
  const opened: Opened[] = [];
  for (const contender of contenders) opened.push(await open(contender));
  const report = overall(opened.length, paced(progress));
  const { results, labels, answered, learned } = await evaluateEach(opened, source, {
    engine: 'core',
    originals: true,
    progress: (index, phase, done, total) => report(index, phase, done / total),
    signal,
  });
  const [first] = results;
  const evaluated: EvaluatedContender[] = [];
  for (const [i, each] of opened.entries()) {
    signal.throwIfAborted();
    const confusion = confusionOf(answered.truth, answered.answers[i].predicted, labels.length);
    evaluated.push(await describe(each, results[i], labels, confusion));
  }
  return {
    ...answered,
    ...agreement(answered),
    split: first.split,
    labels,
    contenders: evaluated,
    leftOutTotal: first.leftOut.length,
    learned: learned.flatMap((count, i) => (count !== null && count > 0 ? [i] : [])),
    byOrder: results.flatMap(({ byOrder }, i) => (byOrder?.code === 'evaluation.by-order' ? [i] : [])),
    ...pictures(results.find(({ seen }) => seen.splits[0].images.channels > 1) ?? first, answered, labels.length),
  };
}

async function open(contender: Contender): Promise<Opened> {
  const { model, bytes, id } = await openModel(contender);
  if (contender.kind === 'bundled')
    return { contender, model, bytes, title: model.metadata.title ?? id, record: null, own: null, seconds: null };
  const { entry, record, summary } = await readFacts(contender.id);
  const seconds = record?.result?.seconds ?? summary.seconds;
  return { contender, model, bytes, title: entry.title, record, own: sourceOf(entry.data), seconds };
}

/** Progress over all contenders, in thousandths: half of each is reading, half running. */
function overall(count: number, progress: (done: number, total: number) => void) {
  let most = 0;
  return (index: number, phase: 'reading' | 'evaluating', share: number): void => {
    const inside = phase === 'reading' ? share / 2 : 0.5 + share / 2;
    // Several splits are read one after the other, and each counts its progress from 0.
    most = Math.max(most, Math.floor((1000 * (index + inside)) / count));
    progress(most, 1000);
  };
}

async function describe(
  { contender, model, bytes, title, seconds }: Opened,
  { accuracy, loss, suspicion }: Evaluation,
  labels: string[],
  confusion: number[][],
): Promise<EvaluatedContender> {
  const { layers } = model.graph;
  return {
    contender,
    title,
    accuracy,
    loss,
    suspicion,
    perClass: scores(labels, confusion),
    confusion,
    parameters: layers.reduce((sum, layer) => sum + parameterCount(layer), 0),
    macs: macsOf(model.graph),
    trainingSeconds: seconds,
    millisecondsPerImage: await millisecondsPerImage(model),
    fileBytes: bytes.length,
  };
}

function pictures(
  { seen: { data, splits } }: Evaluation,
  answered: Answered,
  classes: number,
): Pick<EvaluationResult, 'files' | 'kept' | 'pixels' | 'originals'> {
  const rows = rowsOf(splits);
  const originals = originalsOf(data, splits);
  const bytes = sizeOf(splits[0].images) + (originals ? sizeOf(originals[0]) : 0);
  const kept = keptPictures(answered, classes, Math.floor(KEPT / bytes));
  const shown = Array.from(kept, (i) => rows[i]);
  return {
    files: data.files && { root: data.files.root, paths: rows.map(({ sample }) => data.files!.paths[sample]) },
    kept,
    pixels: gather(
      splits.map(({ images }) => images),
      shown,
    ),
    originals: originals && gather(originals, shown),
  };
}

/** The pictures of each split as their file has them; null where that is as the network gets them, or where no array holds them all. */
function originalsOf(data: LoadedData, splits: readonly Split[]): ImageSet[] | null {
  const { originals } = data;
  if (!originals) return null;
  const sets = splits.map(({ images }) => {
    if (images === data.test?.images) return originals.test!;
    return images === data.validation?.images ? originals.validation! : originals.train!;
  });
  const alike = (a: ImageSet, b: ImageSet): boolean =>
    a.height === b.height && a.width === b.width && a.channels === b.channels;
  const asSeen = sets.every((set) => alike(set, splits[0].images));
  return asSeen || !sets.every((set) => alike(set, sets[0])) ? null : sets;
}

const sizeOf = ({ height, width, channels }: ImageSet): number => height * width * channels;

/** A picture by its split, and by its index in the split's images. */
interface Row {
  split: number;
  sample: number;
}

const rowsOf = (splits: readonly Split[]): Row[] =>
  splits.flatMap(({ samples }, split) => Array.from(samples, (sample) => ({ split, sample })));

/** @param sets of each split. */
function gather(sets: readonly ImageSet[], rows: readonly Row[]): Pixels {
  const { height, width, channels } = sets[0];
  const size = sizeOf(sets[0]);
  const pixels = new Uint8Array(rows.length * size);
  rows.forEach(({ split, sample }, i) =>
    pixels.set(sets[split].pixels.subarray(sample * size, (sample + 1) * size), i * size),
  );
  return { height, width, channels, pixels };
}
