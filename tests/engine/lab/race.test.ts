import { expect, it } from 'vitest';
import { race } from '../../../src/engine/lab/race';

it('computes the same three times, tells when each is over, and can be called off', async () => {
  const size = { channels: 3, filters: 4, side: 20, kernel: 5 };
  const seen: number[] = [];
  const result = await race(size, new AbortController().signal, (done, total) => seen.push(done / total));
  expect(seen).toEqual([0, 1 / 3, 2 / 3, 1]);
  for (const ms of [result.loops, result.im2col, result.kernels]) expect(ms).toBeGreaterThan(0);
  // Sums of 75 products of normal draws, in float32.
  expect(result.apart).toBeLessThan(1e-3);
  const off = new AbortController();
  off.abort(new Error('off'));
  await expect(race(size, off.signal, () => undefined)).rejects.toThrow('off');
});
