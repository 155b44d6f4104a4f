import { SchemaError } from '../../core/schema';
import { FailureError } from '../../shared/failures';
import { hostMethods, methods, type EngineMethod, type Params } from '../../shared/protocol';
import { say } from '../../words';

const all = { ...methods, ...hostMethods };

/**
 * Parameters as the protocol defines them; other fields are dropped.
 * @throws FailureError `internal` for a method or parameters that the protocol does not have: an error of the sender.
 */
export function checkedParams<M extends EngineMethod>(method: M, params: unknown): Params<M> {
  if (!Object.hasOwn(all, method)) throw new FailureError('internal', { reason: say('call.no-method', { method }) });
  if (typeof params !== 'object' || params === null) {
    throw new FailureError('internal', { reason: say('call.no-parameters', { method, found: String(params) }) });
  }
  try {
    return all[method].params.read(params) as Params<M>;
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new FailureError('internal', { reason: say('call.parameter', { method, reason: error.reason }) });
  }
}
