import type { Failure } from './failures';
import type { EngineMethod, EngineMethods, EventName, Events } from './protocol';

/** A request on its way to the engine. `'close'` in its place asks the worker to finish what it does and to end. */
export interface Request {
  id: number;
  method: EngineMethod;
  /** `Params<Method>` where it left; the engine checks what arrives. */
  params: unknown;
}

export type Reply =
  { id: number; ok: true; result: EngineMethods[EngineMethod]['result'] } | { id: number; ok: false; failure: Failure };

export type EventMessage = { [E in EventName]: { event: E; payload: Events[E] } }[EventName];

export type ToEngine = Request | 'close';
export type FromEngine = Reply | EventMessage;
