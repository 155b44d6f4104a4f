import type { ImageSet, Part } from '../../core/data/dataset';
import { parameterCount } from '../../core/model/build';
import type { Contender, EvaluatedContender, Evaluation as ToldEvaluation } from '../../shared/training';
import { dataFailure } from '../data/failure';
import type { LoadedData } from '../data/load';
import { openModel, type OpenedModel } from '../models';
import { sourceOf } from '../data-sets/data-sets';
import { readFacts } from '../runs/facts';
import { choosePart, evaluate, scores, type Evaluation, type EvaluateOptions } from '../train/evaluate';
import type { RunRecord } from '../train/run-folder';
import type { WorkHost } from '../work/messages';
import { paced } from '../work/paced';
import { agreement, confusionOf, keptPictures, type Answered } from './answers';
import { commonLabels } from './labels';
import { checkUnchanged, ownParts } from './own-parts';
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
  /** Where every picture lies; null where pictures have no file of their own. */
  files: { root: string; paths: string[] } | null;
  /** Indices of the pictures that are kept, and their pixels as the first network gets them that sees colours, else as the first does. */
  kept: Int32Array;
  pixels: Pixels;
  /** The kept ones as their file has them, where that is another size or other colours and they have no file of their own. */
  originals: Pixels | null;
}

interface Opened extends Pick<OpenedModel, 'model' | 'bytes'> {
  contender: Contender;
  title: string;
  /** Null for a bundled network. */
  record: RunRecord | null;
  /** What `loadData` took for it, where the app knows it to lie now. */
  own: string | null;
  seconds: number | null;
}

