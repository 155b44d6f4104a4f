/** What the training pictures were like, and which pictures are unlike them. */
import { describe, expect, it } from 'vitest';
import type { ImageSet } from '../../../src/core/data/dataset';
import { wholeSplit } from '../../../src/core/data/dataset';
import { generateShapes } from '../../../src/core/data/generated';
import { learnedFrom, learnedPictures, likenessOf, type LearnedPictures } from '../../../src/core/data/likeness';
import { lookCount, looksOf } from '../../../src/core/data/looks';
import { messagesIn } from '../../../src/words';

const shapes = generateShapes('shape', 'train', 600);
const learned = learnedFrom(wholeSplit({ ...shapes, colored: new Uint8Array(600) }))!;
const pictureOf = ({ pixels, height, width, channels }: ImageSet, i: number) => ({
  pixels: pixels.subarray(i * height * width * channels, (i + 1) * height * width * channels),
  height,
  width,
  channels,
  colored: false,
  size: { height, width },
});
/** Every pixel drawn by itself: no picture of shapes looks like it. */
const noise = { ...pictureOf(shapes, 0), pixels: Uint8Array.from({ length: 784 }, (_, i) => (i * 7919) % 256) };

describe('looks', () => {
  it('are the numbers that their names say', () => {
    // Left half black, right half white, 4 × 4.
    const pixels = Uint8Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 0 : 255));
    const looks = looksOf({ pixels, height: 4, width: 4, channels: 1 });
    expect(looks).toHaveLength(lookCount(1));
    const [brightness, contrast, border, borderContrast, detail, across, edges] = looks;
    expect([brightness, contrast, border, borderContrast]).toEqual([0.5, 0.5, 0.5, 0.5]);
    // One step of 1 in each row of four pixels, none in a column.
    expect([detail, across, edges]).toEqual([0.25, 0.25, 0.25]);
    // Two inner columns, each beside the step: |4 v − neighbors| is 1 at each of the four inner pixels.
    expect(looks[7]).toBe(4 / 16 / 4);
    expect([...looks.subarray(8, 15)]).toEqual([0.5, 0, 0, 0, 0, 0, 0]);
    expect([...looks.subarray(15)]).toEqual(Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 0 : 1)));
  });

  it('of colors add hue and saturation', () => {
    const red = looksOf({ pixels: Uint8Array.from([255, 0, 0, 255, 0, 0]), height: 1, width: 2, channels: 3 });
    expect(red).toHaveLength(lookCount(3));
    expect([...red.subarray(-4)]).toEqual([1, 0.75, 1, 0]);
    expect(red[0]).toBeCloseTo(0.299, 12);
  });
});

describe('what was learned from', () => {
  it('says number, colors and sizes', () => {
    const images = {
      ...shapes,
      sizes: Int32Array.from({ length: 1200 }, (_, i) => 30 + i),
      colored: new Uint8Array(600).fill(1, 0, 7),
    };
    const { count, colored, smallest, largest } = learnedFrom({ images, samples: Int32Array.of(3, 1, 9) })!;
    expect({ count, colored, smallest, largest }).toEqual({
      count: 3,
      colored: 2,
      smallest: [32, 33],
      largest: [48, 49],
    });
  });

  it('goes into a file and comes back as it is', () => {
    expect(learnedPictures(1).read(JSON.parse(JSON.stringify(learned)))).toEqual(learned);
  });

  it('is refused where it does not fit the channels, or has no whole examples', () => {
    expect(() => learnedPictures(3).read(learned)).toThrow(/looks\.mean/);
    const cut: LearnedPictures = {
      ...learned,
      looks: { ...learned.looks!, examples: learned.looks!.examples.slice(2) },
    };
    expect(() => learnedPictures(1).read(cut)).toThrow(/looks\.examples/);
  });

  it('says nothing of looks for few pictures, nor of what are no pictures', () => {
    const few = learnedFrom({ images: shapes, samples: Int32Array.from({ length: 199 }, (_, i) => i) })!;
    expect(few.looks).toBeUndefined();
    expect(likenessOf(few, noise)).toEqual({ count: 199, reasons: [], distance: null, limit: null });
    expect(learnedFrom(wholeSplit({ ...shapes, features: new Float32Array(600) }))).toBeNull();
  });
});

describe('a picture', () => {
  it('of the same kind is like the training pictures, with few exceptions', () => {
    const test = generateShapes('shape', 'test', 200);
    const odd = Array.from({ length: 200 }, (_, i) => likenessOf(learned, pictureOf(test, i)).reasons.length > 0);
    expect(odd.filter(Boolean).length).toBeLessThan(4);
  });

  it('of another kind is unlike them, and told by the numbers that are most outside', () => {
    const { distance, limit, reasons } = likenessOf(learned, noise);
    expect(distance!).toBeGreaterThan(limit!);
    expect(reasons.map(({ code }) => code)).toContain('unlike.outside');
    expect(reasons.flatMap(messagesIn).map(({ code }) => code)).toContain('unlike.detail');
    expect(reasons.length).toBeLessThanOrEqual(3);
  });

  it('with colors is unlike them before a gray network that never saw any', () => {
    const picture = { ...pictureOf(shapes, 5), colored: true };
    expect(likenessOf(learned, picture).reasons).toMatchObject([
      { code: 'unlike.colored', values: { colored: 0, count: '600' } },
    ]);
    const often = { ...learned, colored: 6 };
    expect(likenessOf(often, picture).reasons).toEqual([]);
    const unknown: LearnedPictures = { ...learned };
    delete unknown.colored;
    expect(likenessOf(unknown, picture).reasons).toEqual([]);
  });

  it('that is much smaller than all of them and than the input is told; a larger one only beside other reasons', () => {
    const at = (height: number, width: number) => ({ ...pictureOf(shapes, 5), size: { height, width } });
    expect(likenessOf(learned, at(13, 13)).reasons.map(({ code }) => code)).toEqual(['unlike.small']);
    expect(likenessOf(learned, at(14, 13)).reasons).toEqual([]);
    expect(likenessOf(learned, at(300, 300)).reasons).toEqual([]);
    const both = likenessOf(learned, { ...at(300, 200), colored: true }).reasons;
    expect(both.map(({ code }) => code)).toEqual(['unlike.colored', 'unlike.large']);
    expect(both[1].values).toEqual({ height: 300, width: 200, largest: '28 × 28' });
  });
});
