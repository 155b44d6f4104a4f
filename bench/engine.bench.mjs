// The engine in its worker thread, as the app holds it: from a picture's bytes to the last thumbnail, what crosses
// between the threads meanwhile, and memory at rest and after 100 pictures (engine's process and decoder's process).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { call, close } from './engine-worker.mjs';
import { countTraffic } from './traffic.mjs';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const MODEL = 'lenet5-mnist';
const PICTURES = [
  'resources/samples/digit-5.png',
  'resources/samples/digit-on-paper.png',
  'resources/samples/landscape.png',
];

countTraffic();

const model = await call('openModel', { source: { kind: 'bundled', id: MODEL } });
const atRest = await memory();
const started = performance.now();
await inspect(PICTURES[0]);
console.log(`first picture: ${(performance.now() - started).toFixed(0)} ms`);
for (const picture of PICTURES) {
  for (let i = 0; i < 5; i++) await inspect(picture);
  const before = { ...globalThis.crossed };
  const times = [];
  for (let i = 0; i < 30; i++) times.push(await inspect(picture));
  const after = { ...globalThis.crossed };
  const { predictions } = times[0].inspection;
  console.log(
    `${picture}: bytes to last thumbnail ${median(times.map((each) => each.ms)).toFixed(1)} ms ` +
      `(decoding ${median(times.map((each) => each.inspection.timing.decode)).toFixed(1)}, ` +
      `network ${median(times.map((each) => each.inspection.timing.forward)).toFixed(2)}), ` +
      `crossed ${kilo((after.sent - before.sent) / 30)} to the engine, ${kilo((after.received - before.received) / 30)} back ` +
      `(${predictions[0].label})`,
  );
}
const warm = await memory();
for (let i = 0; i < 100; i++) await inspect(PICTURES[i % PICTURES.length]);
const later = await memory();
const grown = later.engine + later.decoder - warm.engine - warm.decoder;
console.log(`resident at rest: engine's process ${atRest.engine} MiB, decoder ${atRest.decoder} MiB`);
console.log(
  `after 105 pictures: ${warm.engine} + ${warm.decoder} MiB; after 100 more: ${later.engine} + ${later.decoder} MiB (${grown} MiB more)`,
);
close();

/** What the window asks for when a picture is dropped: the inspection, and every layer's thumbnails. */
async function inspect(picture) {
  const bytes = new Uint8Array(readFileSync(path(picture)));
  const start = performance.now();
  const inspection = await call('inspect', {
    model: model.model,
    image: { kind: 'bytes', name: picture, bytes },
    options: {},
  });
  await Promise.all(
    [-1, ...model.layers.map((layer) => layer.index)].map((layer) =>
      call('thumbnails', { inspection: inspection.inspection, layer, first: 0, count: 64 }),
    ),
  );
  return { ms: performance.now() - start, inspection };
}

/** MiB resident, after what garbage there is had time to go. */
async function memory() {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const resident = (pid) =>
    Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024);
  const children = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === process.pid && args.some((arg) => arg.endsWith('decoder.js')));
  return { engine: resident(process.pid), decoder: children.reduce((sum, [pid]) => sum + resident(pid), 0) };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function kilo(bytes) {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
