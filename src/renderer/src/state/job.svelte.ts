import type { Client, Failure } from '../../../shared/protocol';
import { toFailure } from '../../../shared/failures';
import type { Status } from './status.svelte';

export interface JobProgress {
  done: number;
  total: number;
  secondsLeft: number | null;
}

let next = 1;

/** Long work in the engine: idle, under way, done or failed; it can be begun anew and called off. */
export class Job<T> {
  /** While it is under way. */
  progress = $state.raw<JobProgress | null>(null);
  result = $state.raw<T | null>(null);
  failure = $state.raw<Failure | null>(null);
  #job: string | null = null;

  /** @param work asks the engine, under the name by which its progress is told. */
  constructor(
    readonly client: Client,
    readonly status: Status,
    readonly work: (job: string) => Promise<T>,
  ) {}

  /** Does nothing while it is under way. Null where it failed or was called off. */
  async run(): Promise<T | null> {
    if (this.#job) return null;
    const job = `window-${Date.now()}-${next++}`;
    this.#job = job;
    this.failure = null;
    this.result = null;
    this.progress = { done: 0, total: 0, secondsLeft: null };
    const unsubscribe = this.client.on('progress', (progress) => {
      if (progress.job === job) this.progress = progress;
    });
    const done = this.status.work();
    try {
      this.result = await this.work(job);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code !== 'cancelled') this.failure = failure;
    } finally {
      unsubscribe();
      done();
      this.progress = null;
      this.#job = null;
    }
    return this.result;
  }

  async cancel(): Promise<void> {
    if (this.#job) await this.client.call('cancel', { job: this.#job });
  }
}
