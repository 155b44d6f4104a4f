// What decoding a picture of 48 megapixels takes at its height, per format, native and WASM build of sharp: the figures
// behind the memory guard (src/engine/image/guard.ts). A row is one picture in a process of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [WIDTH, HEIGHT] = [8000, 6000];
const require = createRequire(import.meta.url);

if (process.argv[2] === 'decode') await decode(process.argv[3], process.argv[4] === 'wasm');
else await measureAll();

async function measureAll() {
  const sharp = require('sharp');
  const folder = mkdtempSync(join(tmpdir(), 'convscope-bench-'));
  const disc = Buffer.from(
    '<svg width="4000" height="4000"><circle cx="2000" cy="2000" r="1900" fill="orange"/></svg>',
  );
  const picture = () =>
    sharp({
      create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#336699' },
      limitInputPixels: false,
    }).composite([{ input: disc }]);
  const kinds = {
    JPEG: () => picture().jpeg(),
    'JPEG, progressive': () => picture().jpeg({ progressive: true }),
    'JPEG, turned by EXIF': () => picture().withMetadata({ orientation: 6 }).jpeg(),
    PNG: () => picture().removeAlpha().png({ compressionLevel: 1 }),
    'PNG, 16 bit, interlaced': () => picture().toColourspace('rgb16').png({ progressive: true, compressionLevel: 1 }),
    WebP: () => picture().webp({ effort: 0 }),
    AVIF: () => picture().avif({ effort: 0 }),
    GIF: () => picture().gif({ effort: 1 }),
    TIFF: () => picture().tiff(),
  };
  console.log('format                     native MiB  bytes/pixel    WASM MiB  bytes/pixel');
  for (const [name, encoded] of Object.entries(kinds)) {
    const file = join(folder, 'picture');
    await encoded().toFile(file);
    const [native, wasm] = ['native', 'wasm'].map((build) =>
      Number(
        execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'decode', file, build], { encoding: 'utf8' }),
      ),
    );
    const row = [native, (native * 2 ** 20) / WIDTH / HEIGHT, wasm, (wasm * 2 ** 20) / WIDTH / HEIGHT];
    console.log(name.padEnd(24) + row.map((value, i) => value.toFixed(i % 2).padStart(12)).join(''));
  }
  rmSync(folder, { recursive: true });
}

/** Prints by how many MiB decoding and shrinking raises the most that this process is resident with. */
async function decode(file, wasm) {
  if (wasm) {
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (request, ...rest) =>
      resolve(/^@img\/sharp-\w+-\w+\/sharp\.node$/.test(request) ? '@img/sharp-wasm32/sharp.node' : request, ...rest);
  }
  const sharp = require('sharp');
  sharp.cache(false);
  const options = { limitInputPixels: false, failOn: 'error' };
  const bytes = readFileSync(file);
  await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  // Not resourceUsage().maxRSS: a process starts with its parent's.
  const before = process.memoryUsage.rss();
  let most = before;
  setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 2).unref();
  const { data, info } = await sharp(bytes, options)
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  await sharp(data, { raw, limitInputPixels: false }).resize(28, 28, { fit: 'fill' }).raw().toBuffer();
  console.log((most - before) / 2 ** 20);
  process.exit();
}
