import { Worker } from 'node:worker_threads';
import type { EngineMethod, EventName, Events, Params, Result } from '../shared/protocol';
import { FailureError, type Failure } from '../shared/failures';
import type { FromEngine, Request } from '../shared/messages';
import type { EngineOptions } from './options';
import { built } from './root';
import { forbidTelemetry } from './telemetry';

interface Waiting {
  resolve(result: never): void;
  reject(failure: Failure): void;
}

/** How often the worker may die within a minute before the host gives up starting it anew. */
const RESTARTS_A_MINUTE = 5;

/**
 * Holds the engine's worker thread for a host (Electron's main process, the browser host): carries requests to it,
 * replies and events back, and starts it anew when it crashes, telling the window so. One that keeps crashing is given
 * up: then every call is answered with a failure that says so, and the host itself lives on.
 */
export class EngineHost {
  private worker: Worker;
  /** Why there is no worker any more, once it has died too often. */
  private gaveUp: Failure | null = null;
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

  /** Rejects with a Failure. */
  call<M extends EngineMethod>(method: M, params: Params<M>): Promise<Result<M>> {
    if (this.gaveUp) return Promise.reject(this.gaveUp);
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      const request: Request = { id, method, params };
      this.worker.postMessage(request); // throws, and so rejects, where something cannot be cloned
      this.waiting.set(id, { resolve, reject });
    });
  }

  /** Asks the worker to end by itself: it must never be terminated while onnxruntime runs. */
  close(): Promise<void> {
    this.closed ??= this.gaveUp
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.worker.once('exit', () => resolve());
          this.worker.postMessage('close');
        });
    return this.closed;
  }

  private spawn(): Worker {
    forbidTelemetry();
    const worker = new Worker(this.file, { workerData: this.options });
    worker.on('message', (message: FromEngine) => this.receive(message));
    let reason = 'without a reason';
    worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => {
      if (!this.closed) this.restart(reason);
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

  private restart(reason: string): void {
    const now = Date.now();
    this.deaths.push(now);
    const recent = this.deaths.filter((time) => now - time < 60_000).length;
    if (recent > RESTARTS_A_MINUTE) {
      const told = `the engine stopped ${recent} times within a minute (${reason}); start Convscope again`;
      this.gaveUp = new FailureError('internal', { reason: told }).toJSON();
    }
    const failure = this.gaveUp ?? new FailureError('internal', { reason: `the engine stopped: ${reason}` }).toJSON();
    for (const waiting of this.waiting.values()) waiting.reject(failure);
    this.waiting.clear();
    if (this.gaveUp) return;
    this.worker = this.spawn();
    this.emit('restarted', { reason });
  }
}
