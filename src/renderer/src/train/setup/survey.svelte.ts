import { toFailure } from '../../../../shared/failures';
import type { Client, Events, Failure, Fit } from '../../../../shared/protocol';
import type { DataSurvey, NetworkChoice } from '../../../../shared/training';
import type { Status } from '../../state/status.svelte';

export interface SurveyRequest {
  data: string;
  network: NetworkChoice;
  fit: Fit;
}

let count = 0;

/** One reading of a data set at a network's size: under way, done, or why not. */
export class Survey {
  progress = $state.raw<Events['progress'] | null>(null);
  result = $state.raw<DataSurvey | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #job = `survey-${Date.now()}-${++count}`;

  constructor(
    readonly client: Client,
    readonly status: Status,
    readonly request: SurveyRequest,
  ) {}

  get running(): boolean {
    return this.result === null && this.failure === null;
  }

  async run(): Promise<void> {
    const done = this.status.work();
    const unsubscribe = this.client.on('progress', (progress) => {
      if (progress.job === this.#job) this.progress = progress;
    });
    try {
      this.result = await this.client.call('survey', { ...this.request, job: this.#job });
    } catch (error) {
      this.failure = toFailure(error);
    } finally {
      unsubscribe();
      done();
    }
  }

  cancel(): void {
    if (this.running) void this.client.call('cancel', { job: this.#job }).catch(() => undefined);
  }
}
