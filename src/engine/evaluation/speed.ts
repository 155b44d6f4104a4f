import type { Model } from '../../core/model/model';
import { sizeOf } from '../../core/tensor';
import { chooseBackend, openExecutor } from '../runtime/executor';

const WARM_UP = 5;
/** The most passes, and the milliseconds after which no new one starts. */
const PASSES = 51;
const LONGEST = 2000;

/** How long one picture takes on one thread: the median of single passes, in milliseconds. Its values do not matter. */
export async function millisecondsPerImage({ graph, params }: Model): Promise<number> {
  const executor = await openExecutor(graph, { maxBatch: 1, keep: 'training' }, chooseBackend());
  try {
    await executor.setParams(params);
    const input = Float32Array.from({ length: sizeOf(graph.inputShape) }, (_, i) => (i % 17) / 17);
    const began = performance.now();
    const times: number[] = [];
    for (let pass = 0; pass < WARM_UP + PASSES; pass++) {
      const before = performance.now();
      await executor.forward(input, 1);
      const after = performance.now();
      if (pass >= WARM_UP || after - began > LONGEST) times.push(after - before);
      if (times.length > 0 && after - began > LONGEST) break;
    }
    times.sort((a, b) => a - b);
    return times[times.length >> 1];
  } finally {
    executor.dispose();
  }
}