/** Runs every contender over the same pictures, each at its own size. @throws FailureError where one does not fit the data. */
export async function evaluateContenders(
  { contenders, source }: EvaluationRequest,
  { progress, signal }: WorkHost,
): Promise<EvaluationResult> {
  const opened: Opened[] = [];
  for (const contender of contenders) opened.push(await open(contender));
  const loaded = new Map<string, LoadedData>();
  const report = overall(opened.length, paced(progress));
  const choose = chooser(opened[0], source);
  const results: Evaluation[] = [];
  for (const [index, { model, title }] of opened.entries()) {
    const options: EvaluateOptions = {
      engine: 'core',
      choose,
      loaded,
      originals: true,
      range: opened.find(({ own, record }) => own === source && record?.data.range)?.record?.data.range,
      progress: (phase, done, total) => report(index, phase, done / total),
      signal,
    };
    results.push(await evaluate(model, title, source, options));
  }
  const [first] = results;
  for (const [index, result] of results.entries()) checkSame(first, result, source, opened[index].title);
  const { labels, places } = commonLabels(
    first.seen.data.labels,
    opened.map(({ model, title }) => ({ id: title, labels: model.metadata.labels })),
    source,
  );
  const answered: Answered = {
    truth: first.answers.truth,
    answers: results.map(({ answers: { predicted, probability, loss } }, i) => ({
      predicted: predicted.map((label) => places[i][label]),
      probability,
      loss,
    })),
  };
  const evaluated: EvaluatedContender[] = [];
  for (const [i, each] of opened.entries()) {
    signal.throwIfAborted();
    const confusion = confusionOf(answered.truth, answered.answers[i].predicted, labels.length);
    evaluated.push(await describe(each, results[i], labels, confusion));
  }
  return {
    ...answered,
    ...agreement(answered),
    part: first.part,
    labels,
    contenders: evaluated,
    leftOutTotal: first.leftOut.length,
    learned: learnedFrom(opened, source, results),
    byOrder: results.flatMap(({ byOrder }, i) => (byOrder === null ? [] : [i])),
    ...pictures(results.find(({ seen }) => seen.parts[0].images.channels > 1) ?? first, answered, labels.length),
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

/** Whether a run learned from this data: from the same place, or from the same pictures that lie elsewhere by now. */
const learnedOf = ({ record, own }: Opened, source: string, { fingerprint }: LoadedData): boolean =>
  record !== null && (own === source || record.data.fingerprint === fingerprint);

/** Of the first contender's own data what it never learned from; of other data the test part, else the validation part, else all. */
function chooser(first: Opened, source: string): EvaluateOptions['choose'] {
  const { record } = first;
  // Its own record has the fingerprint at its own size: the size of what is chosen from first.
  let own: boolean | null = null;
  return (data) => {
    if (own === null) {
      own = learnedOf(first, source, data);
      if (own) checkUnchanged(record!, data);
    }
    return own ? ownParts(record!, data) : choosePart(data, undefined, source);
  };
}

/**
 * The contenders, by index, that learned from some of the pictures. Where data has no validation part of its own each run
 * draws one by its seed: what the first set aside, one that drew otherwise learned from.
 */
function learnedFrom(opened: readonly Opened[], source: string, results: readonly Evaluation[]): number[] {
  const [{ part, seen }] = results;
  const [first] = opened;
  return opened.flatMap((each, i) => {
    if (part === 'test' || !learnedOf(each, source, results[i].seen.data)) return [];
    if (part !== 'validation') return [i];
    if (seen.data.validation || !first.record) return [];
    const { seed, validation } = each.record!.settings;
    return seed === first.record.settings.seed && validation === first.record.settings.validation ? [] : [i];
  });
}

/** Progress over all contenders, in thousandths: half of each is reading, half running. */
function overall(count: number, progress: (done: number, total: number) => void) {
  let most = 0;
  return (index: number, phase: 'reading' | 'evaluating', share: number): void => {
    const inside = phase === 'reading' ? share / 2 : 0.5 + share / 2;
    // Several parts are read one after the other, each counted from its beginning.
    most = Math.max(most, Math.floor((1000 * (index + inside)) / count));
    progress(most, 1000);
  };
}

function checkSame(first: Evaluation, other: Evaluation, source: string, title: string): void {
  const [a, b] = [first, other].map(({ seen }) => seen);
  const files = ({ data, parts }: Evaluation['seen']): string[] | null =>
    data.files && parts.flatMap(({ samples }) => Array.from(samples, (sample) => data.files!.paths[sample]));
  const paths = [files(a), files(b)];
  if (first.images === other.images && paths[0]?.every((path, i) => path === paths[1]?.[i]) !== false) return;
  throw dataFailure(source, `changed while '${title}' was evaluated; evaluate again`);
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
    macs: layers.reduce((sum, layer) => sum + layer.macs, 0),
    trainingSeconds: seconds,
    millisecondsPerImage: await millisecondsPerImage(model),
    fileBytes: bytes.length,
  };
}

function pictures(
  { seen: { data, parts } }: Evaluation,
  answered: Answered,
  classes: number,
): Pick<EvaluationResult, 'files' | 'kept' | 'pixels' | 'originals'> {
  const rows = rowsOf(parts);
  const originals = originalsOf(data, parts);
  const bytes = sizeOf(parts[0].images) + (originals ? sizeOf(originals[0]) : 0);
  const kept = keptPictures(answered, classes, Math.floor(KEPT / bytes));
  const shown = Array.from(kept, (i) => rows[i]);
  return {
    files: data.files && { root: data.files.root, paths: rows.map(({ sample }) => data.files!.paths[sample]) },
    kept,
    pixels: gather(
      parts.map(({ images }) => images),
      shown,
    ),
    originals: originals && gather(originals, shown),
  };
}

/** The pictures of each part as their file has them; null where that is as the network gets them, or where no array holds them all. */
function originalsOf(data: LoadedData, parts: readonly Part[]): ImageSet[] | null {
  const { originals } = data;
  if (!originals) return null;
  const sets = parts.map(({ images }) => {
    if (images === data.test?.images) return originals.test!;
    return images === data.validation?.images ? originals.validation! : originals.train!;
  });
  const alike = (a: ImageSet, b: ImageSet): boolean =>
    a.height === b.height && a.width === b.width && a.channels === b.channels;
  const asSeen = sets.every((set) => alike(set, parts[0].images));
  return asSeen || !sets.every((set) => alike(set, sets[0])) ? null : sets;
}

const sizeOf = ({ height, width, channels }: ImageSet): number => height * width * channels;

/** A picture by its part, and by its index in the part's images. */
interface Row {
  part: number;
  sample: number;
}

const rowsOf = (parts: readonly Part[]): Row[] =>
  parts.flatMap(({ samples }, part) => Array.from(samples, (sample) => ({ part, sample })));

/** @param sets of each part. */
function gather(sets: readonly ImageSet[], rows: readonly Row[]): Pixels {
  const { height, width, channels } = sets[0];
  const size = sizeOf(sets[0]);
  const pixels = new Uint8Array(rows.length * size);
  rows.forEach(({ part, sample }, i) =>
    pixels.set(sets[part].pixels.subarray(sample * size, (sample + 1) * size), i * size),
  );
  return { height, width, channels, pixels };
}
