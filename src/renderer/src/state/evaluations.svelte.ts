import { createContext } from 'svelte';
import type { Client, Failure, ImageSource, ModelSource } from '../../../shared/protocol';
import type { Contender, EvaluatedPictures, Evaluation, PictureChoice } from '../../../shared/evaluation';
import { FailureError, toFailure } from '../../../shared/failures';
import { Job, type JobProgress } from './job.svelte';
import { RequestCache, type Resource } from './resource.svelte';
import type { Runs } from './runs.svelte';
import type { Status } from './status.svelte';

export const [useEvaluations, provideEvaluations] = createContext<Evaluations>();

/** What one asks about: these networks, on this data set or (null) on the first one's own. */
export interface EvaluationRequest {
  contenders: readonly Contender[];
  data: string | null;
  /** One confirmed that classes without a common name are the same in their order. */
  labelsByOrder?: boolean;
}

/** The same text for the same question. */
export const requestKey = ({ contenders, data, labelsByOrder = false }: EvaluationRequest): string =>
  [data ?? '', labelsByOrder, ...contenders.map(({ kind, id }) => `${kind}:${id}`)].join('\n');

/** What Inspect opens a contender from. */
export const sourceOfContender = (contender: Contender): ModelSource =>
  contender.kind === 'file' ? { ...contender, kind: 'bytes' } : contender;

/**
 * One evaluation: asked for, under way, done, failed or cancelled. It goes on while another screen is looked at, and is made
 * again by itself where the engine no longer holds what it found (it keeps the newest few, and loses all when it restarts).
 */
export class EvaluationJob {
  evaluation = $state.raw<Evaluation | null>(null);
  cancelled = $state(false);
  /** The cell of the confusion matrix whose pictures are looked at: it stays while another screen is. */
  cell = $state.raw<{ truth: number; predicted: number } | null>(null);
  /** It is made once more because the engine no longer held it. */
  again = $state(false);

  #running: Promise<Evaluation> | null = null;
  readonly #job: Job<Evaluation>;
  #gone = false;
  /** The weights that were evaluated: a run that trains on keeps others. */
  #weights = $state.raw<string | null>(null);
  #pictures = new RequestCache<EvaluatedPictures>(64);

  constructor(
    readonly request: EvaluationRequest,
    private readonly owner: Evaluations,
  ) {
    const { client, status } = owner;
    this.#job = new Job(client, status, (job) =>
      client.call('evaluate', {
        contenders: [...request.contenders],
        data: request.data,
        labelsByOrder: request.labelsByOrder,
        job,
      }),
    );
  }

  get progress(): JobProgress | null {
    return this.#job.progress;
  }

  get failure(): Failure | null {
    return this.#job.failure;
  }

  /** Whether a run's weights are no longer those that were evaluated. */
  get outdated(): boolean {
    return this.evaluation !== null && this.#weights !== null && this.#weights !== this.owner.weightsOf(this.request);
  }

  /** Evaluates, unless that is under way. Never throws: what went wrong stands in `failure`. */
  async start(): Promise<void> {
    this.again = false;
    await this.#run().catch(() => {});
  }

  async cancel(): Promise<void> {
    await this.#job.cancel();
  }

  /** Some pictures of a choice, `first` counted from 0. */
  pictures(choice: PictureChoice, first: number, count: number): Resource<EvaluatedPictures> {
    return this.#pictures.get(JSON.stringify([choice, first, count]), () =>
      this.#held((evaluation) =>
        this.owner.client.call('evaluatedPictures', { evaluation: evaluation.evaluation, choice, first, count }),
      ),
    );
  }

  /** The network of a contender, by its place. */
  source(contender: number): ModelSource {
    return sourceOfContender(this.request.contenders[contender]);
  }

  /** The picture as Inspect takes it. Throws a Failure. */
  image(index: number): Promise<ImageSource> {
    return this.#held(({ evaluation }) => this.owner.client.call('evaluatedImage', { evaluation, index }));
  }

  /** The engine has forgotten every handle: the next question is answered by evaluating again. */
  forget(): void {
    this.#gone = true;
  }

  async #held<T>(ask: (evaluation: Evaluation) => Promise<T>): Promise<T> {
    // Later, not now: what asks may be a `$derived`, in which nothing may change.
    await Promise.resolve();
    const held = this.#running ?? (this.evaluation && !this.#gone ? this.evaluation : this.#rerun());
    const evaluation = await held;
    try {
      return await ask(evaluation);
    } catch (error) {
      if (toFailure(error).code !== 'handle.gone') throw error;
      // Others may have met the same and begun already.
      const newer = this.evaluation !== evaluation && !this.#gone ? this.evaluation : null;
      return ask(newer ?? (await (this.#running ?? this.#rerun())));
    }
  }

  #rerun(): Promise<Evaluation> {
    this.again = true;
    return this.#run();
  }

  #run(): Promise<Evaluation> {
    this.#running ??= this.#evaluate().finally(() => (this.#running = null));
    return this.#running;
  }

  async #evaluate(): Promise<Evaluation> {
    this.cancelled = false;
    const weights = this.owner.weightsOf(this.request);
    const evaluation = await this.#job.run();
    this.again = false;
    if (!evaluation) {
      this.cancelled = this.#job.failure === null;
      throw this.#job.failure ?? new FailureError('cancelled');
    }
    this.#gone = false;
    this.#weights = weights;
    this.#pictures = new RequestCache(64);
    this.owner.register(evaluation, this);
    this.evaluation = evaluation;
    return evaluation;
  }
}

/** How many evaluations the window keeps. */
const KEPT = 16;

/** Evaluations by what was asked, kept while the window is open; what the Train and Compare screens share. */
export class Evaluations {
  readonly #jobs = new Map<string, EvaluationJob>();
  readonly #owners = new WeakMap<Evaluation, EvaluationJob>();

  constructor(
    readonly client: Client,
    readonly status: Status,
    readonly runs: Runs,
  ) {
    client.on('restarted', () => {
      for (const job of this.#jobs.values()) job.forget();
    });
  }

  /** The evaluation of a request, as far as it has come; starts nothing. */
  job(request: EvaluationRequest): EvaluationJob {
    const key = requestKey(request);
    const job = this.#jobs.get(key) ?? new EvaluationJob(request, this);
    // The newest last; the oldest that does nothing goes first.
    this.#jobs.delete(key);
    this.#jobs.set(key, job);
    if (this.#jobs.size > KEPT) {
      const idle = [...this.#jobs].find(([, { progress }]) => progress === null);
      if (idle && idle[1] !== job) this.#jobs.delete(idle[0]);
    }
    return job;
  }

  /** The job that an evaluation came from. */
  of(evaluation: Evaluation): EvaluationJob {
    const job = this.#owners.get(evaluation);
    if (!job) throw new Error(`evaluation ${evaluation.evaluation} came from no job`);
    return job;
  }

  register(evaluation: Evaluation, job: EvaluationJob): void {
    this.#owners.set(evaluation, job);
  }

  /** Which weights the runs keep now. */
  weightsOf({ contenders }: EvaluationRequest): string {
    return contenders
      .map(({ kind, id }) => (kind === 'run' ? `${id}@${this.runs.get(id)?.bestEpoch ?? ''}` : id))
      .join('\n');
  }
}
