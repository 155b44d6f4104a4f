/** Pictures with a color profile: whatever the number of bits, the colors that the profile means. */
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/engine/image/decode';
import sharp from '../../../src/engine/image/sharp';

/** All sides of the color cube, in steps of 51. */
const cube = Uint8Array.from({ length: 216 * 3 }, (_, i) => 51 * (Math.floor(Math.floor(i / 3) / 6 ** (i % 3)) % 6));
const raw = { width: 6, height: 36, channels: 3 } as const;

const file = (depth: 'srgb' | 'rgb16', profile: string | null): Promise<Buffer> => {
  const picture = sharp(cube, { raw }).toColourspace(depth);
  return (profile ? picture.withIccProfile(profile) : picture).png().toBuffer();
};

async function farthest(bytes: Uint8Array): Promise<number> {
  const { pixels } = await decode(bytes, 'cube.png');
  expect(pixels).toMatchObject({ width: 6, height: 36, channels: 3 });
  return Math.max(...pixels.data.map((value, i) => Math.abs(value - cube[i])));
}

describe('a picture with a profile', () => {
  it.each(['srgb', 'rgb16'] as const)('keeps its colors: %s', async (depth) => {
    expect((await sharp(await file(depth, 'srgb')).metadata()).icc).toBeDefined();
    expect(await farthest(await file(depth, null))).toBe(0);
    expect(await farthest(await file(depth, 'srgb'))).toBeLessThanOrEqual(1);
  });

  it('means the same in 16 bits as in 8', async () => {
    const [eight, sixteen] = await Promise.all(
      (['srgb', 'rgb16'] as const).map(async (depth) => decode(await file(depth, 'p3'), 'p3.png')),
    );
    const apart = eight.pixels.data.map((value, i) => Math.abs(value - sixteen.pixels.data[i]));
    expect(Math.max(...apart)).toBeLessThanOrEqual(6);
    expect(apart.reduce((sum, each) => sum + each, 0) / apart.length).toBeLessThan(1);
  });
});
