import type { VerifyReport } from '../../../../shared/protocol';
import { Job } from '../../state/job.svelte';
import type { Session } from '../../state/session.svelte';

const known = new WeakMap<Session, Map<number, Job<VerifyReport>>>();

/** The check of a session's model against onnxruntime; it runs on while the panel is closed. */
export function verificationOf(session: Session, model: number): Job<VerifyReport> {
  const { client, status } = session;
  let all = known.get(session);
  if (!all) known.set(session, (all = new Map()));
  let one = all.get(model);
  if (!one) {
    one = new Job(client, status, async (job) => {
      const report = await client.call('verify', { model, job });
      const worst = report.layers.reduce((most, { maxRel }) => Math.max(most, maxRel), 0);
      status.verified = { model, worst, ok: report.ok };
      return report;
    });
    all.set(model, one);
  }
  return one;
}
