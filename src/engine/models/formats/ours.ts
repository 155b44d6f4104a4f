import { createHash } from 'node:crypto';
import type { Model } from '../../../core/model/model';
import { decodeModel } from '../../../core/onnx/decode';
import { alterations, type Alteration } from '../../../core/onnx/digests';
import { OnnxError } from '../../../core/onnx/error';
import { readModel } from '../../../core/onnx/read';
import { FailureError } from '../../../shared/failures';
import { say, type Message } from '../../../words';
import type { ModelFormat } from './format';

/** Bytes of a refused file whose digests are still held against it: a second's work. */
const DIGESTED = 64 * 2 ** 20;

/** ONNX files that Convscope wrote. */
export const ours: ModelFormat = {
  claims: () => true,
  open: async (name, bytes) => ({ model: openOurs(name, bytes), foreign: null, altered: alteredNote(name, bytes) }),
};

/**
 * Reads a file of ours; of one whose parts contradict each other it says which are not as they were written.
 * @throws FailureError: `model.format`, `model.foreign`, `model.invalid`; names the file.
 */
export function openOurs(file: string, bytes: Uint8Array): Model {
  return withNames(file, () => {
    try {
      return readModel(bytes);
    } catch (error) {
      if (!(error instanceof OnnxError) || error.kind !== 'invalid' || bytes.length > DIGESTED) throw error;
      const parts = alteredParts(alterationsOf(bytes));
      if (parts.length === 0) throw error;
      throw new OnnxError('invalid', say('verify.refused-altered', { reason: error.reason, parts }));
    }
  });
}

/** Null also for what cannot be decoded. */
function alterationsOf(bytes: Uint8Array): Alteration[] | null {
  try {
    return alterations(decodeModel(bytes), (data) => createHash('sha256').update(data).digest('hex'));
  } catch (error) {
    if (error instanceof OnnxError) return null;
    throw error;
  }
}

/** That weights or metadata are not as they were written, for whoever looks at its answers; null where they are, or nothing tells. */
export function alteredNote(file: string, bytes: Uint8Array): Message | null {
  const parts = alteredParts(alterationsOf(bytes));
  return parts.length > 0 ? say('model.altered', { file, parts }) : null;
}

/** The altered parts, for a message. */
export const alteredParts = (altered: readonly Alteration[] | null): Message[] =>
  (altered ?? []).map(({ name, how }) => say(`verify.part-${how}`, { name }));

/** Runs what reads an ONNX file, and gives its errors the file's name. */
export function withNames<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    if (error.kind === 'foreign') throw new FailureError('model.foreign', { file, producer: error.producer });
    throw new FailureError(error.kind === 'format' ? 'model.format' : 'model.invalid', { file, reason: error.reason });
  }
}
