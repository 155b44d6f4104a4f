import { reasonOf, say, type Message } from '../../words';
import { learnedPictures } from '../data/likeness';
import { parseJson } from '../json';
import { preprocessingOf, trainingRecord, type ModelMetadata, type Preprocessing } from '../model/model';
import { list, orNull, SchemaError, text, type Schema } from '../schema';
import { OnnxError } from './error';

/**
 * The metadata that Convscope writes into an ONNX file's `metadata_props`, one JSON text per key
 * (`docs/onnx-metadata.md`):
 *
 * - `convscope.spec`: the model as data, normalized (ModelSpec), from which the graph is built again.
 * - `convscope.labels`: the classes' names, in the order of the output.
 * - `convscope.preprocessing`: color mode, input size, fit, resize kernel, scale, mean, deviation, ground.
 * - `convscope.pictures`: what the training pictures were like; left out where that is not known.
 * - `convscope.training`: the training record, or null. No clock time, host or path.
 * - `convscope.title`: a name for people; left out where there is none.
 * - `convscope.head`: of a head on a body: the body's name, the SHA-256 of its file, and the tensor that the head reads.
 * - `convscope.digests`: of each of these entries and of each tensor (./digests); older files have none.
 */
export const KEYS = {
  digests: 'convscope.digests',
  head: 'convscope.head',
  labels: 'convscope.labels',
  pictures: 'convscope.pictures',
  preprocessing: 'convscope.preprocessing',
  spec: 'convscope.spec',
  title: 'convscope.title',
  training: 'convscope.training',
} as const;

/** Enough for well over a thousand labels or layers, but too little to make parsing slow. */
const MAX_TEXT = 1 << 21;
/** JSON with sorted keys and no spaces: the same data gives the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The entries of a file, sorted by key. */
export function encodeMetadata(spec: unknown, metadata: ModelMetadata): [key: string, value: string][] {
  const { labels, pictures, preprocessing, training, title } = metadata;
  const entries: [string, unknown][] = [
    [KEYS.labels, labels],
    [KEYS.pictures, pictures],
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
  const labels = readEntry(entries, KEYS.labels, list(text()));
  if (labels.length !== classes) {
    const found = say('onnx.labels', { count: labels.length });
    throw invalid(
      KEYS.labels,
      say('schema.found', { found, expected: say('onnx.labels-expected', { count: classes }) }),
    );
  }
  return {
    labels,
    preprocessing: readEntry(entries, KEYS.preprocessing, preprocessingOf(channels)),
    ...(entries.has(KEYS.pictures) && { pictures: readEntry(entries, KEYS.pictures, learnedPictures(channels)) }),
    training: readEntry(entries, KEYS.training, orNull(trainingRecord)),
    ...(entries.has(KEYS.title) && { title: readEntry(entries, KEYS.title, text()) }),
  };
}

/** How pictures go in, alone. @throws OnnxError of kind `invalid`. */
export const decodePreprocessing = (entries: ReadonlyMap<string, string>, channels: number): Preprocessing =>
  readEntry(entries, KEYS.preprocessing, preprocessingOf(channels));

function readEntry<T>(entries: ReadonlyMap<string, string>, key: string, schema: Schema<T>): T {
  const value = parseEntry(entries, key);
  try {
    return schema.read(value);
  } catch (error) {
    throw error instanceof SchemaError ? invalid(key, error.reason) : error;
  }
}

const invalid = (key: string, reason: Message): OnnxError =>
  new OnnxError('invalid', say('onnx.metadata', { key, reason }));

/** The JSON value under `key`, of bounded size and depth. @throws OnnxError of kind `invalid`. */
export function parseEntry(entries: ReadonlyMap<string, string>, key: string): unknown {
  const json = entries.get(key);
  if (json === undefined) throw invalid(key, say('onnx.metadata-missing'));
  if (json.length > MAX_TEXT) throw invalid(key, say('onnx.metadata-long', { size: json.length, limit: MAX_TEXT }));
  try {
    return parseJson(json);
  } catch (error) {
    throw invalid(key, reasonOf(error));
  }
}
