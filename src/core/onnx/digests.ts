import protobuf from 'protobufjs/minimal.js';
import { parseJson } from '../json';
import { number, object, optional, record, text, type Infer } from '../schema';
import { KEYS } from './metadata';
import type { OnnxModel, OnnxTensor } from './proto';
import { sha256 } from './sha256';

/**
 * What `convscope.digests` holds: SHA-256, in hexadecimal, of each other Convscope entry (its text in UTF-8), by the
 * key without `convscope.`, and of each tensor's raw data, by its name; and the operator set, which nothing else fixes.
 * Older files have none of it.
 */
const digests = object({ metadata: record(text()), opset: optional(number), tensors: record(text()) });
type Digests = Infer<typeof digests>;

/** A part of a file that was altered. */
export interface Alteration {
  /** A tensor's name, a metadata key without `convscope.`, `digests`, or the place of another field in the file (./rest). */
  name: string;
  how: 'changed' | 'missing' | 'added';
}

const PREFIX = 'convscope.';

type Digested = Pick<OnnxModel, 'metadata' | 'opsets'> & { graph: { initializers: OnnxTensor[] } };

/** The digest entry for a file's other entries and tensors. */
export function digestsEntry(file: Digested): [key: string, value: string] {
  return [KEYS.digests, JSON.stringify(digestsOf(file))];
}

function digestsOf({ metadata, graph, opsets }: Digested, hash = sha256): Digests {
  const own = metadata.filter(([key]) => key.startsWith(PREFIX) && key !== KEYS.digests);
  return {
    metadata: sorted(own.map(([key, text]) => [key.slice(PREFIX.length), hash(utf8(text))])),
    opset: opsets.find(({ domain }) => domain === '')?.version ?? 0,
    tensors: sorted(graph.initializers.map(({ name, raw }) => [name, hash(raw ?? new Uint8Array(0))])),
  };
}

const sorted = (entries: [string, string][]): Record<string, string> =>
  Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Compares a file with its digests. This reveals accidental damage, and any change by a program that does not update
 * the digests.
 * @param hash SHA-256 in hexadecimal; the system's is faster for large weights. @returns the altered parts; null for a file without digests (written before digests existed).
 */
export function alterations(file: Digested, hash = sha256): Alteration[] | null {
  const text = new Map(file.metadata).get(KEYS.digests);
  if (text === undefined) return null;
  const written = parseDigests(text);
  if (written === null) return [{ name: 'digests', how: 'changed' }];
  const found = digestsOf(file, hash);
  const altered = [...differences(written.metadata, found.metadata), ...differences(written.tensors, found.tensors)];
  const { opset } = written;
  if (opset !== undefined && opset !== found.opset) altered.push({ name: 'opset_import', how: 'changed' });
  if (altered.length > 0) return altered;
  // Nothing else may stand in the entry either.
  const whole = opset === undefined ? { ...found, opset } : found;
  return text === JSON.stringify(whole) ? [] : [{ name: 'digests', how: 'changed' }];
}

function differences(written: Record<string, string>, found: Record<string, string>): Alteration[] {
  const names = [...new Set([...Object.keys(written), ...Object.keys(found)])];
  return names.flatMap((name): Alteration[] => {
    if (!Object.hasOwn(found, name)) return [{ name, how: 'missing' }];
    if (!Object.hasOwn(written, name)) return [{ name, how: 'added' }];
    return written[name] === found[name] ? [] : [{ name, how: 'changed' }];
  });
}

/** Null if the text is not a list of digests. */
function parseDigests(text: string): Digests | null {
  try {
    return digests.read(parseJson(text));
  } catch {
    return null;
  }
}

function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(protobuf.util.utf8.length(text));
  protobuf.util.utf8.write(text, bytes, 0);
  return bytes;
}
