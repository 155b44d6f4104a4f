import type { VerifyReport } from '../../../../shared/protocol';
import { Job } from '../../state/job.svelte';
import type { Session } from '../../state/session.svelte';

const known = new WeakMap<Session, Map<string, Job<VerifyReport>>>();

/** The check of the weights that a run kept after an epoch; it runs on while nobody looks. */
export function verificationOfRun(session: Session, run: string, epoch: number | null): Job<VerifyReport> {
  let all = known.get(session);
  if (!all) known.set(session, (all = new Map()));
  const key = `${run}@${epoch}`;
  let one = all.get(key);
  if (!one) {
    one = new Job(session.client, session.status, (job) => session.client.call('verifyRun', { run, job }));
    all.set(key, one);
  }
  return one;
}
