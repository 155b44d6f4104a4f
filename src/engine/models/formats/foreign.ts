import { isOurs } from '../../../core/onnx/read';
import { decodeModel } from '../../../core/onnx/decode';
import { FailureError } from '../../../shared/failures';
import { say } from '../../../words';
import { ForeignNetwork } from '../../foreign/foreign-network';
import type { FileContent, ModelFormat } from './format';

/** ONNX files of others, whatever they hold: onnxruntime computes them. */
export const foreign: ModelFormat = { claims, open };

/** What cannot be decoded is left to our own format, which says why. */
function claims(_name: string, bytes: Uint8Array): boolean {
  try {
    return !isOurs(decodeModel(bytes));
  } catch {
    return false;
  }
}

async function open(name: string, bytes: Uint8Array): Promise<FileContent> {
  const network = await ForeignNetwork.open({ name, bytes, path: null, folder: null });
  if (network.inputs.length > 0) return { model: null, foreign: network };
  network.dispose();
  throw new FailureError('model.invalid', { file: name, reason: say('foreign.no-inputs') });
}
