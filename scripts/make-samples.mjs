// node scripts/make-samples.mjs: draws the bundled sample pictures, resources/samples/*.png, and their list,
// samples.json. All of them are made here from strokes, outlines and formulas.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = fileURLToPath(new URL('../resources/samples', import.meta.url));
const samples = [];

await mkdir(folder, { recursive: true });
await digits();
await digitOnPaper();
await clothes();
await shapes();
await landscape();
await writeFile(join(folder, 'samples.json'), `${JSON.stringify(samples, null, 2)}\n`);
console.log(`${samples.length} samples in ${folder}`);

async function save(id, name, models, label, image) {
  await image.png({ compressionLevel: 9, effort: 10 }).toFile(join(folder, `${id}.png`));
  samples.push({ id, name, models, label });
}

/** An SVG drawn `times` larger and averaged down: smooth edges, the same on every machine. */
function drawn(body, { side = 28, times = 8, ground = '#000' } = {}) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28" width="${side * times}" height="${side * times}">
    <rect width="28" height="28" fill="${ground}"/>${body}</svg>`;
  return sharp(Buffer.from(svg)).resize(side, side, { kernel: 'mitchell' }).removeAlpha();
}

/** Pen strokes of the ten digits, on the 28 × 28 of MNIST: inside the middle 20 × 20. */
function strokes() {
  return [
    'M14.6 4.9C10 4.7 7.3 9.6 7.4 14.6c.1 5 2.4 8.6 6 8.5 4.4-.1 7.2-5.2 7.2-10.2 0-4.6-2.3-7.9-6-8Z',
    'M15.9 4.700C15.2 10.9 14 17.2 12.5 23.3',
    'M8.3 9.200C9 6.2 11.7 4.6 14.5 5c3 .4 4.6 2.9 3.8 5.800C17 15.2 11.2 18.7 8 22.700c3.8-1 8.2-.8 12.3.2',
    'M8.8 6.900c2-1.9 5.1-2.7 7.5-1.6 2.7 1.3 2.5 4.7.2 6.4-1.2.9-2.9 1.5-4.4 1.7 2.7-.1 5.6.7 6.6 3 1.2 2.9-.8 5.7-3.6 6.5-2.5.8-5.3.2-7.2-1.3',
    'M10.2 5C9.2 8.3 8.1 11.6 7.4 15c4.2.5 8.5.3 12.7-.4M17.6 8.200C16.8 13.2 16.2 18.2 15.8 23.3',
    'M19.4 5.500c-3 .5-6 .6-9 .4-.6 2.5-1.1 4.9-1.8 7.2 2.3-1.3 5.3-1.9 7.8-.7 3 1.4 3.3 5.3 1.4 7.7-2.1 2.7-6.2 3.5-9.3 1.8',
    'M17.7 4.800C13 7.5 9.3 12.3 8.8 17.700c-.3 3 1.5 5.6 4.6 5.5 3.1-.1 5.8-2.3 5.9-5 .1-2.5-2-3.9-4.3-3.6-2.5.3-4.8 2.1-5.9 4.2',
    'M7.9 6.300c4 .4 8 .3 12-.2-3 5.4-5.6 11.1-7.3 17.200M10 14.300c2.6-.3 5.2-.4 7.9-.2',
    'M18.7 7.400C17.6 5 14.2 4.2 11.9 5.600c-2.5 1.5-2.3 4.4 0 6.1 2 1.5 4.6 2.4 5.9 4.6 1.4 2.4.1 5.5-2.7 6.5-2.7.9-5.9-.2-6.7-2.8-.7-2.4 1-4.6 2.9-6.2 2.1-1.8 5.6-3.5 7.4-6.400Z',
    'M18.8 8.300C17.7 5.6 14.7 4.4 12 5.600c-2.7 1.2-3.9 4.7-2.3 6.9 1.7 2.3 5.5 1.6 7.4-.4 1.1-1.1 1.7-2.6 1.8-4.1-.1 5.1-1 10.2-2.6 15.2',
  ];
}

async function digits() {
  const models = ['lenet5-mnist', 'mnist-cnn'];
  for (const [digit, path] of strokes().entries()) {
    const width = [2.5, 2.9, 2.4, 2.5, 2.4, 2.5, 2.5, 2.5, 2.3, 2.5][digit];
    const body = `<path d="${path}" fill="none" stroke="#fff" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
    await save(`digit-${digit}`, `Digit ${digit}`, models, String(digit), drawn(body));
  }
}

