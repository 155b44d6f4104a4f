import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { classCounts, wholeSplit, type ImageSet } from '../../../src/core/data/dataset';
import { identities } from '../../../src/core/data/identical';
import { colorLabels, generateShapes, shapeLabels } from '../../../src/core/data/generated';
import { Generator, stream } from '../../../src/core/random';
import { splitStratified } from '../../../src/core/data/split';
import { channelStatistics, groundOf } from '../../../src/core/data/statistics';

function setOf(labels: number[], pixels?: number[], channels = 1): ImageSet {
  return {
    count: labels.length,
    height: 1,
    width: 2,
    channels,
    pixels: Uint8Array.from(pixels ?? labels.flatMap((_, i) => [i & 255, i >> 8])),
    labels: Int32Array.from(labels),
  };
}

describe('stratified split', () => {
  const labels = Array.from({ length: 1000 }, (_, i) => (i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2));
  const split = wholeSplit(setOf(labels));

  it('takes a tenth of each class, and every picture lands in one of the two', () => {
    const { rest, share } = splitStratified(split, 3, 0.1, 1);
    expect([...classCounts(share!, 3)]).toEqual([60, 30, 10]);
    expect([...rest.samples, ...share!.samples].sort((a, b) => a - b)).toEqual([...split.samples]);
  });

  it('is the same for the same seed and another for another', () => {
    expect(splitStratified(split, 3, 0.1, 1)).toEqual(splitStratified(split, 3, 0.1, 1));
    expect(splitStratified(split, 3, 0.1, 2).share).not.toEqual(splitStratified(split, 3, 0.1, 1).share);
  });

  it('adds up to a tenth of the whole, by largest remainders; small classes give one, classes of one none', () => {
    const odd = wholeSplit(
      setOf([...new Array<number>(24).fill(0), ...new Array<number>(26).fill(1), ...new Array<number>(25).fill(2)]),
    );
    expect([...classCounts(splitStratified(odd, 3, 0.1, 1).share!, 3)].reduce((sum, count) => sum + count, 0)).toBe(8);
    const small = splitStratified(wholeSplit(setOf([0, 0, 1, 2, 2, 2])), 3, 0.1, 1);
    expect([...classCounts(small.share!, 3)]).toEqual([1, 0, 1]);
    expect(splitStratified(wholeSplit(setOf([0, 1])), 2, 0.1, 1).share).toBeNull();
  });

  it('takes the first of each class in shuffled order where no picture is there twice', () => {
    const expected = [0, 1, 2].flatMap((label) => {
      const samples = [...split.samples].filter((sample) => labels[sample] === label);
      new Generator(7, stream.split, label).shuffle(samples);
      return samples.slice(0, [60, 30, 10][label]);
    });
    expect([...splitStratified(split, 3, 0.1, 7).share!.samples]).toEqual(expected.sort((a, b) => a - b));
  });

  it('keeps copies of a picture on one side, of several classes too', () => {
    // Every picture is there four times; of each fifth, one copy lies in the other class.
    const of = Array.from({ length: 400 }, (_, i) => Math.floor(i / 4));
    const copies = wholeSplit(
      setOf(
        of.map((picture, i) => (picture + (i % 20 === 3 ? 1 : 0)) % 2),
        of.flatMap((picture) => [picture, 1]),
      ),
    );
    for (const seed of [1, 2, 3]) {
      const { rest, share } = splitStratified(copies, 2, 0.2, seed);
      const left = new Set(Array.from(rest.samples, (sample) => of[sample]));
      expect(Array.from(share!.samples).filter((sample) => left.has(of[sample]))).toEqual([]);
      expect(rest.samples.length + share!.samples.length).toBe(400);
      expect(Math.abs(share!.samples.length - 80)).toBeLessThan(12);
    }
    // One picture alone cannot be shared out; of two, one goes.
    expect(splitStratified(wholeSplit(setOf([0, 0, 0], [1, 1, 1, 1, 1, 1])), 1, 0.5, 1).share).toBeNull();
    const two = splitStratified(wholeSplit(setOf([0, 0, 0, 0, 0], [1, 1, 1, 1, 2, 2, 2, 2, 2, 2])), 1, 0.1, 1);
    expect([...two.share!.samples]).toEqual([0, 1]);
  });
});

