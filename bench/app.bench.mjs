// The app in real Electron: from the dropped bytes to the last thumbnail on screen, opening a layer of 64 maps, what
// crosses between the processes, memory at rest and after 100 pictures. Needs a display (xvfb-run -a on a server).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'convscope-bench-'));
const sample = (name) => join(root, 'resources', 'samples', `${name}.png`);
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const ms = (value) => `${value.toFixed(0)} ms`;
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

const ROUNDS = 30;
const PICTURES = 100;

execFileSync(process.execPath, [join(root, 'scripts', 'make-test-models.mjs'), folder], { stdio: 'ignore' });
try {
  await thumbnails();
  await manyMaps();
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
  const page = await app.firstWindow();
  await page.getByRole('button', { name: /^Image: .*\d/ }).waitFor({ timeout: 60_000 });
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

async function memory(app) {
  const metrics = await app.evaluate(({ app }) => app.getAppMetrics().map(({ memory }) => memory.workingSetSize));
  return metrics.reduce((sum, kilobytes) => sum + kilobytes * 1024, 0);
}

function traffic(page) {
  return page.evaluate(() => window.convscope.call('traffic', {}));
}

async function thumbnails() {
  const { app, page } = await launch('--model', 'lenet5-mnist');
  const digits = Array.from({ length: 10 }, (_, digit) => `digit-${digit}`);
  for (const digit of digits) await drop(page, digit); // warm
  const before = await traffic(page);
  const times = [];
  for (let i = 0; i < ROUNDS; i++) times.push(await drop(page, digits[i % 10]));
  const after = await traffic(page);
  const crossed = (after.sent + after.received - before.sent - before.received) / ROUNDS;
  console.log(
    `28 × 28 PNG on lenet5-mnist, dropped bytes to last thumbnail: median ${ms(median(times))}, fastest ${ms(Math.min(...times))} of ${ROUNDS} (aim 150 ms)`,
  );
  console.log(
    `crossing between the processes: ${(crossed / 1024).toFixed(1)} KiB a picture; all activations as float32 would be ${((11_182 * 4) / 1024).toFixed(1)} KiB`,
  );
  const rest = await memory(app);
  for (let i = 0; i < PICTURES; i++) await drop(page, digits[i % 10]);
  const later = await memory(app);
  for (let i = 0; i < PICTURES; i++) await drop(page, digits[i % 10]);
  const end = await memory(app);
  console.log(
    `memory of all processes: ${mib(rest)} at rest, ${mib(later)} after ${PICTURES} pictures, ${mib(end)} after ${2 * PICTURES}`,
  );
  await app.close();
}

async function manyMaps() {
  const { app, page } = await launch(sample('red-shape'), join(folder, 'large-224.onnx'));
  const times = [];
  for (let i = 0; i < 10; i++) {
    await page.evaluate(() => document.querySelector('main').focus());
    const time = await page.evaluate(async () => {
      const started = performance.now();
      document
        .querySelector('main')
        .dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      // A canvas is 1 × 1 until it is drawn.
      const drawn = () => {
        const maps = [...document.querySelectorAll('main [role=group] canvas')];
        return maps.length > 0 && maps.every((canvas) => canvas.width > 1);
      };
      const group = () => document.querySelector('main [aria-label="All maps"]');
      while (!(group() && drawn())) await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now() - started;
    });
    times.push(time);
    await page.keyboard.press('Escape');
    await page.waitForTimeout(300);
  }
  const [first, ...rest] = times;
  console.log(
    `opening a layer of 64 maps of 112 × 112: ${ms(first)} the first time, median ${ms(median(rest))} after (aim 100 ms)`,
  );
  await app.close();
}
