// The app in real Electron: from the dropped bytes to the last thumbnail on screen, opening a layer of 64 maps, steps
// with the arrow keys, what crosses between the processes, memory at rest and after 100 and 200 pictures. Medians after a
// warm-up, by the page's own clock. Needs a display (xvfb-run -a on a server).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';
import { countTraffic } from './traffic.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'convscope-bench-'));
const sample = (name) => join(root, 'resources', 'samples', `${name}.png`);
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const ms = (value) => `${value.toFixed(0)} ms`;
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const load = () => `load ${loadavg()[0].toFixed(1)}`;

const ROUNDS = 30;
const PICTURES = 100;
const LAUNCHES = 3;
const OPENINGS = 10;
const STEPS = 12;

execFileSync(process.execPath, [join(root, 'scripts', 'make-test-models.mjs'), folder], { stdio: 'ignore' });
const large = join(folder, 'large-224.onnx');
try {
  await smallNetwork();
  await largeNetwork();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The app with what the command line names, its picture shown. */
async function launch(...args) {
  const switches = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${join(folder, 'profile')}`,
  ];
  const app = await _electron.launch({
    executablePath: require('electron'),
    args: [...switches, root, ...args],
    cwd: root,
  });
  await app.evaluate(countTraffic);
  const page = await app.firstWindow();
  await page.getByTestId('doors').press('Escape');
  await page.getByRole('button', { name: /^Image: .*\d/ }).waitFor({ timeout: 60_000 });
  await page.evaluate(() => {
    /** Runs after the next frame has been laid out and painted; `drawn` is asked just before. */
    window.painted = async (drawn) => {
      for (let done = false; !done;) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        done = drawn();
      }
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(null);
      });
      return performance.now();
    };
    window.press = (key) => {
      const target = document.activeElement?.closest('main') ? document.activeElement : document.querySelector('main');
      target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    };
  });
  return { app, page };
}

/** Drops a file on the page and waits until its last thumbnail is on screen; milliseconds, by the page's own clock. */
function drop(page, name) {
  const base64 = readFileSync(sample(name)).toString('base64');
  return page.evaluate(
    async ({ name, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], `${name}.png`, { type: 'image/png' }));
      const measured = new Promise((resolve) => {
        new PerformanceObserver((list, observer) => {
          const [entry] = list.getEntriesByName('inspect');
          if (!entry) return;
          observer.disconnect();
          resolve(entry.startTime + entry.duration);
        }).observe({ type: 'measure' });
      });
      const dropped = performance.now();
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
      return (await measured) - dropped;
    },
    { name, base64 },
  );
}

/** Bytes of all layers' outputs as float32. */
function activationBytes(model) {
  const [line] = execFileSync(process.execPath, [join(root, 'bin', 'convscope.js'), 'summary', model, '--json'])
    .toString()
    .trim()
    .split('\n')
    .slice(-1);
  const values = JSON.parse(line).layers.map(({ outputShape }) => outputShape.reduce((a, b) => a * b, 1));
  return 4 * values.reduce((a, b) => a + b, 0);
}

/** Working set of all processes; of the window, after a collection: the heap's bytes and the nodes of the page. */
async function memory(app, page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  const processes = await app.evaluate(({ app }) => app.getAppMetrics().map(({ memory }) => memory.workingSetSize));
  const total = processes.reduce((sum, kilobytes) => sum + kilobytes * 1024, 0);
  return `${mib(total)} (the window's heap ${(of('JSHeapUsedSize') / 2 ** 20).toFixed(1)} MiB, ${of('Nodes')} nodes)`;
}

async function crossed(app) {
  const { sent, received } = await app.evaluate(() => globalThis.crossed);
  return sent + received;
}

/** What crosses for each picture, shown in the overview. */
async function traffic({ app, page }, name, model, samples, rounds) {
  const before = await crossed(app);
  const times = [];
  for (let i = 0; i < rounds; i++) times.push(await drop(page, samples[i % samples.length]));
  // What follows the last thumbnail (the side panel's numbers) crosses as well.
  await page.waitForTimeout(500);
  const bytes = ((await crossed(app)) - before) / rounds;
  console.log(
    `${name}: ${kib(bytes)} cross between the engine and its host a picture; all activations as float32 are ${kib(activationBytes(model))}`,
  );
  return times;
}

async function smallNetwork() {
  const { app, page } = await launch('--model', 'lenet5-mnist');
  const version = await app.evaluate(() => process.versions.electron);
  console.log(`Electron ${version}, ${cpus().length} × ${cpus()[0].model.trim()}, ${load()}`);
  const digits = Array.from({ length: 10 }, (_, digit) => `digit-${digit}`);
  for (const digit of digits) await drop(page, digit); // warm
  const times = await traffic({ app, page }, 'lenet5-mnist', 'lenet5-mnist', digits, ROUNDS);
  console.log(
    `28 × 28 PNG on lenet5-mnist, dropped bytes to last thumbnail: median ${ms(median(times))}, fastest ${ms(Math.min(...times))} of ${ROUNDS} (aim 150 ms; ${load()})`,
  );
  const states = [await memory(app, page)];
  while (states.length < 3) {
    for (let i = 0; i < PICTURES; i++) await drop(page, digits[i % 10]);
    states.push(await memory(app, page));
  }
  console.log(
    `memory of all processes: ${states[0]} at rest, ${states[1]} after ${PICTURES} pictures, ${states[2]} after ${2 * PICTURES}`,
  );
  await app.close();
}

/** Presses Enter in the overview: milliseconds until the maps, the kernels beside them and every map's own resolution are painted. */
function openLayer(page) {
  return page.evaluate(async () => {
    const group = () => document.querySelector('main [role=group][aria-label="All maps"]');
    const canvases = () => [...(group()?.querySelectorAll('canvas') ?? [])];
    const started = performance.now();
    window.press('Enter');
    // A canvas is 1 × 1 until it is drawn.
    const maps = await window.painted(() => canvases().length > 0 && canvases().every(({ width }) => width > 1));
    const kernels = await window.painted(() => document.querySelector('main table.heat') !== null);
    const full = await window.painted(() => canvases().every(({ width }) => width === 112));
    // All that is in view has a map, and every map its picture.
    const box = group().getBoundingClientRect();
    const lowest = Math.max(...canvases().map((canvas) => canvas.getBoundingClientRect().bottom));
    const pictures = canvases().map((canvas) => canvas.getContext('2d').getImageData(0, 0, 112, 112).data);
    if (lowest < box.bottom - 40) throw new Error('there is room below the last map that was drawn');
    if (!pictures.every((data) => data.every((byte, i) => i % 4 !== 3 || byte === 255)))
      throw new Error('a map is empty');
    return { maps: maps - started, kernels: kernels - started, full: full - started, count: pictures.length };
  });
}

/** Milliseconds from an arrow key until what `selector` says has changed and is painted. */
async function steps(page, key, selector) {
  const times = [];
  for (let i = 0; i < STEPS; i++) {
    const time = await page.evaluate(
      async ({ key, selector }) => {
        const text = () => document.querySelector(selector).textContent;
        const before = text();
        const started = performance.now();
        window.press(key);
        return (await window.painted(() => text() !== before)) - started;
      },
      { key, selector },
    );
    times.push(time);
    await page.waitForTimeout(150);
  }
  return times.slice(2);
}

async function largeNetwork() {
  const firsts = [];
  const rest = [];
  for (let launched = 1; launched <= LAUNCHES; launched++) {
    const { app, page } = await launch(sample('red-shape'), large);
    await page.waitForTimeout(1000);
    firsts.push(await openLayer(page));
    for (let i = 1; i < OPENINGS; i++) {
      await page.keyboard.press('Escape');
      await page.waitForTimeout(300);
      rest.push(await openLayer(page));
    }
    if (launched === LAUNCHES) {
      const said = (times) => `median ${ms(median(times))}, fastest ${ms(Math.min(...times))} of ${times.length}`;
      console.log(`next map of that layer, to its numbers: ${said(await steps(page, 'ArrowDown', 'main .chain'))}`);
      await page.keyboard.press('Enter');
      await page.getByTestId('pixel-shown').waitFor();
      console.log(`next unit of a map, to its sum: ${said(await steps(page, 'ArrowDown', 'main .pixel'))} (${load()})`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      const shapes = ['red-shape', 'blue-shape', 'green-shape'];
      await traffic({ app, page }, 'conv 64@7×7 on 3×224×224', large, shapes, 6);
    }
    await app.close();
  }
  const of = (openings, key) => ms(median(openings.map((opening) => opening[key])));
  for (const [name, openings] of [
    ['the first time', firsts],
    ['after', rest],
  ])
    console.log(
      `opening a layer of 64 maps of 112 × 112 ${name}, median of ${openings.length}: the ${openings[0].count} maps in reach painted (averaged 2 × 2) ${of(openings, 'maps')} (aim 100 ms), kernels beside them ${of(openings, 'kernels')}, every map in full ${of(openings, 'full')} (${load()})`,
    );
}
