import type { Model } from '../../../core/model/model';
import type { Message } from '../../../words';
import type { OpeningNetwork } from '../../foreign/opening-network';
import type { RunnerLimits } from '../../foreign/runner';

/** What a file holds: a model of ours, or a network that onnxruntime computes, which may still be opening it. */
export type FileContent =
  | { model: Model; foreign: null; /** That it is not as it was written. */ altered?: Message | null }
  | { model: null; foreign: OpeningNetwork };

/** A file that came together with a network's. */
export interface BesideFile {
  name: string;
  bytes: Uint8Array;
}

/** A form in which networks come as files. Each is one file of this folder, listed in `list.ts`. */
export interface ModelFormat {
  /** Whether this format reads such a file. */
  claims(name: string, bytes: Uint8Array): boolean;
  /**
   * @param limits of foreign networks. @throws FailureError: `model.format`, `model.invalid`; names the file.
   */
  open(
    name: string,
    bytes: Uint8Array,
    beside: readonly BesideFile[],
    limits: Partial<RunnerLimits>,
  ): Promise<FileContent>;
}
