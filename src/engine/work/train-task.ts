import { FailureError } from '../../shared/failures';
import type { WorkHost } from './messages';

/** Stub, to be filled. */
export async function train(_request: { out: string }, _host: WorkHost): Promise<{ end: string }> {
  throw new FailureError('internal', { reason: 'not there yet' });
}
