/** What travels between the engine's worker thread and whoever holds it (Electron main, the browser host). */
import type { EventName, Events, Failure, Method, Params, Result } from './protocol';

/** One call. `id` is the caller's, unique among the calls under way. */
export type Request<M extends Method = Method> = { [K in M]: { id: number; method: K; params: Params<K> } }[M];

/** The answer to the request with the same `id`. Typed arrays in `result` are transferred, not copied. */
export type Reply<M extends Method = Method> =
  { id: number; ok: true; result: Result<M> } | { id: number; ok: false; failure: Failure };

/** Said unasked. */
export type EventMessage<E extends EventName = EventName> = { [K in E]: { event: K; payload: Events[K] } }[E];

/** From the worker to its holder. */
export type FromEngine = Reply | EventMessage;

export const isEvent = (message: FromEngine): message is EventMessage => 'event' in message;

/** `workerData` of the engine's worker thread (`out/main/engine.js`). */
export interface EngineStart {
  host: 'electron' | 'browser';
  /** What the command line named: a model's ID or file, an image's file. Read by the engine, whose `start` tells of failures. */
  open: { model: string | null; image: string | null };
}
