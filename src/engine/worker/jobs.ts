import { FailureError } from '../../shared/failures';
import type { CallContext } from '../../shared/protocol';
import { say } from '../../words';

/** Before this many seconds the time left is only a guess. */
const SETTLED = 0.5;

/** Long work in progress, by window and by the name that the window gave it; cancelled cooperatively, never by force. */
export class Jobs {
  private readonly windows = new Map<number, Map<string, AbortController>>();

  /** Runs `work`; its signal aborts with FailureError `cancelled`. Progress goes out as events, with the time left. */
  async run<T>(
    job: string,
    context: CallContext,
    work: (signal: AbortSignal, onProgress: (done: number, total: number) => void) => Promise<T>,
  ): Promise<T> {
    const { window = 0 } = context;
    const running = this.windows.get(window) ?? new Map<string, AbortController>();
    if (running.has(job)) throw new FailureError('internal', { reason: say('call.job-twice', { job }) });
    const controller = new AbortController();
    this.windows.set(window, running.set(job, controller));
    // Counted from the first progress report: until then a process starts, which says nothing about the rest.
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
      running.delete(job);
    }
  }

  /** False if the window has no such job. */
  cancel(window: number, job: string): boolean {
    const controller = this.windows.get(window)?.get(job);
    controller?.abort(new FailureError('cancelled'));
    return controller !== undefined;
  }

  /** The window is gone: its jobs are cancelled. */
  release(window: number): void {
    for (const job of [...(this.windows.get(window)?.keys() ?? [])]) this.cancel(window, job);
    this.windows.delete(window);
  }

  cancelAll(): void {
    for (const window of [...this.windows.keys()]) this.release(window);
  }
}
