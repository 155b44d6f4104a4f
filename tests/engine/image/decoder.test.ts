import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Decoder } from '../../../src/engine/image/decoder';
import sharp from '../../../src/engine/image/sharp';
import type { InputOptions } from '../../../src/shared/protocol';
import { say } from '../../../src/words';
import { describeWithData, sharedData } from '../../shared-data';
import { buildDecoder } from './decoder-script';
import { grayNetwork, nestedUse, png, rgbNetwork } from '../pictures';

let script: string;
let decoder: Decoder;
beforeAll(async () => {
  script = await buildDecoder('decoder');
  decoder = new Decoder(script);
});
afterAll(() => decoder.close());

const prepare = (bytes: Uint8Array, options: Partial<InputOptions> = {}, network = grayNetwork) =>
  decoder.prepare({ bytes }, 'picture', network, options);

/** Pixels of a network of the picture's own size: nothing is resized. */
async function pixelsOf(bytes: Uint8Array, width: number, height: number, options: Partial<InputOptions> = {}) {
  const network = { ...rgbNetwork, width, height, scale: 1 };
  const { input } = await prepare(bytes, options, network);
  return Array.from({ length: width * height }, (_, i) => [...input.subarray(i * 3, i * 3 + 3)]);
}

describe('what is converted', () => {
  const four = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 90, 90, 90);
  const picture = () => sharp(four, { raw: { width: 2, height: 2, channels: 3 } });
  const colors = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [90, 90, 90],
  ];

  it('decodes lossless formats to the very pixels, 16-bit and palette ones too', async () => {
    for (const encoded of [
      picture().png(),
      picture().png({ palette: true }),
      picture().toColourspace('rgb16').png(),
      picture().webp({ lossless: true }),
      picture().tiff({ compression: 'lzw' }),
      picture().gif(),
    ]) {
      expect(await pixelsOf(await encoded.toBuffer(), 2, 2)).toEqual(colors);
    }
  });

  it('turns a picture as its EXIF orientation says', async () => {
    const bytes = await picture().withMetadata({ orientation: 6 }).png().toBuffer();
    // Stored: red green / blue gray. A quarter turn clockwise: blue red / gray green.
    expect(await pixelsOf(bytes, 2, 2)).toEqual([colors[2], colors[0], colors[3], colors[1]]);
  });

  it('takes gray, gray with alpha and CMYK', async () => {
    const gray = sharp(Uint8Array.of(7, 200), { raw: { width: 2, height: 1, channels: 1 } });
    expect(await pixelsOf(await gray.png().toBuffer(), 2, 1)).toEqual([
      [7, 7, 7],
      [200, 200, 200],
    ]);
    const alpha = sharp(Uint8Array.of(7, 255, 200, 0), { raw: { width: 2, height: 1, channels: 2 } });
    expect(await pixelsOf(await alpha.png().toBuffer(), 2, 1, { background: '#102030' })).toEqual([
      [7, 7, 7],
      [16, 32, 48],
    ]);
    const cmyk = await sharp({ create: { width: 2, height: 1, channels: 3, background: '#ff0000' } })
      .toColourspace('cmyk')
      .tiff()
      .toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    for (const [r, g, b] of await pixelsOf(cmyk, 2, 1)) {
      expect(r).toBeGreaterThan(200);
      expect(Math.max(g, b)).toBeLessThan(60);
    }
  });

  it('takes the first frame of an animation', async () => {
    const frames = Uint8Array.of(255, 0, 0, 0, 0, 255);
    const bytes = await sharp(frames, { raw: { width: 1, height: 2, channels: 3, pageHeight: 1 } })
      .gif()
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    expect(await pixelsOf(bytes, 1, 1)).toEqual([[255, 0, 0]]);
  });

  it('flattens transparency on white, or on the color that is chosen', async () => {
    const clear = await sharp({ create: { width: 2, height: 2, channels: 4, background: '#ff000000' } })
      .png()
      .toBuffer();
    expect((await pixelsOf(clear, 2, 2))[0]).toEqual([255, 255, 255]);
    expect((await pixelsOf(clear, 2, 2, { background: '#0a141e' }))[0]).toEqual([10, 20, 30]);
  });

  it('draws an SVG at its own size, sharp at any', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"><rect width="10" height="10" fill="#f00"/></svg>',
    );
    const { file, strip } = await prepare(svg);
    expect(file).toEqual({ file: 'picture', width: 10, height: 20, format: 'SVG', notes: [] });
    expect([strip.oriented.width, strip.oriented.height]).toEqual([128, 256]);
  });
});

