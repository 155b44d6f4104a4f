// How the window answers while a network trains on every core: the same actions by the same clock, at rest and meanwhile, in
// real Electron. Needs a display (xvfb-run -a on a server).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'convscope-bench-'));
const ACTIONS = 40;
/** Milliseconds given to opening the run's screen, and for which it is watched then. */
const OPENING = 3000;
const WATCHED = 15_000;
/** Milliseconds in which the time that the window takes of a processor is traced: other programs do not lengthen it. */
const TRACED = 8000;
const RUNS = [
  { name: 'LeNet-5 on grey shapes', data: 'builtin:shapes', id: 'lenet5-mnist', variant: 'itself' },
  {
    name: 'DNN 128-64 on coloured shapes, 64 filters drawn',
    data: 'builtin:colors',
    id: 'colors-cnn',
    variant: 'dense-128-64',
  },
];

const at = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];
const said = (values) =>
  `median ${at(values, 0.5).toFixed(0)}, 95 % ${at(values, 0.95).toFixed(0)}, slowest ${Math.max(...values).toFixed(0)} ms`;

const app = await _electron.launch({
  executablePath: require('electron'),
  args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${join(folder, 'profile')}`, root],
  cwd: root,
  env: { ...process.env, CONVSCOPE_DATA: join(folder, 'data') },
});
try {
  const page = await app.firstWindow();
  await page.getByRole('button', { name: /^Image: .*\d/ }).waitFor({ timeout: 60_000 });
  await page.evaluate(prepare);
  await answers(page, 5); // warm
  const rest = await answers(page, ACTIONS);
  console.log(`next map in Inspect, at rest: ${said(rest)} (load ${loadavg()[0].toFixed(1)})`);
  for (const { name, data, id, variant } of RUNS) {
    const run = await page.evaluate((request) => window.convscope.call('startRun', request), {
      title: name,
      data,
      network: { source: { kind: 'bundled', id }, variant },
      options: { epochs: 100_000 },
    });
    await page.waitForFunction(
      async (id) => (await window.convscope.call('runs', {})).find((each) => each.id === id).epoch > 0,
      run.id,
      { timeout: 120_000 },
    );
    const meanwhile = await answers(page, ACTIONS);
    const ratio = at(meanwhile, 0.5) / at(rest, 0.5);
    console.log(
      `${name}: next map in Inspect meanwhile: ${said(meanwhile)}, ${ratio.toFixed(2)} times as long as at rest`,
    );

    // From before the screen is opened: making three charts and their filters is the most that it does at once.
    const gaps = page.evaluate((milliseconds) => window.gaps(milliseconds), OPENING + WATCHED);
    await goTo(page, 'Train');
    await page.getByRole('listbox', { name: 'Runs' }).getByRole('option').first().click();
    await page.getByRole('figure', { name: /^Loss/ }).waitFor();
    const busy = await gaps;
    const slowest = (from, to) =>
      Math.max(...busy.filter(({ at }) => at >= from && at < to).map(({ gap }) => gap)).toFixed(0);
    const over = busy.filter(({ gap }) => gap > 50).length;
    console.log(
      `${name}: the window was busy at a stretch for at most ${slowest(0, OPENING)} ms while its curves and filters were opened, ` +
        `${slowest(OPENING, Infinity)} ms in ${WATCHED / 1000} s of watching them; ${over} of ${busy.length} turns over 50 ms (aim: none over 100 ms)`,
    );
    await goTo(page, 'Inspect');
    const tasks = await traced(() => goTo(page, 'Train'), TRACED);
    const longest = tasks.reduce((most, task) => (task.tdur > most.tdur ? task : most));
    const all = tasks.reduce((sum, { tdur }) => sum + tdur, 0);
    console.log(
      `${name}: its screen opened and watched for ${TRACED / 1000} s: the longest task took ${(longest.tdur / 1000).toFixed(0)} ms ` +
        `of the processor (${(longest.dur / 1000).toFixed(0)} ms by the clock), all together ${(all / 1000).toFixed(0)} ms`,
    );
    await page.evaluate((id) => window.convscope.call('stopRun', { run: id }), run.id);
    await page.waitForFunction(
      async (id) => (await window.convscope.call('runs', {})).find((each) => each.id === id).state === 'stopped',
      run.id,
    );
    await goTo(page, 'Inspect');
    await page.getByTestId('stage').waitFor();
  }
} finally {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}

function goTo(page, screen) {
  return page.getByRole('navigation').getByRole('link', { name: screen }).click();
}

/** Tasks of the page's main thread, microseconds, while something is done and for a time after. */
async function traced(act, milliseconds) {
  await app.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel', 'blink.user_timing', '__metadata'] }),
  );
  await act();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const [file, process] = await app.evaluate(async ({ contentTracing, BrowserWindow }) => [
    await contentTracing.stopRecording(),
    BrowserWindow.getAllWindows()[0].webContents.getOSProcessId(),
  ]);
  const { traceEvents } = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  const main = traceEvents.find(
    ({ pid, name, args }) => pid === process && name === 'thread_name' && args.name === 'CrRendererMain',
  );
  return traceEvents.filter(
    ({ pid, tid, ph, name, tdur }) =>
      pid === process && tid === main.tid && ph === 'X' && /RunTask$/.test(name) && tdur > 0,
  );
}

/** What the page measures with; runs there. */
function prepare() {
  const turn = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  /** Milliseconds from a key until what it changed is painted. */
  window.answer = async (key) => {
    const text = () => document.querySelector('aside').textContent;
    const before = text();
    const started = performance.now();
    document
      .querySelector('main')
      .dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    while (text() === before) await new Promise((resolve) => requestAnimationFrame(resolve));
    await turn();
    return performance.now() - started;
  };
  /**
   * How late a timer that asks every 5 ms comes, in milliseconds, and when: what a click would have to wait. Asking without a
   * pause would itself take a processor, and leave garbage to collect.
   */
  window.gaps = async (milliseconds) => {
    const gaps = [];
    const start = performance.now();
    for (let last = start; last < start + milliseconds;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const now = performance.now();
      gaps.push({ at: last - start, gap: Math.max(0, now - last - 5) });
      last = now;
    }
    return gaps;
  };
}

async function answers(page, count) {
  const times = [];
  for (let i = 0; i < count; i++) {
    times.push(await page.evaluate((key) => window.answer(key), i % 2 === 0 ? 'ArrowDown' : 'ArrowUp'));
    await page.waitForTimeout(60);
  }
  return times;
}
