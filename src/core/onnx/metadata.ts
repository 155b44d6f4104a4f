import type { ModelMetadata, Preprocessing, TrainingRecord } from '../model/model';
import { OnnxError } from './error';

/**
 * What an ONNX file of ours says about itself in `metadata_props`, one JSON text per key (`docs/onnx-metadata.md`):
 *
 * - `convscope.spec`: the model as data, normalised (ModelSpec), from which the graph is built again.
 * - `convscope.labels`: the classes' names, in the order of the output.
 * - `convscope.preprocessing`: colour mode, input size, fit, resize kernel, scale, mean, deviation, ground.
 * - `convscope.training`: the training record, or null. No clock time, host or path.
 * - `convscope.title`: a name for people; left out where there is none.
 */
export const KEYS = {
  labels: 'convscope.labels',
  preprocessing: 'convscope.preprocessing',
  spec: 'convscope.spec',
  title: 'convscope.title',
  training: 'convscope.training',
} as const;

/** Far beyond a thousand labels or layers, short of what makes parsing costly. */
const MAX_TEXT = 1 << 21;

/** JSON with sorted keys and no spaces: the same data gives the same text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** The entries of a file, sorted by key. */
export function encodeMetadata(spec: unknown, metadata: ModelMetadata): [key: string, value: string][] {
  const { labels, preprocessing, training, title } = metadata;
  const entries: [string, unknown][] = [
    [KEYS.labels, labels],
    [KEYS.preprocessing, preprocessing],
    [KEYS.spec, spec],
    [KEYS.title, title],
    [KEYS.training, training],
  ];
  return entries.filter(([, value]) => value !== undefined).map(([key, value]) => [key, canonicalJson(value)]);
}

/**
 * Reads and checks all but the spec.
 * @param channels of the network's input. @param classes of its output.
 * @throws OnnxError of kind `invalid`, naming key and field.
 */
export function decodeMetadata(entries: ReadonlyMap<string, string>, channels: number, classes: number): ModelMetadata {
  const labels = parseEntry(entries, KEYS.labels);
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string')) {
    throw invalid(KEYS.labels, '', labels, 'a list of texts');
  }
  if (labels.length !== classes) {
    throw invalid(KEYS.labels, '', `${labels.length} labels`, `${classes}, one per class of the output`);
  }
  const title = entries.has(KEYS.title) ? parseEntry(entries, KEYS.title) : undefined;
  if (title !== undefined && typeof title !== 'string') throw invalid(KEYS.title, '', title, 'a text');
  return {
    labels,
    preprocessing: checkPreprocessing(parseEntry(entries, KEYS.preprocessing), channels),
    training: checkTraining(parseEntry(entries, KEYS.training)),
    ...(title === undefined ? {} : { title }),
  };
}

/** The JSON value under `key`. */
export function parseEntry(entries: ReadonlyMap<string, string>, key: string): unknown {
  const text = entries.get(key);
  if (text === undefined) throw new OnnxError('invalid', `metadata '${key}': found nothing, expected JSON`);
  if (text.length > MAX_TEXT) {
    throw new OnnxError('invalid', `metadata '${key}': found ${text.length} characters, expected at most ${MAX_TEXT}`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new OnnxError('invalid', `metadata '${key}': found no JSON, expected it`);
  }
}

type Check = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const finite: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const text: Check = (value) => typeof value === 'string';
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string);

function checkPreprocessing(value: unknown, channels: number): Preprocessing {
  const perChannel = (check: Check): Check => {
    return (list) => Array.isArray(list) && list.length === channels && list.every(check);
  };
  return checkRecord<Preprocessing>(KEYS.preprocessing, '', value, {
    colour: [oneOf('grey', 'rgb'), "'grey' or 'rgb'"],
    height: [(v) => count(v) && v !== 0, 'a number of pixels'],
    width: [(v) => count(v) && v !== 0, 'a number of pixels'],
    fit: [oneOf('stretch', 'crop', 'letterbox'), "'stretch', 'crop' or 'letterbox'"],
    resize: [oneOf('nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'), 'a resize kernel'],
    scale: [finite, 'a number'],
    mean: [perChannel(finite), `${channels} numbers, one per channel`],
    deviation: [perChannel((v) => finite(v) && v !== 0), `${channels} numbers other than 0, one per channel`],
    ground: [oneOf('dark', 'light', 'mixed'), "'dark', 'light' or 'mixed'"],
  });
}

function checkTraining(value: unknown): TrainingRecord | null {
  if (value === null) return null;
  const key = KEYS.training;
  const record = checkRecord<TrainingRecord>(key, '', value, {
    data: [text, 'a text'],
    samples: [isRecord, 'an object'],
    epochs: [finite, 'a number'],
    batch: [count, 'a whole number'],
    optimizer: [text, 'a text'],
    learningRate: [finite, 'a number'],
    schedule: [text, 'a text'],
    seed: [finite, 'a number'],
    augmentation: [(v) => Array.isArray(v) && v.every(text), 'a list of texts'],
    accuracy: [isRecord, 'an object'],
    loss: [isRecord, 'an object'],
  });
  const figure: [Check, string] = [(v) => v === null || finite(v), 'a number or null'];
  const samples: [Check, string] = [count, 'a whole number'];
  checkRecord(key, 'samples', record.samples, { train: samples, validation: samples, test: samples });
  checkRecord(key, 'accuracy', record.accuracy, { train: figure, validation: figure, test: figure });
  checkRecord(key, 'loss', record.loss, { train: figure, validation: figure, test: figure });
  return record;
}

/** Checks that `value` is an object whose fields hold, and gives it its type. */
function checkRecord<T>(
  key: string,
  field: string,
  value: unknown,
  checks: { [K in keyof T]-?: [Check, expected: string] },
): T {
  if (!isRecord(value)) throw invalid(key, field, value, 'an object');
  for (const [name, [check, expected]] of Object.entries<[Check, string]>(checks)) {
    if (!check(value[name])) throw invalid(key, field === '' ? name : `${field}.${name}`, value[name], expected);
  }
  return value as T;
}

function invalid(key: string, field: string, found: unknown, expected: string): OnnxError {
  const place = field === '' ? '' : `, ${field}`;
  const shown = typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing');
  const short = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return new OnnxError('invalid', `metadata '${key}'${place}: found ${short}, expected ${expected}`);
}
