import type { Client, Fit } from '../../../../shared/protocol';
import type { DataSurvey, PixelRange } from '../../../../shared/data-sets';
import type { NetworkChoice } from '../../../../shared/network-choice';
import { Job } from '../../state/job.svelte';
import type { Status } from '../../state/status.svelte';

/** One reading of a data set at a network's size: under way, done, called off, or why not. */
export class Survey extends Job<DataSurvey> {
  constructor(
    client: Client,
    status: Status,
    readonly request: { data: string; network: NetworkChoice | null; fit: Fit; range?: PixelRange },
  ) {
    super(client, status, (job) => client.call('survey', { ...request, job }));
  }

  get running(): boolean {
    return this.progress !== null;
  }

  get calledOff(): boolean {
    return !this.running && this.result === null && this.failure === null;
  }
}
