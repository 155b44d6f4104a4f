import { FailureError } from '../shared/failures';
import type { CallContext } from '../shared/protocol';

/** Long work under way, by the name that the caller gave it; cancelled by cooperation, never by force. */
export class Jobs {
  private readonly running = new Map<string, AbortController>();

  /** Runs `work`; its signal aborts with FailureError `cancelled`. Progress goes out as events, with the time left. */
  async run<T>(
    job: string,
    context: CallContext,
    work: (signal: AbortSignal, onProgress: (done: number, total: number) => void) => Promise<T>,
  ): Promise<T> {
    if (this.running.has(job)) throw new FailureError('internal', { reason: `job '${job}' is under way already` });
    const controller = new AbortController();
    this.running.set(job, controller);
    const started = performance.now();
    const onProgress = (done: number, total: number): void => {
      const seconds = (performance.now() - started) / 1000;
      context.emit('progress', { job, done, total, secondsLeft: done > 0 ? (seconds * (total - done)) / done : null });
    };
    try {
      return await work(controller.signal, onProgress);
    } finally {
      this.running.delete(job);
    }
  }

  /** False where no such job is under way. */
  cancel(job: string): boolean {
    const controller = this.running.get(job);
    controller?.abort(new FailureError('cancelled'));
    return controller !== undefined;
  }

  cancelAll(): void {
    for (const job of [...this.running.keys()]) this.cancel(job);
  }
}
