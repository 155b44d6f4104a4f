import type { Preprocessing } from '../../core/model/model';
import type { Failure } from '../../shared/failures';
import type { InputOptions, Picture } from '../../shared/protocol';
import type { ImageInput, Prepared } from './prepare';
import type { Target, TrainingPicture } from './training-picture';
import type { TwoPaths } from './two-paths';

/** `seconds` of processor time may go into one, and about `memory` bytes. */
interface Task {
  name: string;
  seconds: number;
  memory: number;
}

/** A request to the decoder process; one at a time. */
export type DecoderRequest = Task &
  (
    | { kind: 'prepare'; image: ImageInput; preprocessing: Preprocessing; options: Partial<InputOptions> }
    | { kind: 'paths'; bytes: Uint8Array; preprocessing: Preprocessing }
    | { kind: 'thumbnail'; bytes: Uint8Array; side: number }
    /** The process reads the file itself: only its small result crosses. */
    | { kind: 'training'; path: string | Uint8Array; target: Target }
  );

export type DecoderResult = Prepared | Picture | TrainingPicture | TwoPaths;

/**
 * `ready` comes once, when sharp is loaded; then one answer for each request. A failure `ends` where the process had to
 * give the picture up and ends itself.
 */
export type DecoderMessage =
  { kind: 'ready' } | { kind: 'result'; result: DecoderResult } | { kind: 'failure'; failure: Failure; ends: boolean };