describe('what the network gets', () => {
  /** A black bar on white, twice as wide as high. */
  const drawn = Uint8Array.from({ length: 112 * 56 }, (_, i) => (Math.abs((i % 112) - 56) < 6 ? 0 : 255));
  const wide = sharp(drawn, { raw: { width: 112, height: 56, channels: 1 } })
    .png()
    .toBuffer();
  const knowing = { ...grayNetwork, grounds: { dark: 70000, light: 0, all: 70000 } };

  it("letterboxes with the network's ground, on the side of inverting that leaves it so", async () => {
    const corner = async (options: Partial<InputOptions>) => (await prepare(await wide, options, knowing)).input[0];
    // Dark on light to a network that knows light on dark: it is inverted, and the bars stay black.
    expect(await corner({})).toBe(0);
    expect(await corner({ invert: 'off' })).toBe(0);
    expect(await corner({ invert: 'off', background: '#ffffff' })).toBe(1);
  });

  it("inverts when told, or where the network's own data leave no doubt and it is not told otherwise", async () => {
    const prepared = await prepare(await wide, {}, knowing);
    expect(prepared).toMatchObject({ inverted: true, invertSuggested: true });
    expect(prepared.input[14 * 28 + 4]).toBe(0);
    const off = await prepare(await wide, { invert: 'off' }, knowing);
    expect(off).toMatchObject({ inverted: false, invertSuggested: true, options: { invert: 'off', fit: 'letterbox' } });
    expect(off.input[14 * 28 + 4]).toBe(1);
    // A network that does not say what it was trained on: a suggestion.
    expect(await prepare(await wide)).toMatchObject({ inverted: false, invertSuggested: true });
  });

  it('takes gray pixels from the pad as they are', async () => {
    const data = Uint8Array.from({ length: 28 * 28 }, (_, i) => (i % 5 === 0 ? 255 : 0));
    const pixels = { width: 28, height: 28, channels: 1 as const, data };
    const { input, file } = await decoder.prepare({ pixels }, 'pad', grayNetwork, {});
    expect([...input]).toEqual([...data].map((value) => value / 255));
    expect(file.format).toBe('pixels');
  });

  it('keeps small pictures of every step', async () => {
    const bytes = await sharp({ create: { width: 600, height: 300, channels: 3, background: '#336699' } })
      .withMetadata({ orientation: 8 })
      .jpeg()
      .toBuffer();
    const { strip, file } = await prepare(bytes);
    expect(file).toMatchObject({ width: 300, height: 600 });
    expect([strip.original.width, strip.original.height]).toEqual([256, 128]);
    expect(file.notes).toEqual([say('image.note.exif', { orientation: 8 })]);
    expect([strip.oriented.width, strip.oriented.height]).toEqual([128, 256]);
    expect([strip.fitted.width, strip.fitted.height]).toEqual([28, 28]);
    for (const { width, height, rgba } of Object.values(strip)) expect(rgba.length).toBe(width * height * 4);
  });
});

