import { createLearner } from './learner';

export interface MemoryResult {
  net: string;
  batch: number;
  threads: number;
  steps: number;
  /** The most resident memory of the process while it trained. */
  residentMiB: number;
  /** By how much resident memory rose after the first tenth of the steps. */
  grownMiB: number;
}

/** Trains and samples the resident memory of the process. */
export async function measureMemory(net: string, batch: number, threads: number, steps: number): Promise<MemoryResult> {
  const learner = await createLearner(net, batch, threads);
  const look = (): number => process.memoryUsage.rss() / 2 ** 20;
  const warm = Math.max(1, Math.floor(steps / 10));
  let most = 0;
  let settled = 0;
  for (let step = 1; step <= steps; step++) {
    learner.train();
    most = Math.max(most, look());
    if (step === warm) settled = most;
    // The collector and finalizers run between tasks.
    if (step % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await learner.close();
  return { net, batch, threads, steps, residentMiB: Math.round(most), grownMiB: Math.round(most - settled) };
}
