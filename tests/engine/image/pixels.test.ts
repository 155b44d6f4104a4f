import { describe, expect, it } from 'vitest';
import type { Grounds } from '../../../src/core/model/model';
import { lookAt } from '../../../src/core/data/ground';
import { inversionOf } from '../../../src/core/data/inversion';
import { fitContent, frame, type FitSettings } from '../../../src/engine/image/fit';
import { gray, toChannels, toInput } from '../../../src/engine/image/input';
import { flatten, parseColor, unorient, type Pixels } from '../../../src/engine/image/pixels';
import { lookOf } from '../../../src/engine/image/training-picture';
import { warningsOf } from '../../../src/engine/image/warnings';
import sharp from '../../../src/engine/image/sharp';
import { grayNetwork, rgbNetwork } from '../pictures';

/** Every pixel is another color. */
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

const fitPixels = async (
  pixels: Pixels,
  settings: FitSettings,
  bars: readonly [number, number, number] = [0, 0, 0],
): Promise<Pixels> => frame(await fitContent(pixels, settings), settings, bars);

const at = ({ width, channels, data }: Pixels, y: number, x: number): number[] => [
  ...data.subarray((y * width + x) * channels, (y * width + x) * channels + 3),
];

describe('gray', () => {
  it('is 0.299 R + 0.587 G + 0.114 B, rounded to a byte', () => {
    expect(gray(255, 0, 0)).toBe(76); // 76.245
    expect(gray(0, 255, 0)).toBe(150); // 149.685
    expect(gray(0, 0, 255)).toBe(29); // 29.07
    expect(gray(200, 100, 50)).toBe(124); // 124.2
  });

  it('leaves gray pixels exactly as they are', () => {
    for (let value = 0; value < 256; value++) expect(gray(value, value, value)).toBe(value);
  });
});

