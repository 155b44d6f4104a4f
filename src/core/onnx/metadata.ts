import { reasonOf, say, type Message } from '../../words';
import { parseJson } from '../json';
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
 * - `convscope.digests`: of each of these entries and of each tensor (./digests); files of before carry none.
 */
export const KEYS = {
  digests: 'convscope.digests',
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
    throw invalid(KEYS.labels, '', shown(labels), say('onnx.expect-texts'));
  }
  if (labels.length !== classes) {
    const expected = say('onnx.labels-expected', { count: classes });
    throw invalid(KEYS.labels, '', say('onnx.labels', { count: labels.length }), expected);
  }
  const title = entries.has(KEYS.title) ? parseEntry(entries, KEYS.title) : undefined;
  if (title !== undefined && typeof title !== 'string') {
    throw invalid(KEYS.title, '', shown(title), say('onnx.expect-text'));
  }
  return {
    labels,
    preprocessing: checkPreprocessing(parseEntry(entries, KEYS.preprocessing), channels),
    training: checkTraining(parseEntry(entries, KEYS.training)),
    ...(title === undefined ? {} : { title }),
  };
}

/** The JSON value under `key`, of bounded size and depth. @throws OnnxError of kind `invalid`. */
export function parseEntry(entries: ReadonlyMap<string, string>, key: string): unknown {
  const refuse = (reason: Message): OnnxError => new OnnxError('invalid', say('onnx.metadata', { key, reason }));
  const text = entries.get(key);
  if (text === undefined) throw refuse(say('onnx.metadata-missing'));
  if (text.length > MAX_TEXT) throw refuse(say('onnx.metadata-long', { size: text.length, limit: MAX_TEXT }));
  try {
    return parseJson(text);
  } catch (error) {
    throw refuse(reasonOf(error));
  }
}

type Check = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const finite: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const text: Check = (value) => typeof value === 'string';
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const oneOf = (...values: string[]): [Check, Message] => [
  (value) => values.includes(value as string),
  say('onnx.expect-one-of', { names: values }),
];
const aText: [Check, Message] = [text, say('onnx.expect-text')];
const aNumber: [Check, Message] = [finite, say('onnx.expect-number')];
const whole: [Check, Message] = [count, say('onnx.expect-whole')];
const pixels: [Check, Message] = [(v) => count(v) && v !== 0, say('onnx.expect-pixels')];
const anObject: [Check, Message] = [isRecord, say('onnx.expect-object')];
const figure: [Check, Message] = [(v) => v === null || finite(v), say('onnx.expect-figure')];

function checkPreprocessing(value: unknown, channels: number): Preprocessing {
  const perChannel = (check: Check): Check => {
    return (list) => Array.isArray(list) && list.length === channels && list.every(check);
  };
  return checkRecord<Preprocessing>(KEYS.preprocessing, '', value, {
    colour: oneOf('grey', 'rgb'),
    height: pixels,
    width: pixels,
    fit: oneOf('stretch', 'crop', 'letterbox'),
    resize: oneOf('nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'),
    scale: aNumber,
    mean: [perChannel(finite), say('onnx.expect-per-channel', { count: channels })],
    deviation: [perChannel((v) => finite(v) && v !== 0), say('onnx.expect-per-channel-not-zero', { count: channels })],
    ground: oneOf('dark', 'light', 'mixed'),
    grounds: [(v) => v === undefined || isGrounds(v), say('onnx.expect-grounds')],
  });
}

const isGrounds: Check = (value) =>
  isRecord(value) &&
  [value.dark, value.light, value.all].every(count) &&
  (value.dark as number) + (value.light as number) <= (value.all as number);

function checkTraining(value: unknown): TrainingRecord | null {
  if (value === null) return null;
  const key = KEYS.training;
  const record = checkRecord<TrainingRecord>(key, '', value, {
    data: aText,
    samples: anObject,
    epochs: aNumber,
    batch: whole,
    optimizer: aText,
    learningRate: aNumber,
    schedule: aText,
    seed: aNumber,
    augmentation: [(v) => Array.isArray(v) && v.every(text), say('onnx.expect-texts')],
    accuracy: anObject,
    loss: anObject,
  });
  const figures = { train: figure, validation: figure, test: figure };
  return {
    ...record,
    samples: checkRecord<TrainingRecord['samples']>(key, 'samples', record.samples, {
      train: whole,
      validation: whole,
      test: whole,
    }),
    accuracy: checkRecord<TrainingRecord['accuracy']>(key, 'accuracy', record.accuracy, figures),
    loss: checkRecord<TrainingRecord['loss']>(key, 'loss', record.loss, figures),
  };
}

/** Checks that `value` is an object whose fields hold, and gives it its type. Fields that nobody knows stay behind. */
function checkRecord<T>(
  key: string,
  field: string,
  value: unknown,
  checks: { [K in keyof T]-?: [Check, expected: Message] },
): T {
  if (!isRecord(value)) throw invalid(key, field, shown(value), say('onnx.expect-object'));
  const known: Record<string, unknown> = {};
  for (const [name, [check, expected]] of Object.entries<[Check, Message]>(checks)) {
    if (!check(value[name])) throw invalid(key, field === '' ? name : `${field}.${name}`, shown(value[name]), expected);
    known[name] = value[name];
  }
  return known as T;
}

function shown(found: unknown): string | Message {
  if (typeof found === 'string') return short(found);
  const json = JSON.stringify(found) as string | undefined;
  return json === undefined ? say('onnx.nothing') : short(json);
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function invalid(key: string, field: string, found: string | Message, expected: Message): OnnxError {
  const reason =
    field === ''
      ? say('onnx.metadata-value', { key, found, expected })
      : say('onnx.metadata-field', { key, field, found, expected });
  return new OnnxError('invalid', reason);
}
