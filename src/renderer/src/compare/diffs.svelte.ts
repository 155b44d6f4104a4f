import type { DiffInputs, WindowDiff } from '../../../shared/diff';
import type { Contender } from '../../../shared/evaluation';
import type { Evaluations } from '../state/evaluations.svelte';
import { Job } from '../state/job.svelte';

export interface DiffRequest {
  a: Contender;
  b: Contender;
  inputs: DiffInputs;
}

/** One comparison value by value: asked for, under way, done, failed or cancelled. It goes on while another screen is looked at. */
export class DiffJob {
  cancelled = $state(false);
  /** The value that is looked at, an index into `tensors`. */
  selected = $state(0);
  readonly #job: Job<WindowDiff>;
  /** The weights that were compared: a run that trains on keeps others. */
  #weights = $state.raw<string | null>(null);

  constructor(
    readonly request: DiffRequest,
    private readonly evaluations: Evaluations,
  ) {
    const { client, status } = evaluations;
    this.#job = new Job(client, status, (job) => client.call('diff', { ...request, job }));
  }

  get progress() {
    return this.#job.progress;
  }

  get failure() {
    return this.#job.failure;
  }

  get found() {
    return this.#job.result;
  }

  /** Whether a run's weights are no longer those that were compared. */
  get outdated(): boolean {
    return this.found !== null && this.#weights !== this.#weightsNow();
  }

  /** Compares, unless that is under way. Never throws: what went wrong stands in `failure`. */
  async start(): Promise<void> {
    if (this.progress) return;
    this.cancelled = false;
    this.#weights = this.#weightsNow();
    const found = await this.#job.run();
    if (found) this.selected = found.begins ?? 0;
    else this.cancelled = this.failure === null;
  }

  async cancel(): Promise<void> {
    await this.#job.cancel();
  }

  #weightsNow(): string {
    const { a, b } = this.request;
    return this.evaluations.weightsOf({ contenders: [a, b], data: null });
  }
}

/** How many comparisons the window keeps. */
const KEPT = 8;
const jobs = new Map<string, DiffJob>();
let asked: DiffJob | null = null;

/** The comparison of a request, as far as it has come; starts nothing. */
export function diffJob(request: DiffRequest, evaluations: Evaluations): DiffJob {
  const { a, b, inputs } = request;
  const key = [a, b].map(({ kind, id }) => `${kind}:${id}`).join('\n') + JSON.stringify(inputs);
  const job = jobs.get(key) ?? new DiffJob(request, evaluations);
  // The newest last; the oldest that does nothing goes first.
  jobs.delete(key);
  jobs.set(key, job);
  const idle = jobs.size > KEPT ? [...jobs].find(([, { progress }]) => progress === null) : undefined;
  if (idle && idle[1] !== job) jobs.delete(idle[0]);
  return job;
}

/** Begins what is asked now, unless it is known or was ended by hand, and ends what was asked before. */
export function askDiff(job: DiffJob | null): void {
  const before = asked;
  asked = job;
  if (before && before !== job && before.progress) void before.cancel();
  if (job && !job.found && !job.progress && !job.failure && (!job.cancelled || job !== before)) void job.start();
}
