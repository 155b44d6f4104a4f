// How the window answers while a network trains on every core: the same actions by the same clock, at rest and meanwhile, in
// real Electron. Needs a display (xvfb-run -a on a server).
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'convscope-bench-'));
const ACTIONS = 40;
/** Milliseconds given to what a click or a key opens, and for which a run's curves and filters are watched. */
const SETTLING = 1200;
const WATCHED = 15_000;
const RUNS = [
  { name: 'LeNet-5 on gray shapes', data: 'builtin:shapes', id: 'lenet5-mnist', variant: 'itself' },
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
const page = await app.firstWindow();
await page.getByTestId('doors').press('Escape');
const runs = () => page.getByRole('listbox', { name: 'Runs' }).getByRole('option');
/** Everything that a screen is made of, opened and left again, while a run trains. */
const journey = {
  'Train opened': goTo('Train'),
  'a finished run': () => runs().last().click(),
  'the run that trains': () => runs().first().click(),
  'its results': press('2'),
  'its settings': press('3'),
  'its curves': press('1'),
  export: press('e'),
  'export closed': press('Escape'),
  'a new run': press('n'),
  'Compare opened': goTo('Compare'),
  'Inspect opened': goTo('Inspect'),
  'next map': press('ArrowDown'),
  'a layer': press('Enter'),
  'a pixel': press('Enter'),
  'the layer again': press('Escape'),
  'the network again': press('Escape'),
  'next sample': press('.'),
  larger: press('+'),
  smaller: press('-'),
  'the other theme': press('t'),
  'Train again': goTo('Train'),
  'Inspect again': goTo('Inspect'),
};
try {
  await page.getByRole('button', { name: /^Image: .*\d/ }).waitFor({ timeout: 60_000 });
  await page.evaluate(prepare);
  await twoToCompare();
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
    await until(run.id, ({ epoch }) => epoch > 0);
    const meanwhile = await answers(page, ACTIONS);
    const ratio = at(meanwhile, 0.5) / at(rest, 0.5);
    console.log(
      `${name}: next map in Inspect meanwhile: ${said(meanwhile)}, ${ratio.toFixed(2)} times as long as at rest`,
    );

    const steps = [];
    for (const [step, act] of Object.entries(journey)) steps.push({ step, ...(await answered(act)) });
    const late = steps.map(({ timer }) => timer);
    const painted = steps.map(({ event }) => event);
    const worst = (by) => steps.reduce((most, each) => (each[by] > most[by] ? each : most)).step;
    console.log(
      `${name}: ${steps.length} clicks and keys through every screen, until painted: ${said(painted)} (${worst('event')}); ` +
        `a timer meanwhile late by: ${said(late)} (${worst('timer')}) (aim: none over 100 ms)`,
    );
    await goTo('Train')();
    await page.waitForTimeout(SETTLING);
    const watched = await answered(() => page.waitForTimeout(WATCHED));
    console.log(
      `${name}: its curves and filters watched for ${WATCHED / 1000} s: a timer late by at most ${watched.timer.toFixed(0)} ms`,
    );
    await page.evaluate((id) => window.convscope.call('stopRun', { run: id }), run.id);
    await until(run.id, ({ state }) => state === 'stopped');
    await goTo('Inspect')();
    await page.getByTestId('stage').waitFor();
  }
} finally {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A network and its dense twin, trained for an epoch and compared: figures, curves, matrices and pictures are there. */
async function twoToCompare() {
  for (const variant of ['itself', 'twin']) {
    const { id } = await page.evaluate((request) => window.convscope.call('startRun', request), {
      title: variant,
      data: 'builtin:colors',
      network: { source: { kind: 'bundled', id: 'colors-cnn' }, variant },
      options: { epochs: 1 },
    });
    await until(id, ({ state }) => state === 'finished');
  }
  for (const which of [0, 1]) {
    await goTo('Train')();
    await runs().nth(which).click();
    await press('c')();
  }
  await page.getByRole('region', { name: 'Pictures' }).waitFor({ timeout: 60_000 });
  await goTo('Inspect')();
}

/** Waits until a run is as it should be. */
async function until(id, reached) {
  for (const end = Date.now() + 120_000; Date.now() < end;) {
    const list = await page.evaluate(() => window.convscope.call('runs', {}));
    if (reached(list.find((run) => run.id === id))) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`run ${id} did not come to it in two minutes`);
}

/** A click on the rail; a key. */
function goTo(screen) {
  return () => page.getByRole('navigation').getByRole('link', { name: screen }).click();
}
function press(key) {
  return () => page.keyboard.press(key);
}

/**
 * Milliseconds that a click or a key waited until what it changed was painted (as Chromium itself times them, in steps of 8 ms;
 * 0 where it was under 16), and by which a timer was late at most, from then on until everything had opened.
 */
async function answered(act) {
  await page.evaluate(() => window.watch());
  await act();
  await page.waitForTimeout(SETTLING);
  return page.evaluate(() => window.watched());
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
  let longest = { event: 0, timer: 0 };
  new PerformanceObserver((list) => {
    // What the pointer passes over on its way is no click.
    for (const { name, duration } of list.getEntries())
      if (/^(key|click|pointerdown|pointerup)/.test(name)) longest.event = Math.max(longest.event, duration);
  }).observe({ type: 'event', durationThreshold: 16 });
  // Asking without a pause would itself take a processor, and leave garbage to collect.
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    longest.timer = Math.max(longest.timer, now - last - 5);
    last = now;
  }, 5);
  window.watch = () => {
    longest = { event: 0, timer: 0 };
    last = performance.now();
  };
  window.watched = () => longest;
}

async function answers(page, count) {
  const times = [];
  for (let i = 0; i < count; i++) {
    times.push(await page.evaluate((key) => window.answer(key), i % 2 === 0 ? 'ArrowDown' : 'ArrowUp'));
    await page.waitForTimeout(60);
  }
  return times;
}
