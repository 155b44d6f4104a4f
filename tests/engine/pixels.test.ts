import { describe, expect, it } from 'vitest';
import { fitContent, fitPixels } from '../../src/engine/image/fit';
import { grey, suggestInvert, toInput } from '../../src/engine/image/input';
import { flatten, parseColour, unorient, type Pixels } from '../../src/engine/image/pixels';
import sharp from '../../src/engine/image/sharp';
import { greyNetwork, rgbNetwork } from './pictures';

/** Every pixel is another colour. */
function gradient(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = (i * 37 + (i % 3) * 11) % 256;
  return { width, height, channels: 3, data };
}

function plain(width: number, height: number, [r, g, b]: readonly number[]): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set([r, g, b], i);
  return { width, height, channels: 3, data };
}

const at = ({ width, channels, data }: Pixels, y: number, x: number): number[] => [
  ...data.subarray((y * width + x) * channels, (y * width + x) * channels + 3),
];

describe('grey', () => {
  it('is 0.299 R + 0.587 G + 0.114 B, not rounded', () => {
    expect(grey(255, 0, 0)).toBe(76.245);
    expect(grey(0, 255, 0)).toBe(149.685);
    expect(grey(0, 0, 255)).toBe(29.07);
    expect(grey(200, 100, 50)).toBe(124.2);
  });

  it('leaves grey pixels exactly as they are', () => {
    for (let value = 0; value < 256; value++) expect(grey(value, value, value)).toBe(value);
  });
});

describe('flatten', () => {
  it('lets the ground through where a picture is transparent', () => {
    const data = Uint8Array.of(200, 100, 0, 255, 200, 100, 0, 0, 200, 100, 0, 128);
    const flat = flatten({ width: 3, height: 1, channels: 4, data }, [10, 20, 250]);
    expect([...flat.data]).toEqual([200, 100, 0, 10, 20, 250, 105, 60, 125]);
  });

  it('repeats grey', () => {
    expect([...flatten({ width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 9) }, [0, 0, 0]).data]).toEqual([
      7, 7, 7, 9, 9, 9,
    ]);
  });
});

describe('unorient', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is the way back from EXIF orientation %i', async (orientation) => {
    const stored = gradient(5, 3);
    const file = await sharp(stored.data, { raw: { width: 5, height: 3, channels: 3 } })
      .withMetadata({ orientation })
      .png()
      .toBuffer();
    const { data, info } = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const upright: Pixels = { width: info.width, height: info.height, channels: 3, data };
    expect(unorient(upright, orientation)).toEqual({ ...stored, data: expect.anything() });
    expect([...unorient(upright, orientation).data]).toEqual([...stored.data]);
  });
});

describe('parseColour', () => {
  it('reads #rgb and #rrggbb', () => {
    expect(parseColour('#0f8')).toEqual([0, 255, 136]);
    expect(parseColour('#12aBfF')).toEqual([18, 171, 255]);
  });
  it.each(['red', '#12', '123456', '#1234567', ''])('refuses %j', (text) => {
    expect(() => parseColour(text)).toThrow('expected #rrggbb');
  });
});

