import { basename, dirname } from 'node:path';
import { OnnxError } from '../../core/onnx/error';
import { readNetwork, type OnnxNetwork } from '../../core/onnx-graph/network';
import { FailureError } from '../../shared/failures';
import { readWholeFile } from '../system/files';

/** A model's file: `path` where it has one, so that its bytes need not cross to the process that runs it. */
export interface NetworkFile {
  name: string;
  bytes: Uint8Array;
  path: string | null;
  /** Where data beside it is looked for; null where only its bytes are known. */
  folder: string | null;
}

/** Reads a model's file whole. @throws FailureError `file.…`. */
export async function networkFile(path: string): Promise<NetworkFile> {
  return { name: basename(path), bytes: await readWholeFile(path, 2 ** 31 - 1), path, folder: dirname(path) };
}

/** Reads a file's graph, without anything being computed. @throws FailureError `model.format`, `model.invalid`. */
export function readNetworkFile({ name, bytes }: Pick<NetworkFile, 'name' | 'bytes'>): OnnxNetwork {
  try {
    return readNetwork(bytes);
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new FailureError(error.kind === 'format' ? 'model.format' : 'model.invalid', {
      file: name,
      reason: error.reason,
    });
  }
}