describe('statistics', () => {
  it('gives mean and deviation per channel of the split alone', () => {
    const set = setOf([0, 1, 1], [0, 10, 255, 10, 0, 20, 255, 20, 99, 99, 99, 99], 2);
    const { mean, deviation } = channelStatistics({ images: set, samples: Int32Array.of(0, 1) });
    expect(mean).toEqual([0.5, expect.closeTo(15 / 255, 12)]);
    expect(deviation).toEqual([0.5, expect.closeTo(5 / 255, 12)]);
  });

  it('divides by one where a channel never changes', () => {
    expect(channelStatistics(wholeSplit(setOf([0, 1], [7, 7, 7, 7]))).deviation).toEqual([1]);
  });

  it('tells the ground from the border', () => {
    expect(groundOf(wholeSplit(setOf([0, 1], [0, 9, 3, 255])))).toBe('mixed');
    expect(groundOf(wholeSplit(setOf([0, 1], [0, 9, 3, 60])))).toBe('dark');
    expect(groundOf(wholeSplit(setOf([0, 1], [250, 199, 255, 240])))).toBe('light');
  });
});

describe('generated shapes', () => {
  const colors = generateShapes('color', 'train');
  const shapes = generateShapes('shape', 'train');

  it('are fixed: whoever changes a pixel changes what networks learn from', () => {
    const digest = (set: ImageSet): string =>
      createHash('sha256').update(set.pixels).update(set.labels).digest('hex').slice(0, 16);
    expect([colors, generateShapes('color', 'test'), shapes, generateShapes('shape', 'test')].map(digest)).toEqual(
      DIGESTS,
    );
  });

  it('are 5,000 and 1,000, a fifth of each shape, the colors as even as they can be', () => {
    expect([colors.count, generateShapes('color', 'test').count]).toEqual([5000, 1000]);
    expect([...classCounts(wholeSplit(shapes), 5)]).toEqual(new Array(5).fill(1000));
    for (const count of classCounts(wholeSplit(colors), 6)) expect(Math.abs(count - 5000 / 6)).toBeLessThan(5);
  });

  it('are of one pure color on black, hard-edged, in boxes of 6 to 26 pixels', () => {
    const pure: Record<string, number> = {
      red: 0xff0000,
      green: 0x00ff00,
      blue: 0x0000ff,
      yellow: 0xffff00,
      cyan: 0x00ffff,
      magenta: 0xff00ff,
    };
    const sides = new Set<number>();
    for (let i = 0; i < 5000; i++) {
      const found = new Set<number>();
      let [top, left, bottom, right] = [28, 28, -1, -1];
      for (let p = 0; p < 784; p++) {
        const at = (i * 784 + p) * 3;
        const color = (colors.pixels[at] << 16) | (colors.pixels[at + 1] << 8) | colors.pixels[at + 2];
        if (color === 0) continue;
        found.add(color);
        [top, bottom] = [Math.min(top, Math.floor(p / 28)), Math.max(bottom, Math.floor(p / 28))];
        [left, right] = [Math.min(left, p % 28), Math.max(right, p % 28)];
      }
      expect([...found]).toEqual([pure[colorLabels[colors.labels[i]]]]);
      if (shapeLabels[i % 5] === 'line') continue;
      sides.add(bottom - top + 1).add(right - left + 1);
    }
    expect([...sides].sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, i) => 6 + i));
  });

  it('are the same pictures in gray', () => {
    for (let p = 0; p < 5000 * 784; p += 101) {
      const [r, g, b] = colors.pixels.subarray(p * 3, p * 3 + 3);
      expect(shapes.pixels[p]).toBe(Math.round(0.299 * r + 0.587 * g + 0.114 * b));
    }
  });

  it.each(['shape', 'color'] as const)('hold no picture twice, to train and to test on together: by %s', (by) => {
    const splits = (['train', 'test'] as const).map((split) => wholeSplit(generateShapes(by, split)));
    const all = identities(splits).flatMap((each) => [...each]);
    expect([all.length, new Set(all).size]).toEqual([6000, 6000]);
  });
});

const DIGESTS = ['68f03b5f9361d1ed', '36bf59dffc5f3580', 'c423dad786bb1a2f', '3c01c074bf72bc51'];
