import type { Failure } from './failures';
import type { EngineMethod, EngineMethods, EventName, Events } from './protocol';

/** A window's request on its way to the engine. */
export interface Request {
  id: number;
  method: EngineMethod;
  /** `Params<Method>` where it left; the engine checks what arrives. */
  params: unknown;
}

export type Reply =
  { id: number; ok: true; result: EngineMethods[EngineMethod]['result'] } | { id: number; ok: false; failure: Failure };

export type EventMessage = { [E in EventName]: { event: E; payload: Events[E] } }[EventName];

/**
 * What the engine's worker is sent: a request with the window that it comes from; that a window is `gone`; `'close'`, to finish
 * what it does and to end.
 */
export type ToEngine = (Request & { window: number }) | { gone: number } | 'close';
export type FromEngine = Reply | EventMessage;
