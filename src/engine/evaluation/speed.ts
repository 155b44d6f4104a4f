import { sizeOf } from '../../core/tensor';
import { inputShapeOf, type Classifier } from '../train/classifier';
import { createRunner } from '../train/runner';

const WARM_UP = 5;
/** The most passes, and the milliseconds after which no new one starts. */
const PASSES = 51;
const LONGEST = 2000;

/** How long one picture takes on one thread: the median of single passes, in milliseconds. Its values do not matter. */
export async function millisecondsPerImage(model: Classifier): Promise<number> {
  const runner = await createRunner('core', model, 1, 1);
  try {
    const input = Float32Array.from({ length: sizeOf(inputShapeOf(model)) }, (_, i) => (i % 17) / 17);
    const began = performance.now();
    const times: number[] = [];
    for (let pass = 0; pass < WARM_UP + PASSES; pass++) {
      const time = await runner.time(input);
      const long = performance.now() - began > LONGEST;
      if (pass >= WARM_UP || long) times.push(time);
      if (long) break;
    }
    times.sort((a, b) => a - b);
    return times[times.length >> 1];
  } finally {
    await runner.end();
  }
}