/** Dark ink on bright paper: what asks for inverting. */
async function digitOnPaper() {
  const path = strokes()[5];
  const body = `<path d="${path}" transform="rotate(4 14 14)" fill="none" stroke="#262b45" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>`;
  const image = drawn(body, { side: 112, times: 4, ground: '#f4f1e8' });
  await save('digit-on-paper', 'Digit 5 on paper', ['lenet5-mnist', 'mnist-cnn'], '5', image);
}

/** Silhouettes as Fashion-MNIST has them: gray on black, filling the square. */
async function clothes() {
  const shade = (light, dark) =>
    `<defs><linearGradient id="g"><stop offset="0" stop-color="${dark}"/><stop offset=".35" stop-color="${light}"/>
     <stop offset=".7" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></linearGradient></defs>`;
  const pieces = [
    [
      't-shirt',
      'T-shirt',
      'T-shirt/top',
      `${shade('#d8d8d8', '#a8a8a8')}
      <path fill="url(#g)" d="M10 2.500Q14 5 18 2.500L22 4 27 10 23.5 13.2 21 10.5 21 26Q14 27 7 26L7 10.5 4.5 13.2 1 10 6 4Z"/>
      <path fill="none" stroke="#707070" stroke-width=".5" d="M10 2.500Q14 6 18 2.500M7 10.500Q7.5 8 8 7M21 10.500Q20.5 8 20 7"/>`,
    ],
    [
      'trousers',
      'Trousers',
      'Trouser',
      `${shade('#c4c4c4', '#8c8c8c')}
      <path fill="url(#g)" d="M9 1.500H19L20.5 26.500H15.600L14 9 12.4 26.500H7.500Z"/>
      <path fill="none" stroke="#5c5c5c" stroke-width=".5" d="M9 3.500H19M14 3.500V9"/>`,
    ],
    [
      'dress',
      'Dress',
      'Dress',
      `${shade('#e4e4e4', '#9c9c9c')}
      <path fill="url(#g)" d="M11.3 1.5 12.5 4.500Q14 5.6 15.5 4.500L16.7 1.5 17.8 2 17.6 7 16.8 11 20.5 26.500Q14 27.6 7.5 26.500L11.2 11 10.4 7 10.2 2Z"/>
      <path fill="none" stroke="#808080" stroke-width=".5" d="M11.2 11H16.800M13 12 11.5 26M15 12 16.5 26"/>`,
    ],
    [
      'sneaker',
      'Sneaker',
      'Sneaker',
      `${shade('#d0d0d0', '#b0b0b0')}
      <path fill="url(#g)" d="M1.5 12.500Q3.5 14 7 11.200L10.5 9.8 17 14.5 24 16Q26.8 16.8 26.8 18.800L1.5 19Z"/>
      <path fill="#f4f4f4" d="M1.2 18.600H26.900L26.6 20.600H1.400Z"/>
      <path fill="none" stroke="#606060" stroke-width=".6" d="M10.8 12.2 13 11.300M12.3 13.4 14.5 12.500M13.9 14.6 16 13.6"/>`,
    ],
    [
      'bag',
      'Bag',
      'Bag',
      `${shade('#bcbcbc', '#949494')}
      <path fill="none" stroke="#a0a0a0" stroke-width="1.6" d="M8.5 12V8Q8.5 3.5 14 3.500T19.5 8V12"/>
      <path fill="url(#g)" d="M2.5 11H25.500L26.5 25Q14 26.3 1.5 25Z"/>
      <path fill="none" stroke="#606060" stroke-width=".6" d="M2.3 14H25.700M13 13V15.500H15V13"/>`,
    ],
    [
      'ankle-boot',
      'Ankle boot',
      'Ankle boot',
      `${shade('#c8c8c8', '#989898')}
      <path fill="url(#g)" d="M4.5 4.500H13.500L14 12Q17 14.5 22 15.5 26 16.5 26.3 20.500H4Q3 12 4.5 4.500Z"/>
      <path fill="#606060" d="M3.8 20.500H26.400V22.300H10.500L10.2 24H4Z"/>
      <path fill="none" stroke="#6c6c6c" stroke-width=".5" d="M4.5 6H13.600M14 12 11.5 15.5"/>`,
    ],
  ];
  for (const [id, name, label, body] of pieces) await save(id, name, ['fashion-cnn'], label, drawn(body));
}