describe('flatten', () => {
  it('lets the ground through where a picture is transparent', () => {
    const data = Uint8Array.of(200, 100, 0, 255, 200, 100, 0, 0, 200, 100, 0, 128);
    const flat = flatten({ width: 3, height: 1, channels: 4, data }, [10, 20, 250]);
    expect([...flat.data]).toEqual([200, 100, 0, 10, 20, 250, 105, 60, 125]);
  });

  it('repeats gray', () => {
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

describe('parseColor', () => {
  it('reads #rgb and #rrggbb', () => {
    expect(parseColor('#0f8')).toEqual([0, 255, 136]);
    expect(parseColor('#12aBfF')).toEqual([18, 171, 255]);
  });
  it.each(['red', '#12', '123456', '#1234567', ''])('refuses %j', (text) => {
    expect(() => parseColor(text)).toThrow('expected #rrggbb');
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

  it('letterboxes the whole picture, centered between bars', async () => {
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

  it('crops the center', async () => {
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
  const bytes = Uint8Array.of(255, 0, 51, 10, 20, 30);

  it('normalizes each channel: (byte × scale − mean) ÷ deviation', () => {
    const input = toInput(bytes, { scale: 1 / 255, mean: [0.5, 0.25, 0], deviation: [0.5, 0.25, 2] });
    const expected = [1, -1, 0.1, (10 / 255 - 0.5) / 0.5, (20 / 255 - 0.25) / 0.25, 30 / 255 / 2];
    expect([...input]).toEqual(expected.map(Math.fround));
  });

  it('takes gray first, as bytes, then inverts', () => {
    const settings = { scale: 1, mean: [1], deviation: [2] } as const;
    const gray = toChannels(bytes, 3, 1);
    expect([...gray]).toEqual([82, 18]); // 82.059 and 18.15
    expect([...toInput(gray, settings)]).toEqual([40.5, 8.5]);
    expect([...toInput(gray, settings, true)]).toEqual([86, 118]);
  });
});

describe('inversion', () => {
  /** A digit-like bar on a ground. */
  const drawing = (ground: number, ink: number): Pixels => {
    const picture = plain(28, 28, [ground, ground, ground]);
    for (let y = 5; y < 23; y++) for (let x = 12; x < 16; x++) picture.data.set([ink, ink, ink], (y * 28 + x) * 3);
    return picture;
  };
  const of = (picture: Pixels, grounds: Grounds | undefined) =>
    inversionOf(lookOf(picture), { ...grayNetwork, grounds }, camera);
  const camera = { height: 600, width: 800 };
  const none = { certain: false, suggested: false };
  const suggested = { certain: false, suggested: true };
  const certain = { certain: true, suggested: true };

  it('is certain where all pictures of the data are drawn the other way', () => {
    expect(of(drawing(240, 20), { dark: 100, light: 0, all: 100 })).toEqual(certain);
    expect(of(drawing(10, 250), { dark: 100, light: 0, all: 100 })).toEqual(none);
    expect(of(drawing(10, 250), { dark: 0, light: 80, all: 100 })).toEqual(certain);
    expect(of(drawing(240, 20), { dark: 0, light: 80, all: 100 })).toEqual(none);
  });

  it('is never certain where a single picture of the data is drawn as this one, or where they are few', () => {
    expect(of(drawing(240, 20), { dark: 9999, light: 1, all: 10000 })).toEqual(suggested);
    expect(of(drawing(240, 20), { dark: 90, light: 10, all: 100 })).toEqual(none);
    expect(of(drawing(240, 20), { dark: 99, light: 0, all: 99 })).toEqual(suggested);
    expect(of(drawing(240, 20), { dark: 60, light: 0, all: 100 })).toEqual(suggested);
    expect(of(drawing(240, 20), { dark: 10, light: 0, all: 100 })).toEqual(none);
  });

  it('is never certain where one of the test split is drawn as this one, of small pictures, or of colors', () => {
    const grounds = { dark: 100, light: 0, all: 100 };
    expect(of(drawing(240, 20), { ...grounds, both: true })).toEqual(suggested);
    const look = lookOf(drawing(240, 20));
    expect(inversionOf(look, { ...grayNetwork, grounds }, { height: 600, width: 55 })).toEqual(suggested);
    const sky = drawing(240, 20);
    for (let i = 0; i < 100 * 3; i += 3) sky.data.set([180, 210, 255], i);
    expect(of(sky, grounds)).toEqual(suggested);
  });

  it('is never certain of a picture with nothing on it, or without a clear ground', () => {
    const grounds = { dark: 1000, light: 0, all: 1000 };
    expect(of(plain(28, 28, [255, 255, 255]), grounds)).toEqual(suggested);
    const half = plain(28, 28, [255, 255, 255]);
    half.data.fill(0, 0, 28 * 28);
    expect(of(half, grounds)).toEqual(suggested);
  });

  it('is only suggested for networks that do not tell what their pictures are drawn on', () => {
    expect(of(drawing(240, 20), undefined)).toEqual(suggested);
    expect(of(drawing(10, 250), undefined)).toEqual(none);
  });

  it('never is for color networks or mixed grounds', () => {
    const look = lookOf(drawing(240, 20));
    expect(inversionOf(look, { ...rgbNetwork, ground: 'dark' }, camera)).toEqual(none);
    expect(inversionOf(look, { ...grayNetwork, ground: 'mixed' }, camera)).toEqual(none);
  });

  it('looks at a letterboxed picture without its bars', () => {
    const framed = new Uint8Array(20 * 20);
    for (let y = 5; y < 15; y++) framed.fill(240, y * 20, (y + 1) * 20);
    framed.fill(10, 9 * 20 + 5, 9 * 20 + 12);
    expect(lookAt(framed, 20, { top: 5, left: 0, height: 10, width: 20 })).toEqual({ ground: 2, side: 'light' });
    expect(lookAt(framed, 20, { top: 0, left: 0, height: 20, width: 20 }).ground).not.toBe(2);
  });
});

describe('what is pointed out', () => {
  const codes = (pixels: Pixels, background: [number, number, number] = [255, 255, 255]): string[] =>
    warningsOf(pixels, flatten(pixels, background), '#ffffff').map(({ code }) => code);
  const strokes = (color: number, alpha: number): Pixels => {
    const data = new Uint8Array(8 * 8 * 4);
    for (let i = 20; i < 30; i++) data.set([color, color, color, alpha], i * 4);
    return { width: 8, height: 8, channels: 4, data };
  };

  it('is a picture of one color, or nearly', () => {
    expect(codes(plain(4, 4, [9, 200, 3]))).toEqual(['image.warn.blank']);
    const nearly = plain(4, 4, [9, 9, 9]);
    nearly.data[5] = 11;
    expect(codes(nearly)).toEqual(['image.warn.flat']);
    nearly.data[5] = 13;
    expect(codes(nearly)).toEqual([]);
  });

  it('is what has the color of the background, and what is transparent all over', () => {
    expect(codes(strokes(255, 255))).toEqual(['image.warn.hidden']);
    expect(codes(strokes(255, 255), [0, 0, 0])).toEqual([]);
    expect(codes(strokes(0, 255))).toEqual([]);
    expect(codes(strokes(0, 0))).toEqual(['image.warn.transparent']);
  });
});
