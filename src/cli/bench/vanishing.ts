import { createLearner } from './learner';
import { median, type BenchCase, type Timing } from './measure';
import { rate } from './rate';

/** Weights this small make every later layer's activations, and the gradients on the way back, pass through the denormal numbers. */
const SHRINK = 1e-13;

export interface VanishingResult extends BenchCase {
  /** Time of a step whose activations and gradients vanish ÷ time of the same step on ordinary weights, by turns: the median. */
  vanishingRatio: number;
}

/** Whether denormal numbers slow a step. */
export async function measureVanishing(
  { net, batch, threads }: BenchCase,
  { rounds, window }: Timing,
): Promise<VanishingResult> {
  const ordinary = await createLearner(net, batch, threads);
  const vanishing = await createLearner(net, batch, threads, SHRINK);
  for (let i = 0; i < 5; i++) for (const each of [ordinary, vanishing]) each.train();
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [usual, slow] = [ordinary, vanishing].map((each) => rate(() => each.train(), batch, window));
    ratios.push(usual / slow);
  }
  await Promise.all([ordinary.close(), vanishing.close()]);
  return { net, batch, threads, vanishingRatio: Number(median(ratios).toFixed(3)) };
}