/** Hard-edged shapes on black: the same kind as the generated sets, drawn anew. */
async function shapes() {
  const ellipse = (cx, cy, rx, ry) => (x, y) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;
  const rectangle = (l, t, r, b) => (x, y) => x >= l && x < r && y >= t && y < b;
  const triangle = (l, t, r, b) => (x, y) =>
    y >= t && y < b && Math.abs(x - (l + r) / 2) <= (((y - t) / (b - t)) * (r - l)) / 2;
  const diamond = (cx, cy, rx, ry) => (x, y) => Math.abs(x - cx) / rx + Math.abs(y - cy) / ry <= 1;
  const line = (x0, y0, x1, y1) => (x, y) => {
    const length = Math.hypot(x1 - x0, y1 - y0);
    const along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length;
    const across = Math.abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length;
    return along >= 0 && along <= length && across < 1;
  };
  const colors = [
    ['red', [255, 0, 0], ellipse(13, 12, 9, 7)],
    ['green', [0, 255, 0], rectangle(7, 4, 22, 15)],
    ['blue', [0, 0, 255], triangle(3, 5, 23, 24)],
    ['yellow', [255, 255, 0], diamond(15, 14, 8, 11)],
    ['cyan', [0, 255, 255], line(4.5, 21.5, 23.5, 6.5)],
    ['magenta', [255, 0, 255], ellipse(17, 18, 6, 8)],
  ];
  for (const [color, rgb, inside] of colors) {
    await save(`${color}-shape`, `A ${color} shape`, ['colors-cnn'], color, filled(rgb, inside));
  }
  const greys = [
    ['ellipse', 179, ellipse(12, 15, 10, 6)],
    ['rectangle', 226, rectangle(4, 9, 18, 25)],
    ['triangle', 150, triangle(6, 3, 25, 20)],
    ['diamond', 105, diamond(13, 14, 10, 9)],
    ['line', 226, line(6.5, 4.5, 20.5, 22.5)],
  ];
  for (const [shape, gray, inside] of greys) {
    await save(`grey-${shape}`, `A gray ${shape}`, ['shapes-cnn'], shape, filled([gray, gray, gray], inside));
  }
}

function filled(rgb, inside) {
  const pixels = Buffer.alloc(28 * 28 * 3);
  for (let y = 0; y < 28; y++) {
    for (let x = 0; x < 28; x++) if (inside(x + 0.5, y + 0.5)) pixels.set(rgb, (y * 28 + x) * 3);
  }
  return sharp(pixels, { raw: { width: 28, height: 28, channels: 3 } });
}

/** Hills before a low sun, for networks that know photographs: not square, many colors, soft and hard edges. */
async function landscape() {
  const [width, height] = [320, 240];
  const pixels = Buffer.alloc(width * height * 3);
  const noise = (x, seed) => {
    const at = (i) => (((Math.sin(i * 127.1 + seed * 311.7) * 43758.5453) % 1) + 1) % 1;
    const i = Math.floor(x);
    const t = (x - i) ** 2 * (3 - 2 * (x - i));
    return at(i) * (1 - t) + at(i + 1) * t;
  };
  const ridge = (x, seed, rough) =>
    [1, 2, 4, 8].reduce((sum, f) => sum + noise((x / rough) * f, seed + f) / f, 0) / 1.9;
  const hills = [
    [118, 70, 90, 1, [112, 128, 168]],
    [150, 60, 70, 2, [84, 98, 118]],
    [182, 52, 60, 3, [62, 84, 66]],
    [214, 40, 40, 4, [38, 58, 36]],
  ];
  const mix = (a, b, t) => a.map((value, c) => value + (b[c] - value) * t);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let color = mix([66, 112, 178], [252, 206, 150], Math.min(1, y / 150) ** 1.4);
      const distance = Math.hypot(x - 222, y - 82);
      color = mix(color, [255, 244, 214], Math.max(0, 1 - distance / 120) ** 2);
      if (distance < 19) color = [255, 250, 232];
      for (const [base, tall, rough, seed, ink] of hills) {
        const top = base - tall * (ridge(x, seed, rough) - 0.5) * 2;
        if (y >= top) color = mix(ink, [222, 196, 170], Math.max(0, 0.5 - (y - top) / 90));
      }
      pixels.set(color.map(Math.round), (y * width + x) * 3);
    }
  }
  await save('landscape', 'Hills at sunset', [], null, sharp(pixels, { raw: { width, height, channels: 3 } }));
}
