import { Worker } from 'node:worker_threads';
import type { ThreadJob, ThreadPool } from '../core/backends/wasm/threads';
import { built } from '../engine/system/root';

/** Threads that serve one executor after the other: starting a thread takes longer than running most networks here. */
export class LastingThreads {
  private readonly workers: Worker[] = [];

  /** For one executor, which is disposed of before the next is made. @param count threads in all, the caller included. */
  pool(count: number): ThreadPool {
    return {
      count,
      start: (job: ThreadJob) => {
        const worker = (this.workers[job.thread - 1] ??= new Worker(built('main', 'kernel-thread.js')));
        return new Promise((resolve, reject) => {
          const settle = (end: () => void): void => {
            worker.off('message', ready).off('error', failed);
            end();
          };
          const ready = (): void => settle(resolve);
          const failed = (error: Error): void => settle(() => reject(error));
          worker.once('message', ready).once('error', failed);
          worker.postMessage(job);
        });
      },
      ended: () => Promise.resolve(),
    };
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
