/** Pictures of more than 8 bits, and of other bands than colors: by their range, or refused with the reason. */
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/engine/image/decode';
import sharp from '../../../src/engine/image/sharp';
import { sentence } from '../../../src/words';
import { tiff, webpAnimation, type TiffHeader } from '../pictures';

const size = { width: 4, height: 2 };
/** Eight values from 0 to 1. */
const ramp = Array.from({ length: 8 }, (_, i) => i / 7);
const bytes = ramp.map((value) => Math.round(255 * value));
const scaled = (most: number): number[] => ramp.map((value) => value * most);
const whole = (most: number): number[] => scaled(most).map(Math.round);

/** Red of every pixel, and what was said of it. */
async function read(file: Uint8Array): Promise<{ red: number[]; channels: number; said: string[] }> {
  const { pixels, notes } = await decode(file, 'a.tif');
  const { channels, data } = pixels;
  const red = Array.from({ length: data.length / channels }, (_, i) => data[i * channels]);
  return { red, channels, said: notes.map((note) => sentence(note)) };
}
const refusal = (file: Uint8Array): Promise<string> =>
  decode(file, 'a.tif').then(
    ({ notes }) => `opened: ${notes.map((note) => sentence(note)).join()}`,
    (error: Error) => error.message,
  );

describe('gray samples of more than 8 bits', () => {
  const float = { ...size, bits: 32, format: 3 } as const;
  const cases: [said: string, header: TiffHeader, samples: ArrayBufferView][] = [
    ['32-bit float, read as 0 … 1', float, Float32Array.from(ramp)],
    ['32-bit float, read as 0 … 1', float, Float32Array.from(ramp, (v) => (v === 1 ? 1.03 : v === 0 ? -0.02 : v))],
    ['32-bit float, read as 0 … 255', float, Float32Array.from(scaled(255))],
    ['32-bit float, read as 0 … 4095', float, Float32Array.from(scaled(4095))],
    ['32-bit float, read as 0 … 65535', float, Float32Array.from(scaled(65535))],
    ['16 bit, read as 0 … 4095', { ...size, bits: 16 }, Uint16Array.from(whole(4095))],
    ['16 bit, read as 0 … 16383', { ...size, bits: 16 }, Uint16Array.from(whole(16383))],
    ['signed 16 bit, read as 0 … 16383', { ...size, bits: 16, format: 2 }, Int16Array.from(whole(16383))],
    ['16 bit, read as 0 … 255', { ...size, bits: 16 }, Uint16Array.from(whole(255))],
    ['signed 16 bit, read as 0 … 32767', { ...size, bits: 16, format: 2 }, Int16Array.from(whole(32767))],
    ['signed 16 bit, read as 0 … 4095', { ...size, bits: 16, format: 2 }, Int16Array.from(whole(4095))],
    ['32 bit, read as 0 … 255', { ...size, bits: 32 }, Uint32Array.from(whole(255))],
    ['32 bit, read as 0 … 4,294,967,295', { ...size, bits: 32 }, Uint32Array.from(whole(4294967295))],
    ['signed 32 bit, read as 0 … 65535', { ...size, bits: 32, format: 2 }, Int32Array.from(whole(65535))],
  ];
  it.each(cases)('are read by their range: %s', async (said, header, samples) => {
    const { red, said: notes } = await read(tiff(header, samples));
    expect(red).toEqual(bytes);
    expect(notes).toEqual(['gray', said]);
  });

  it('are 16 bits where they fill them, as ever', async () => {
    const { red, said } = await read(tiff({ ...size, bits: 16 }, Uint16Array.from(whole(65535))));
    expect(red).toEqual(whole(65535).map((value) => value >> 8));
    expect(said).toEqual(['gray', '16 bit, read as 0 … 65535']);
  });

  it('are 12 bits in a PNG too, with their transparency', async () => {
    const gray = await sharp(Uint16Array.from(whole(4095)), { raw: { ...size, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect(await read(gray)).toMatchObject({ red: bytes, said: ['gray', '16 bit, read as 0 … 4095'] });
  });

  it.each([
    ['from -1 to 1', float, Float32Array.from(ramp, (v) => 2 * v - 1)],
    ['from 0 to 1e+30', float, Float32Array.from(scaled(1e30))],
    ['NaN or infinity', float, Float32Array.from(ramp, (v) => (v === 1 ? NaN : v))],
    ['from -1024 to 3071', { ...size, bits: 16, format: 2 }, Int16Array.from(ramp, (v) => Math.round(4095 * v) - 1024)],
    [
      '16-bit float',
      { ...size, bits: 16, format: 3 },
      Uint16Array.of(0, 0x3000, 0x3400, 0x3800, 0x3a00, 0x3b00, 0x3b80, 0x3c00),
    ],
    ['white at 0', { ...float, photometric: 0 }, Float32Array.from(ramp)],
    ['64 bits per sample', { ...size, bits: 64, format: 3 }, Float64Array.from(ramp)],
  ] as [string, TiffHeader, ArrayBufferView][])(
    'are refused where no range fits: %s',
    async (what, header, samples) => {
      const message = await refusal(tiff(header, samples));
      expect(message).toMatch("'a.tif': the TIFF picture cannot be read: ");
      expect(message).toMatch(what);
    },
  );
});

describe('bands', () => {
  /** Pixels of so many bands: red runs from 0 to 255, the last band holds `last`. */
  const banded = (bands: number, last: number): Uint8Array =>
    Uint8Array.from({ length: 8 * bands }, (_, i) => {
      const band = i % bands;
      return band === 0 ? bytes[Math.floor(i / bands)] : band === bands - 1 ? last : 40 * band;
    });
  const file = (bands: number, header: Partial<TiffHeader>, last = 30): Uint8Array =>
    tiff({ ...size, bits: 8, bands, ...header }, banded(bands, last));

  it('of an RGB float picture are read linearly', async () => {
    const samples = Float32Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? ramp[i / 3] : 0.5));
    expect(await read(tiff({ ...size, bits: 32, format: 3, bands: 3 }, samples))).toEqual({
      red: bytes,
      channels: 3,
      said: ['32-bit float, read as 0 … 1'],
    });
  });

  it('beyond red, green and blue are no transparency unless the file says so', async () => {
    const four = '4 bands, the first three taken as red, green and blue';
    expect(await read(file(4, { extra: [0] }))).toEqual({ red: bytes, channels: 3, said: [four] });
    expect(await read(file(4, {}))).toEqual({ red: bytes, channels: 3, said: [four] });
    expect(await read(file(5, { extra: [0, 0] }))).toMatchObject({ red: bytes, channels: 3 });
    expect(await read(file(4, { extra: [2] }, 128))).toMatchObject({ red: bytes, channels: 4, said: [] });
  });

  it('that are multiplied by their transparency are as without it', async () => {
    const half = Uint8Array.from({ length: 32 }, (_, i) =>
      i % 4 === 3 ? 128 : Math.round((bytes[i >> 2] * 128) / 255),
    );
    const { red, said } = await read(tiff({ ...size, bits: 8, bands: 4, extra: [1] }, half));
    expect(Math.max(...red.map((value, i) => Math.abs(value - bytes[i])))).toBeLessThanOrEqual(1);
    expect(said).toEqual([]);
  });

  it.each([
    ['2 bands', file(2, { photometric: 1, extra: [0] })],
    ['4 bands', file(4, { photometric: 1, extra: [0, 0, 0] })],
    ['13 bands', file(13, { photometric: 1 })],
    ['13 bands', file(13, { photometric: 2 })],
  ])('of which nothing says that they are colors are refused: %s', async (what, bytes) => {
    expect(await refusal(bytes)).toMatch(`the TIFF picture cannot be read: it has ${what}`);
  });
});

describe('animations', () => {
  it('in AVIF give their first frame', async () => {
    const still = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#ff0000' } })
      .avif({ lossless: true })
      .toBuffer();
    expect(still.toString('latin1', 8, 12)).toBe('avif');
    still.write('avis', 8, 'latin1'); // the major brand of a sequence
    const { pixels, format } = await decode(still, 'a.avif');
    expect(format).toBe('AVIF');
    expect(pixels.data[0]).toBeGreaterThan(250);
  });

  it('of too many frames are refused before they are parsed', async () => {
    const still = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#f00' } })
      .webp({ lossless: true })
      .toBuffer();
    expect((await read(webpAnimation(still, 3))).said).toEqual(['first of 3']);
    expect(await refusal(webpAnimation(still, 100_000))).toMatch('it has 100,000 frames, the limit is 10000');
  });
});
