import type { Client, VerifyReport } from '../../../shared/protocol';
import { Job } from './job.svelte';
import type { Status } from './status.svelte';

/** Checks of networks against onnxruntime, by what they check; they continue when their view is closed. */
export class Verifications {
  readonly #known = new Map<string, Job<VerifyReport>>();

  constructor(
    readonly client: Client,
    readonly status: Status,
  ) {}

  /** The check of a model that is open. */
  ofModel(model: number): Job<VerifyReport> {
    return this.#job(`model ${model}`, async (job) => {
      const report = await this.client.call('verify', { model, job });
      const worst = report.layers.reduce((most, { maxRel }) => Math.max(most, maxRel), 0);
      this.status.verified = { model, worst, ok: report.ok };
      return report;
    });
  }

  /** The check of the weights that a run kept after an epoch. */
  ofRun(run: string, epoch: number | null): Job<VerifyReport> {
    return this.#job(`run ${run}@${epoch}`, (job) => this.client.call('verifyRun', { run, job }));
  }

  #job(key: string, work: (job: string) => Promise<VerifyReport>): Job<VerifyReport> {
    let job = this.#known.get(key);
    if (!job) this.#known.set(key, (job = new Job(this.client, this.status, work)));
    return job;
  }
}
