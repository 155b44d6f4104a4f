import { FailureError } from '../shared/failures';
import type { CallContext } from '../shared/protocol';

/** A forecast before so many seconds is a guess. */
const SETTLED = 0.5;

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
    // Counted from the first word on: until then a process starts, which says nothing about the rest.
    let first: { done: number; at: number } | null = null;
    const onProgress = (done: number, total: number): void => {
      const now = performance.now();
      first ??= { done, at: now };
      const seconds = (now - first.at) / 1000;
      const since = done - first.done;
      const left = since > 0 && seconds >= SETTLED ? (seconds * (total - done)) / since : null;
      context.emit('progress', { job, done, total, secondsLeft: done >= total ? 0 : left });
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
