import type { RunInfo, RunNotes } from '../../../shared/runs';
import { toFailure } from '../../../shared/failures';
import type { Evaluations } from '../state/evaluations.svelte';
import { route } from '../state/route.svelte';
import { compareChoice } from '../state/compare-choice.svelte';
import type { Runs } from '../state/runs.svelte';
import type { Session } from '../state/session.svelte';

export const canPause = ({ state }: RunInfo): boolean => state === 'training' || state === 'reading';
export const canGoOn = ({ state }: RunInfo): boolean =>
  state === 'paused' || state === 'stopped' || state === 'interrupted' || state === 'failed';
export const canStop = ({ state }: RunInfo): boolean =>
  canPause({ state } as RunInfo) || state === 'paused' || state === 'queued';
export const canTrainLonger = ({ state }: RunInfo): boolean => state === 'finished';
/** What is under way is stopped first. */
export const canRemove = (run: RunInfo): boolean => !canStop(run);

/** What one does with a run. Nothing throws: what went wrong is said. */
export class RunActions {
  constructor(
    readonly session: Session,
    readonly runs: Runs,
    readonly evaluations: Evaluations,
  ) {}

  pause(run: RunInfo): Promise<void> {
    return this.#move(() => this.session.client.call('pauseRun', { run: run.id }));
  }

  /** A paused run is let go on, one that has left off is resumed from its checkpoint. */
  goOn(run: RunInfo): Promise<void> {
    const method = run.state === 'paused' ? 'continueRun' : 'resumeRun';
    return this.#move(() => this.session.client.call(method, { run: run.id }));
  }

  /** It takes the update under way and a checkpoint: until then it is said that it stops. */
  async stop(run: RunInfo): Promise<void> {
    await this.#move(() => this.session.client.call('stopRun', { run: run.id }));
    const holds = (): boolean => {
      const now = this.runs.get(run.id);
      return now !== null && canStop(now);
    };
    if (holds()) this.session.status.say('run.stopping', { title: run.title }, 'info', { holds });
  }

  /** @param epochs in all. */
  trainLonger(run: RunInfo, epochs: number): Promise<void> {
    return this.#move(() => this.session.client.call('resumeRun', { run: run.id, epochs }));
  }

  /** What people write of it: kept at once. @returns whether it was. */
  annotate(run: RunInfo, change: Partial<RunNotes>): Promise<boolean> {
    return this.#try(async () =>
      this.runs.put(await this.session.client.call('annotateRun', { run: run.id, notes: { ...run.notes, ...change } })),
    );
  }

  /** Into the trash; what is said has the way back. */
  async remove(run: RunInfo): Promise<boolean> {
    const { client, status } = this.session;
    return this.#try(async () => {
      await client.call('removeRun', { run: run.id });
      this.runs.forget(run.id);
      const action = { key: 'run.undo' as const, act: () => void this.#restore(run.id) };
      status.say('run.removed', { title: run.title }, 'info', { action });
    });
  }

  #restore(id: string): Promise<boolean> {
    return this.#try(async () => {
      const run = await this.session.client.call('restoreRun', { run: id });
      this.runs.put(run);
      this.runs.chosen = id;
      this.session.status.say('run.restored', { title: run.title });
    });
  }

  /** Its network in Inspect, with a picture of the split it is judged on, where there is one to be had. */
  async openInInspect(run: RunInfo): Promise<void> {
    await this.#try(async () => {
      const job = this.evaluations.job({ contenders: [{ kind: 'run', id: run.id }], data: null });
      if (!job.evaluation) await job.start();
      const image = job.evaluation ? await job.image(0) : null;
      const opened = image
        ? await this.session.openModel({ kind: 'run', id: run.id }, image)
        : await this.session.openModel({ kind: 'run', id: run.id });
      if (opened) route.go('inspect');
    });
  }

  compare(run: RunInfo): void {
    compareChoice.add(run.id);
    route.go('compare');
  }

  async #move(ask: () => Promise<RunInfo>): Promise<void> {
    await this.#try(async () => this.runs.put(await ask()));
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    const done = this.session.status.work();
    try {
      await work();
      return true;
    } catch (error) {
      this.session.status.fail(toFailure(error));
      return false;
    } finally {
      done();
    }
  }
}