describe('fitPixels', () => {
  const size = { height: 8, width: 8, resize: 'lanczos3' } as const;

  it('leaves a picture of the right size as it is, whatever the way', async () => {
    const picture = gradient(8, 8);
    for (const fit of ['stretch', 'crop', 'letterbox'] as const) {
      expect((await fitPixels(picture, { ...size, fit })).data).toEqual(picture.data);
    }
  });

  it('letterboxes the whole picture, centred between bars', async () => {
    const fitted = await fitPixels(plain(40, 20, [9, 90, 200]), { ...size, fit: 'letterbox' }, [1, 2, 3]);
    expect([fitted.width, fitted.height]).toEqual([8, 8]);
    const rows = Array.from({ length: 8 }, (_, y) => at(fitted, y, 4));
    const [bar, picture] = [
      [1, 2, 3],
      [9, 90, 200],
    ];
    expect(rows).toEqual([bar, bar, picture, picture, picture, picture, bar, bar]);
    expect(await fitContent(plain(20, 40, [0, 0, 0]), { ...size, fit: 'letterbox' })).toMatchObject({
      top: 0,
      left: 2,
    });
  });

  it('crops the centre', async () => {
    const picture = plain(30, 10, [255, 0, 0]);
    for (let y = 0; y < 10; y++) for (let x = 10; x < 20; x++) picture.data.set([0, 0, 255], (y * 30 + x) * 3);
    const fitted = await fitPixels(picture, { ...size, fit: 'crop' });
    for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) expect(at(fitted, y, x)).toEqual([0, 0, 255]);
  });

  it('stretches both sides', async () => {
    const picture = plain(30, 10, [255, 0, 0]);
    for (let y = 0; y < 10; y++) for (let x = 15; x < 30; x++) picture.data.set([0, 0, 255], (y * 30 + x) * 3);
    const fitted = await fitPixels(picture, { ...size, fit: 'stretch', resize: 'nearest' });
    for (let y = 0; y < 8; y++)
      expect([at(fitted, y, 0), at(fitted, y, 7)]).toEqual([
        [255, 0, 0],
        [0, 0, 255],
      ]);
  });

  it("resizes with the model's kernel, as libvips does", async () => {
    const picture = gradient(31, 17);
    const raw = { width: 31, height: 17, channels: 3 } as const;
    const made = new Set<string>();
    for (const resize of ['nearest', 'linear', 'cubic', 'lanczos3'] as const) {
      const expected = await sharp(picture.data, { raw })
        .resize(8, 8, { fit: 'fill', kernel: resize })
        .raw()
        .toBuffer();
      const { data } = await fitPixels(picture, { ...size, fit: 'stretch', resize });
      expect([...data]).toEqual([...expected]);
      made.add([...data].join());
    }
    expect(made.size).toBe(4);
  });

  it('holds for slivers: at least one pixel is left of each side', async () => {
    const fitted = await fitPixels(plain(1000, 1, [5, 6, 7]), { ...size, fit: 'letterbox' });
    expect(at(fitted, 3, 0)).toEqual([5, 6, 7]);
    expect(at(await fitPixels(plain(1000, 1, [5, 6, 7]), { ...size, fit: 'crop' }), 7, 7)).toEqual([5, 6, 7]);
  });
});

describe('toInput', () => {
  const picture: Pixels = { width: 2, height: 1, channels: 3, data: Uint8Array.of(255, 0, 51, 10, 20, 30) };

  it('normalises each channel: (pixel × scale − mean) ÷ deviation', () => {
    const input = toInput(picture, { colour: 'rgb', scale: 1 / 255, mean: [0.5, 0.25, 0], deviation: [0.5, 0.25, 2] });
    const expected = [1, -1, 0.1, (10 / 255 - 0.5) / 0.5, (20 / 255 - 0.25) / 0.25, 30 / 255 / 2];
    expect([...input]).toEqual(expected.map(Math.fround));
  });

  it('takes grey first, then inverts', () => {
    const settings = { colour: 'grey', scale: 1, mean: [1], deviation: [2] } as const;
    expect([...toInput(picture, settings)]).toEqual([82.059, 18.15].map((value) => Math.fround((value - 1) / 2)));
    expect([...toInput(picture, settings, true)]).toEqual(
      [82.059, 18.15].map((value) => Math.fround((255 - value - 1) / 2)),
    );
  });
});

describe('suggestInvert', () => {
  /** A digit-like bar on a ground. */
  const drawing = (ground: number, ink: number): Pixels => {
    const picture = plain(28, 28, [ground, ground, ground]);
    for (let y = 5; y < 23; y++) for (let x = 12; x < 16; x++) picture.data.set([ink, ink, ink], (y * 28 + x) * 3);
    return picture;
  };

  it('suggests it where dark on bright meets a grey network trained on bright on dark, and the reverse', () => {
    expect(suggestInvert(drawing(240, 20), greyNetwork)).toBe(true);
    expect(suggestInvert(drawing(10, 250), greyNetwork)).toBe(false);
    const light = { ...greyNetwork, ground: 'light' } as const;
    expect(suggestInvert(drawing(240, 20), light)).toBe(false);
    expect(suggestInvert(drawing(10, 250), light)).toBe(true);
  });

  it('never does for colour networks or mixed grounds', () => {
    expect(suggestInvert(drawing(240, 20), { ...rgbNetwork, ground: 'dark' })).toBe(false);
    expect(suggestInvert(drawing(240, 20), { ...greyNetwork, ground: 'mixed' })).toBe(false);
  });
});
