import type { Preprocessing } from '../../core/model/model';
import type { Failure } from '../../shared/failures';
import type { InputOptions, Picture } from '../../shared/protocol';
import type { ImageInput, Prepared } from './prepare';

/** What is asked of the decoder process, one at a time. */
export type DecoderRequest =
  | { kind: 'prepare'; name: string; image: ImageInput; preprocessing: Preprocessing; options: Partial<InputOptions> }
  | { kind: 'thumbnail'; name: string; bytes: Uint8Array; side: number };

export type DecoderResult<R extends DecoderRequest> = R['kind'] extends 'prepare' ? Prepared : Picture;

/** `ready` comes once, when sharp is loaded; then one answer for each request. */
export type DecoderMessage =
  { kind: 'ready' } | { kind: 'result'; result: Prepared | Picture } | { kind: 'failure'; failure: Failure };
