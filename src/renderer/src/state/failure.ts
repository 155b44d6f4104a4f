import { FailureError, failures, type Failure } from '../../../shared/failures';

/** Whatever was thrown, as a failure that can be shown. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.toJSON();
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
    const { code, message } = error;
    if (typeof code === 'string' && code in failures && typeof message === 'string') {
      const params = 'params' in error && typeof error.params === 'object' && error.params !== null ? error.params : {};
      return { code: code as Failure['code'], params: params as Failure['params'], message };
    }
  }
  return new FailureError('internal', { reason: error instanceof Error ? error.message : String(error) }).toJSON();
}
