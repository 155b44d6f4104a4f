import type { Model } from '../../../core/model/model';

/** A form in which networks come as files. Each is one file of this folder, listed in `list.ts`. */
export interface ModelFormat {
  /** Whether this format reads such a file. */
  claims(name: string, bytes: Uint8Array): boolean;
  /** @throws FailureError: `model.format`, `model.foreign`, `model.invalid`; names the file. */
  open(name: string, bytes: Uint8Array): Model;
}
