import type { Preprocessing } from '../../core/model/model';
import type { Failure } from '../../shared/failures';
import type { InputOptions, Picture } from '../../shared/protocol';
import type { ImageInput, Prepared } from './prepare';

/** `seconds` of processor time may go into one. */
interface Task {
  name: string;
  seconds: number;
}

/** What is asked of the decoder process, one at a time. */
export type DecoderRequest = Task &
  (
    | { kind: 'prepare'; image: ImageInput; preprocessing: Preprocessing; options: Partial<InputOptions> }
    | { kind: 'thumbnail'; bytes: Uint8Array; side: number }
  );

/**
 * `ready` comes once, when sharp is loaded; then one answer for each request. A failure `ends` where the process had to
 * give the picture up and ends itself.
 */
export type DecoderMessage =
  | { kind: 'ready' }
  | { kind: 'result'; result: Prepared | Picture }
  | { kind: 'failure'; failure: Failure; ends: boolean };
