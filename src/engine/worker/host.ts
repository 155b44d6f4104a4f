import { Worker } from 'node:worker_threads';
import type { EngineMethod, EventName, Events, Params, Result } from '../../shared/protocol';
import { FailureError, type Failure } from '../../shared/failures';
import type { FromEngine, ToEngine } from '../../shared/messages';
import { reasonOf, say, type Message } from '../../words';
import { arraysIn, movable } from '../system/transfer';
import type { EngineOptions } from '../system/options';
import { built } from '../system/root';
import { forbidTelemetry } from '../runtime/telemetry';

interface Waiting {
  resolve(result: never): void;
  reject(failure: Failure): void;
}

/** How often the worker may die within a minute before the host stops restarting it. */
const RESTARTS_A_MINUTE = 5;

/**
 * Holds the engine's worker thread for a host (Electron's main process, the browser host): sends it requests, returns
 * replies and events, and restarts it when it crashes, with a notice to the window. If it keeps crashing, it is not
 * restarted: every call then fails with that reason, and the host itself keeps running. Every call settles.
 */
export class EngineHost {
  private worker: Worker;
  /** Why calls are refused: the worker died too often, or was asked to end. */
  private refusal: Failure | null = null;
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();
  private readonly deaths: number[] = [];
  /** Once it was asked to end. */
  private closed: Promise<void> | null = null;

  constructor(
    private readonly options: EngineOptions,
    private readonly emit: <E extends EventName>(event: E, payload: Events[E]) => void,
    private readonly file = built('main', 'engine.js'),
  ) {
    this.worker = this.spawn();
  }

  /**
   * Arrays among the parameters move to the engine: the caller's are empty afterwards. Rejects with a Failure.
   * @param window which one asks: handles belong to it.
   */
  call<M extends EngineMethod>(method: M, params: Params<M>, window = 0): Promise<Result<M>> {
    if (this.refusal) return Promise.reject(this.refusal);
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.waiting.set(id, { resolve, reject });
      try {
        this.post({ id, method, params, window }, movable(arraysIn(params)));
      } catch (error) {
        this.waiting.delete(id);
        reject(internal(say('call.cannot-cross', { method, reason: reasonOf(error) })));
      }
    });
  }

  /** A window is gone, or was reloaded: the engine releases what it holds for it and cancels its jobs. */
  release(window: number): void {
    if (!this.refusal) this.post({ gone: window });
  }

  /** Asks the worker to end by itself: it must never be terminated while onnxruntime runs. */
  close(): Promise<void> {
    if (this.closed) return this.closed;
    const gaveUp = this.refusal !== null;
    this.refusal ??= internal(say('engine.closed'));
    this.closed = gaveUp
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.worker.once('exit', () => resolve());
          this.post('close');
        });
    return this.closed;
  }

  private post(message: ToEngine, transfer: ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  private spawn(): Worker {
    forbidTelemetry();
    const worker = new Worker(this.file, { workerData: this.options });
    worker.on('message', (message: FromEngine) => this.receive(message));
    // It does not say whose answer it was, so every waiting call may be waiting for it.
    worker.on('messageerror', () => this.rejectAll(internal(say('call.answer-unreadable'))));
    let reason = say('engine.no-reason');
    worker.on('error', (error) => (reason = reasonOf(error)));
    worker.on('exit', () => {
      if (this.closed) this.rejectAll(internal(say('engine.closed')));
      else this.restart(reason);
    });
    return worker;
  }

  private receive(message: FromEngine): void {
    if ('event' in message) return this.emit(message.event, message.payload as never);
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.ok) waiting?.resolve(message.result as never);
    else waiting?.reject(message.failure);
  }

  private restart(reason: Message): void {
    const now = Date.now();
    this.deaths.push(now);
    const recent = this.deaths.filter((time) => now - time < 60_000).length;
    if (recent > RESTARTS_A_MINUTE) this.refusal = internal(say('engine.gave-up', { count: recent, reason }));
    const stopped = say('engine.stopped', { reason });
    this.rejectAll(this.refusal ?? internal(stopped));
    if (this.refusal) return;
    this.worker = this.spawn();
    this.emit('restarted', { reason: stopped });
  }

  private rejectAll(failure: Failure): void {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(failure);
  }
}

const internal = (reason: Message): Failure => new FailureError('internal', { reason }).toJSON();
