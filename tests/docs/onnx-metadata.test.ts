/** docs/onnx-metadata.md names all that a file says, and its steps lead to the pixels that the engine gives a network. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { learnedPictures } from '../../src/core/data/likeness';
import { preprocessingOf, trainingRecord, type Preprocessing } from '../../src/core/model/model';
import { KEYS } from '../../src/core/onnx/metadata';
import { prepare } from '../../src/engine/image/prepare';
import sharp from '../../src/engine/image/sharp';
import { follow, type Kernel, type Picture, type Settings } from './follow';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const text = read('docs/onnx-metadata.md');

describe('docs/onnx-metadata.md', () => {
  it('names every key', () => {
    for (const key of Object.values(KEYS)) expect(text).toContain(`| \`${key}\` |`);
  });

  it.each([
    ['Preprocessing', preprocessingOf(1)],
    ['TrainingRecord', trainingRecord],
    ['LearnedPictures', learnedPictures(1)],
  ])('names every field of %s', (_type, schema) => {
    const fields = Object.keys(schema.fields);
    expect(fields.length).toBeGreaterThan(4);
    for (const field of fields) expect(text).toMatch(new RegExp(`[\`,] ?${field}[\`:]|\`${field}\``));
  });
});

/** Every pixel is another color, in waves and jumps. */
function made(height: number, width: number, channels: 3 | 4): Picture {
  const data = Uint8Array.from({ length: height * width * channels }, (_, i) => {
    const [place, c] = [Math.floor(i / channels), i % channels];
    const [y, x] = [Math.floor(place / width), place % width];
    return 128 + 100 * Math.sin(x / 3 + c) * Math.cos(y / (4 + c)) + ((x * 7 + y * 13 + c * 5) % 27);
  });
  return { height, width, channels, data };
}

const png = ({ height, width, channels, data }: Picture): Promise<Buffer> =>
  sharp(data as Uint8Array, { raw: { height, width, channels: channels as 3 | 4 } })
    .png()
    .toBuffer();

/** The bytes that the engine gives a network: it is told to leave them as they are. */
async function engine(bytes: Uint8Array, settings: Settings): Promise<number[]> {
  const channels = settings.colour === 'grey' ? 1 : 3;
  const each = (value: number): number[] => new Array<number>(channels).fill(value);
  const preprocessing: Preprocessing = { ...settings, scale: 1, mean: each(0), deviation: each(1), ground: 'dark' };
  const { input } = await prepare({ bytes }, 'made.png', preprocessing, { invert: 'off' });
  return Array.from(input, Math.round);
}

const farthest = (a: number[], b: number[]): number => {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
};

const usual: Settings = { colour: 'rgb', height: 12, width: 17, fit: 'stretch', resize: 'linear' };
/** Levels of 255 by which libvips's whole numbers may be off, over two passes. */
const LEVELS = 3;

describe('the steps from a picture to the input', () => {
  it.each([
    ['rgb', 3],
    ['rgb', 4],
    ['grey', 3],
    ['grey', 4],
  ] as const)('give the same bytes where nothing is resized: %s, %i channels', async (colour, channels) => {
    const picture = made(12, 17, channels);
    const settings = { ...usual, colour };
    expect(farthest(await engine(await png(picture), settings), follow(picture, settings))).toBe(0);
  });

  it('give the same bytes where a letterbox has room for bars only', async () => {
    const picture = made(12, 10, 3);
    const settings = { ...usual, fit: 'letterbox' as const };
    expect(farthest(await engine(await png(picture), settings), follow(picture, settings))).toBe(0);
  });

  it('give the same bytes where a crop has the size', async () => {
    const picture = made(12, 24, 3);
    const settings = { ...usual, fit: 'crop' as const };
    expect(farthest(await engine(await png(picture), settings), follow(picture, settings))).toBe(0);
  });

  const sizes = [
    [30, 41],
    [97, 33],
    [61, 180],
    [9, 7],
    [5, 60],
    [12, 9],
  ] as const;
  const cases = (['stretch', 'crop', 'letterbox'] as const).flatMap((fit) =>
    sizes.map(([height, width], i) => ({ fit, height, width, colour: i % 2 ? ('grey' as const) : ('rgb' as const) })),
  );

  it.each(cases)('give the same to a few levels: $fit of $height × $width, $color', async (each) => {
    const picture = made(each.height, each.width, each.colour === 'grey' ? 4 : 3);
    const settings: Settings = { ...usual, fit: each.fit, colour: each.colour };
    expect(farthest(await engine(await png(picture), settings), follow(picture, settings))).toBeLessThanOrEqual(LEVELS);
  });

  it.each<Kernel>(['cubic', 'mitchell', 'lanczos2', 'lanczos3'])('hold for the kernel %s', async (resize) => {
    for (const [height, width] of sizes) {
      const picture = made(height, width, 3);
      const settings = { ...usual, resize };
      const apart = farthest(await engine(await png(picture), settings), follow(picture, settings));
      expect(apart, `${height} × ${width}`).toBeLessThanOrEqual(LEVELS);
    }
  });

  it('normalize as the document says', async () => {
    const picture = made(12, 17, 3);
    const [scale, mean, deviation] = [1 / 255, [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]];
    const { input } = await prepare(
      { bytes: await png(picture) },
      'made.png',
      { ...usual, scale, mean, deviation, ground: 'mixed' },
      {},
    );
    const expected = follow(picture, usual).map((byte, i) =>
      Math.fround((byte * scale - mean[i % 3]) / deviation[i % 3]),
    );
    expect([...input]).toEqual(expected);
  });

  it('turn a picture upright first, and take 16 bits by their upper eight', async () => {
    const picture = made(17, 12, 3);
    const turned = await sharp(picture.data as Uint8Array, { raw: { height: 17, width: 12, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    // Orientation 6: row 0 is shown at the right, column 0 on top.
    const upright = Array.from({ length: 12 * 17 * 3 }, (_, i) => {
      const [y, x, c] = [Math.floor(i / 3 / 17), Math.floor(i / 3) % 17, i % 3];
      return picture.data[((16 - x) * 12 + y) * 3 + c];
    });
    expect(await engine(turned, usual)).toEqual(upright);
    const wide = await sharp(Buffer.from(made(12, 17, 3).data as Uint8Array), {
      raw: { height: 12, width: 17, channels: 3 },
    })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(wide).metadata()).depth).toBe('ushort');
    expect(await engine(wide, usual)).toEqual(Array.from(made(12, 17, 3).data));
  });
});
