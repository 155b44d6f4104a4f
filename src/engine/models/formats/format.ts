import type { Model } from '../../../core/model/model';
import type { ForeignNetwork } from '../../foreign/foreign-network';

/** What a file holds: a model of ours, or a network that onnxruntime computes. */
export type FileContent = { model: Model; foreign: null } | { model: null; foreign: ForeignNetwork };

/** A form in which networks come as files. Each is one file of this folder, listed in `list.ts`. */
export interface ModelFormat {
  /** Whether this format reads such a file. */
  claims(name: string, bytes: Uint8Array): boolean;
  /** @throws FailureError: `model.format`, `model.invalid`; names the file. */
  open(name: string, bytes: Uint8Array): Promise<FileContent>;
}
