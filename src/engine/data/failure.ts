import { FailureError } from '../../shared/failures';
import type { Message } from '../../words';

/** An error in the user's data: names the file or folder, what was found and what was expected. */
export const dataFailure = (file: string, reason: Message): FailureError =>
  new FailureError('data.invalid', { file, reason });
