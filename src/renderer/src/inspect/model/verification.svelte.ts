import type { Failure, VerifyReport } from '../../../../shared/protocol';
import { toFailure } from '../../../../shared/failures';
import type { Session } from '../../state/session.svelte';

/** One check of the open network against onnxruntime: idle, under way, done or failed. */
export class Verification {
  progress = $state.raw<{ done: number; total: number; secondsLeft: number | null } | null>(null);
  report = $state.raw<VerifyReport | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly worst = $derived(this.report?.layers.reduce((most, { maxRel }) => Math.max(most, maxRel), 0) ?? 0);
  #job: string | null = null;

  constructor(
    readonly session: Session,
    readonly model: number,
  ) {}

  async run(): Promise<void> {
    if (this.#job) return;
    const { client, status } = this.session;
    const job = `verify-${this.model}-${Date.now()}`;
    this.#job = job;
    this.failure = null;
    this.report = null;
    this.progress = { done: 0, total: 0, secondsLeft: null };
    const unsubscribe = client.on('progress', (progress) => {
      if (progress.job === job) this.progress = progress;
    });
    const done = status.work();
    try {
      this.report = await client.call('verify', { model: this.model, job });
      status.verified = { model: this.model, worst: this.worst, ok: this.report.ok };
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code !== 'cancelled') this.failure = failure;
    } finally {
      unsubscribe();
      done();
      this.progress = null;
      this.#job = null;
    }
  }

  async cancel(): Promise<void> {
    if (this.#job) await this.session.client.call('cancel', { job: this.#job });
  }
}

const known = new WeakMap<Session, Map<number, Verification>>();

/** The check of a session's model; it runs on while the panel is closed. */
export function verificationOf(session: Session, model: number): Verification {
  let all = known.get(session);
  if (!all) known.set(session, (all = new Map()));
  let one = all.get(model);
  if (!one) all.set(model, (one = new Verification(session, model)));
  return one;
}
