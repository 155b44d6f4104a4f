import { describe, expect, it } from 'vitest';
import type { Split } from '../../../src/core/data/dataset';
import type { Preprocessing } from '../../../src/core/model/model';
import { noAugmentation, type Augmentation } from '../../../src/core/train/augmentation';
import { Batcher } from '../../../src/core/train/batches';
import { drawMixing } from '../../../src/core/train/mixing';

const frame = { height: 12, width: 16, channels: 1 };
const draws = (settings: Partial<Augmentation>, count = 4000) =>
  Array.from({ length: count }, (_, sample) => drawMixing({ ...noAugmentation, ...settings }, frame, 10, 1, 2, sample));

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

describe('mixup and cutmix', () => {
  // Beta(α, α) has mean ½ and variance 1 ÷ (4 · (2α + 1)).
  it.each([0.2, 1, 3])('draw the share from Beta(%d, %d), and any partner', (alpha) => {
    const found = draws({ mixup: alpha });
    const shares = found.map(({ share }) => share);
    expect(mean(shares)).toBeCloseTo(0.5, 1);
    expect(mean(shares.map((share) => (share - 0.5) ** 2)) * 4 * (2 * alpha + 1)).toBeCloseTo(1, 1);
    expect(new Set(found.map(({ partner }) => partner)).size).toBe(10);
    expect(found.every(({ box }) => box === null)).toBe(true);
  });

  it('cut a box of the area that the share leaves', () => {
    for (const { share, box } of draws({ cutmix: 1 }, 300)) {
      const area = (box!.bottom - box!.top) * (box!.right - box!.left);
      expect(share).toBeCloseTo(1 - area / (12 * 16), 12);
      expect([box!.top, box!.left]).toEqual([expect.any(Number), expect.any(Number)]);
      expect(box!.top >= 0 && box!.left >= 0 && box!.bottom <= 12 && box!.right <= 16).toBe(true);
    }
    const both = draws({ mixup: 1, cutmix: 1 });
    expect(mean(both.map(({ box }) => (box ? 1 : 0)))).toBeCloseTo(0.5, 1);
  });

  it('make a batch of blended pictures, with both classes and their shares', () => {
    // Picture i is i · 20 everywhere, and of class i.
    const pixels = Uint8Array.from({ length: 10 * 192 }, (_, i) => 20 * Math.floor(i / 192));
    const labels = Int32Array.from({ length: 10 }, (_, i) => i);
    const samples = Int32Array.from(labels);
    const split: Split = { images: { count: 10, ...frame, pixels, labels }, samples };
    const plain = { scale: 1, mean: [0], deviation: [1], ground: 'dark' } as unknown as Preprocessing;
    const batcher = new Batcher(split, plain);
    const fill = (settings: Partial<Augmentation>, own: Int32Array) => {
      const mixed = { others: new Int32Array(own.length), shares: new Float32Array(own.length) };
      const [input, classes] = [new Float32Array(own.length * 192), new Int32Array(own.length)];
      batcher.fillAugmented(own, input, classes, { ...noAugmentation, ...settings }, 1, 0, mixed, samples);
      return { input, classes, ...mixed };
    };
    for (const settings of [{ mixup: 1 }, { cutmix: 1 }]) {
      const { input, classes, others, shares } = fill(settings, samples);
      for (let i = 0; i < 10; i++) {
        const values = [...input.subarray(i * 192, (i + 1) * 192)];
        expect(mean(values)).toBeCloseTo(20 * (shares[i] * classes[i] + (1 - shares[i]) * others[i]), 3);
        const single = new Set(values).size === 1;
        expect(single || 'cutmix' in settings).toBe(true);
      }
      // Whatever else is in the batch.
      const alone = fill(settings, Int32Array.of(7, 3));
      expect(alone.input.subarray(0, 192)).toEqual(input.subarray(7 * 192, 8 * 192));
      expect([alone.others[1], alone.shares[1]]).toEqual([others[3], shares[3]]);
    }
  });
});