describe('bad pictures', () => {
  const failing = (bytes: Uint8Array) =>
    prepare(bytes).then(
      () => 'opened',
      (error: Error) => error.message,
    );

  it.each([
    ['65536 × 65536', png({ width: 65536, height: 65536, color: 0 })],
    ['20000 × 14000', png({ width: 20000, height: 14000 })],
    ['16000 × 16000', png({ width: 16000, height: 16000, depth: 16, interlaced: true })],
  ])('refuses %s pixels before it decodes them', async (size, bytes) => {
    const message = await failing(bytes);
    expect(message).toMatch(`'picture': ${size} pixels would take`);
    expect(message).toMatch('the limit is 640 MiB');
  });

  it('refuses a JPEG of 20000 × 14000, all of it there', async () => {
    const header = await sharp({ create: { width: 2000, height: 1400, channels: 3, background: '#888' } })
      .jpeg()
      .toBuffer();
    const frame = header.indexOf(Buffer.from([0xff, 0xc0]));
    header.writeUInt16BE(14000, frame + 5);
    header.writeUInt16BE(20000, frame + 7);
    expect(await failing(header)).toMatch("'picture': 20000 × 14000 pixels would take 1202 MiB");
  });

  it('stops an SVG of nested use, and opens the next picture', async () => {
    const impatient = new Decoder(script, 1);
    const started = performance.now();
    await expect(impatient.prepare({ bytes: nestedUse(9) }, 'bomb.svg', grayNetwork, {})).rejects.toThrow(
      "'bomb.svg': decoding took longer than 1 s and was stopped",
    );
    expect(performance.now() - started).toBeLessThan(20_000);
    await expect(
      impatient.prepare({ bytes: await sharp(png1()).png().toBuffer() }, 'a', grayNetwork, {}),
    ).resolves.toBeDefined();
    impatient.close();
  });

  it('asks again where the process died, however many were asked at once', async () => {
    const mortal = new Decoder(script);
    const picture = await sharp(png1()).png().toBuffer();
    await mortal.prepare({ bytes: picture }, 'first', grayNetwork, {});
    const pid = (await (mortal as unknown as { child: Promise<{ pid: number }> }).child).pid;
    const asked = Array.from({ length: 6 }, (_, i) => mortal.prepare({ bytes: picture }, `${i}`, grayNetwork, {}));
    process.kill(pid, 'SIGKILL');
    expect((await Promise.all(asked)).map(({ file }) => file.file)).toEqual(['0', '1', '2', '3', '4', '5']);
    mortal.close();
  });

  it('refuses a JPEG whose header promises more rows than there are', async () => {
    const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251);
    const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    const frame = jpeg.indexOf(Uint8Array.of(0xff, 0xc0));
    expect(jpeg.readUInt16BE(frame + 5)).toBe(64);
    await prepare(jpeg);
    jpeg.writeUInt16BE(640, frame + 5);
    await expect(prepare(jpeg)).rejects.toThrow('the JPEG picture is damaged or cut short (Corrupt JPEG data');
  });

  it('says what is wrong with truncated, corrupt and empty files, and with what is no picture', async () => {
    const base = sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: '#123456',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    });
    for (const [format, encoded] of [
      ['PNG', await base.clone().png().toBuffer()],
      ['JPEG', await base.clone().jpeg().toBuffer()],
      ['WebP', await base.clone().webp().toBuffer()],
      ['TIFF', await base.clone().tiff({ compression: 'lzw' }).toBuffer()],
      ['AVIF', await base.clone().avif({ effort: 0 }).toBuffer()],
      ['GIF', await base.clone().gif().toBuffer()],
    ] as const) {
      expect(await failing(encoded)).toBe('opened');
      expect(await failing(encoded.subarray(0, encoded.length >> 1))).toMatch(
        `'picture': the ${format} picture is damaged or cut short (`,
      );
    }
    const svg = (inside: string): Buffer =>
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${inside}</svg>`);
    const use = Array.from({ length: 600 }, (_, i) => `<g id="a${i + 1}"><use href="#a${i}"/></g>`).join('');
    expect(await failing(svg(`<defs><rect id="a0" width="9" height="9"/>${use}</defs><use href="#a600"/>`))).toMatch(
      /references \(use, image\) lead to one another more than 500 deep/,
    );
    expect(await failing(svg('<g>'.repeat(300) + '</g>'.repeat(300)))).toMatch(/nested 257 deep or more, which cannot/);
    const grow = (name: string, by: string): string => `<!ENTITY ${name} "${by.repeat(10)}">`;
    const entities =
      grow('a', 'aaaa') + grow('b', '&a;') + grow('c', '&b;') + grow('d', '&c;') + grow('e', '&d;') + grow('f', '&e;');
    const text = Buffer.from(`<!DOCTYPE svg [${entities}]>${svg('<text>&f;&f;</text>').toString()}`);
    expect(await failing(text)).toMatch(/entities refer to one another/);
    expect(await failing(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect'))).toMatch(
      'the SVG picture is damaged or cut short',
    );
    expect(await failing(new Uint8Array(0))).toBe("'picture' is empty (0 bytes)");
    expect(await failing(Buffer.from('hello'))).toBe(
      "'picture' is not a picture that can be opened (found text, expected PNG, JPEG, WebP, AVIF, GIF, TIFF or SVG)",
    );
  });
});

function png1(): Buffer {
  return Buffer.from(png({ width: 1, height: 1, color: 0 }, Uint8Array.of(0, 128)));
}

describeWithData('the odd images', ['images'], () => {
  const refused: Record<string, string> = {
    'LICENSE.sharp': 'found text',
    'SOURCE.txt': 'found text',
    'inventory.json': 'found text',
    XCMYK: 'found an ICC color profile',
    'invalid-illuminant.icc': 'found an ICC color profile',
    'truncated.jpg': 'the JPEG picture is damaged or cut short (premature end of JPEG image)',
    'truncated.png': 'the PNG picture is damaged or cut short',
    'corrupt-header.jpg': 'the JPEG picture is damaged or cut short',
    'vfile.v': "found libvips's own format",
    '65536-uint32-limit.png': '65536 × 65536 pixels would take',
    'giant-image.jpg': '20000 × 14000 pixels would take',
  };

  it('all open, or are refused with a reason', async () => {
    for (const name of readdirSync(sharedData('images'))) {
      const bytes = readFileSync(sharedData('images', name));
      const outcome = await decoder.prepare({ bytes }, name, rgbNetwork, {}).then(
        ({ input }) => (input.every(Number.isFinite) ? 'opened' : 'not finite'),
        (error: Error) => error.message,
      );
      if (/\.jp2|\.pdf/i.test(name)) expect(outcome).toMatch('is not a picture that can be opened');
      else if (name in refused) expect(outcome, name).toMatch(refused[name]);
      else expect(outcome, name).toBe('opened');
    }
  });

  it('open right side up: the same scene under all orientations', async () => {
    for (const scene of ['Landscape', 'Portrait']) {
      const names = readdirSync(sharedData('images')).filter((name) => new RegExp(`^${scene}_[1-8]\\.jpg$`).test(name));
      expect(names.length).toBeGreaterThan(4);
      const inputs: Float32Array[] = [];
      for (const name of names) {
        const bytes = readFileSync(sharedData('images', name));
        const prepared = await decoder.prepare({ bytes }, name, rgbNetwork, { fit: 'stretch' });
        expect(prepared.file.width > prepared.file.height, name).toBe(scene === 'Landscape');
        inputs.push(prepared.input);
      }
      for (const input of inputs.slice(1)) {
        // The files were compressed one by one: equal but for JPEG's own noise. Any other turn is off by far more.
        const difference = input.reduce((sum, value, i) => sum + Math.abs(value - inputs[0][i]), 0) / input.length;
        expect(difference).toBeLessThan(0.02);
      }
    }
  });
});
