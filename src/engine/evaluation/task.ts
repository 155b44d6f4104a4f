import { pairedCounts } from '../../core/metrics/paired';
import type { ImageSet, Split } from '../../core/data/dataset';
import type { Contender, EvaluatedContender, Evaluation as ToldEvaluation } from '../../shared/evaluation';
import type { ModelSource } from '../../shared/protocol';
import type { LoadedData } from '../data/load';
import type { OpenedModel } from '../models/models';
import { macsOfClassifier, notesOn, parametersOf, weightLayersOf } from '../train/classifier';
import { openClassifier } from './foreign-classifier';
import { sourceOf } from '../data-sets/data-sets';
import { readFacts } from '../runs/facts';
import { scores, type Evaluation } from '../train/evaluate';
import type { WorkHost } from '../work/messages';
import { paced } from '../work/paced';
import { inOrder, metricsOf } from './metrics';
import { agreement, confusionOf, keptPictures, type Answered } from './answers';
import { evaluateEach, invertedCounts } from './each';
import type { Learner } from './learned';
import { millisecondsPerImage } from './speed';

/** Pixels of pictures that one evaluation keeps, in bytes. */
const KEPT = 64 * 2 ** 20;

export interface EvaluationRequest {
  contenders: Contender[];
  /** What `loadData` takes. */
  source: string;
  /** See `EvaluateOptions`. */
  labelsByOrder?: boolean;
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
  /**
   * The original pixels of the kept ones, of each split in turn, if they differ in size or colors and the pictures have no file of their
   * own.
   */
  originals: Pixels[] | null;
}

interface Opened extends Learner, Pick<OpenedModel, 'fileBytes'> {
  contender: Contender;
  seconds: number | null;
}

/** Runs every contender over the same pictures, each at its own size. @throws FailureError where one does not fit the data. */
export async function evaluateContenders(
  { contenders, source, labelsByOrder }: EvaluationRequest,
  { progress, signal }: WorkHost,
): Promise<EvaluationResult> {
  const opened: Opened[] = [];
  for (const contender of contenders) opened.push(await open(contender));
  const report = overall(opened.length, paced(progress));
  const { results, labels, answered, places, learned } = await evaluateEach(opened, source, {
    engine: 'core',
    originals: true,
    labelsByOrder,
    progress: (index, phase, done, total) => report(index, phase, done / total),
    signal,
  });
  const [first] = results;
  const evaluated: EvaluatedContender[] = [];
  for (const [i, each] of opened.entries()) {
    signal.throwIfAborted();
    const confusion = confusionOf(answered.truth, answered.answers[i].predicted, labels.length);
    const { answers, perClass, right } = results[i];
    const metrics = inOrder(metricsOf(answers, perClass, right), places[i], labels.length);
    evaluated.push({ ...(await describe(each, results[i], labels, confusion)), metrics });
  }
  return {
    ...answered,
    ...agreement(answered),
    split: first.split,
    labels,
    contenders: evaluated,
    pairs: results.flatMap(({ right }, i) => results.slice(i + 1).map((other) => pairedCounts(right, other.right))),
    leftOutTotal: first.leftOut.length,
    learned: learned.flatMap((count, i) => (count !== null && count > 0 ? [i] : [])),
    byOrder: results.flatMap(({ byOrder }, i) => (byOrder?.code === 'evaluation.by-order' ? [i] : [])),
    ...pictures(results.find(({ seen }) => seen.splits[0].images.channels > 1) ?? first, answered, labels.length),
  };
}

async function open(contender: Contender): Promise<Opened> {
  const { model, fileBytes, id, altered } = await openClassifier(
    sourceOfContender(contender),
    contender.kind === 'file' ? contender : {},
  );
  if (contender.kind !== 'run') {
    const title = contender.kind === 'file' ? contender.name : (model.metadata.title ?? id);
    return { contender, model, fileBytes, title, record: null, own: null, seconds: null, altered };
  }
  const { entry, notes, record, summary } = await readFacts(contender.id);
  const seconds = record?.result?.seconds ?? summary.seconds;
  const own = sourceOf(entry.data);
  return { contender, model, fileBytes, title: notes.title || entry.title, record, own, seconds, altered };
}

/** Where a contender's network is. */
export const sourceOfContender = (contender: Contender): ModelSource =>
  contender.kind === 'file' ? { ...contender, kind: 'bytes' } : contender;

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
  { contender, model, fileBytes, title, seconds, altered }: Opened,
  { accuracy, loss, suspicion, inverted }: Evaluation,
  labels: string[],
  confusion: number[][],
): Promise<Omit<EvaluatedContender, 'metrics'>> {
  return {
    contender: { kind: contender.kind, id: contender.id },
    title,
    accuracy,
    loss,
    suspicion,
    notes: [...(altered ? [altered] : []), ...notesOn(model)],
    inverted: invertedCounts({ inverted })[0],
    perClass: scores(labels, confusion),
    confusion,
    parameters: parametersOf(model),
    weightLayers: weightLayersOf(model),
    macs: macsOfClassifier(model),
    trainingSeconds: seconds,
    millisecondsPerImage: await millisecondsPerImage(model),
    fileBytes,
  };
}

function pictures(
  { seen: { data, splits } }: Evaluation,
  answered: Answered,
  classes: number,
): Pick<EvaluationResult, 'files' | 'kept' | 'pixels' | 'originals'> {
  const rows = rowsOf(splits);
  const originals = originalsOf(data, splits);
  const bytes = sizeOf(splits[0].images) + Math.max(0, ...(originals ?? []).map(sizeOf));
  const kept = keptPictures(answered, classes, Math.floor(KEPT / bytes));
  const shown = Array.from(kept, (i) => rows[i]);
  return {
    files: data.files && { root: data.files.root, paths: rows.map(({ sample }) => data.files!.paths[sample]) },
    kept,
    pixels: gather(
      splits.map(({ images }) => images),
      shown,
    ),
    originals:
      originals &&
      originals.map((set, split) =>
        gather(
          originals,
          shown.filter((row) => row.split === split),
          set,
        ),
      ),
  };
}

/** The pictures of each split as their file has them; null where that is as the network gets them. */
function originalsOf(data: LoadedData, splits: readonly Split[]): ImageSet[] | null {
  const { originals } = data;
  if (!originals) return null;
  const sets = splits.map(({ images }) => {
    if (images === data.test?.images) return originals.test!;
    return images === data.validation?.images ? originals.validation! : originals.train!;
  });
  const alike = (a: ImageSet, b: ImageSet): boolean =>
    a.height === b.height && a.width === b.width && a.channels === b.channels;
  return sets.every((set) => alike(set, splits[0].images)) ? null : sets;
}

const sizeOf = ({ height, width, channels }: ImageSet): number => height * width * channels;

/** A picture by its split, and by its index in the split's images. */
interface Row {
  split: number;
  sample: number;
}

const rowsOf = (splits: readonly Split[]): Row[] =>
  splits.flatMap(({ samples }, split) => Array.from(samples, (sample) => ({ split, sample })));

/** @param sets of each split. @param like one of the size of all that are wanted. */
function gather(sets: readonly ImageSet[], rows: readonly Row[], like = sets[0]): Pixels {
  const { height, width, channels } = like;
  const size = sizeOf(like);
  const pixels = new Uint8Array(rows.length * size);
  rows.forEach(({ split, sample }, i) =>
    pixels.set(sets[split].pixels.subarray(sample * size, (sample + 1) * size), i * size),
  );
  return { height, width, channels, pixels };
}
