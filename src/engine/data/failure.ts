import { FailureError } from '../../shared/failures';

/** An error in data that somebody brought: names the file or folder, what was found and what was expected. */
export const dataFailure = (file: string, reason: string): FailureError =>
  new FailureError('data.invalid', { file, reason });
