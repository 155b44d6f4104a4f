import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { npy, npz } from '../engine/data/make';
import { expect, root, test, type App } from './app';

const convscope = (...args: string[]): string =>
  execFileSync(process.execPath, [join(root, 'bin', 'convscope.js'), ...args], { encoding: 'utf8' });

const main = (page: Page) => page.getByRole('main');
const runs = (page: Page) => page.getByRole('listbox', { name: 'Runs' }).getByRole('option');

async function goTo(page: Page, screen: 'Inspect' | 'Train' | 'Compare'): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: screen }).click();
}

/** Chooses a folder as a person does: in Electron's dialog, or in the browser's, which hands over its files. */
async function chooseFolder(app: App, path: string): Promise<void> {
  const choose = app.page.getByRole('button', { name: 'Choose a folder…' });
  if (app.electron) {
    await app.electron.evaluate(({ dialog }, folder) => {
      const answer = (): Promise<unknown> => Promise.resolve({ canceled: false, filePaths: [folder] });
      Object.assign(dialog, { showOpenDialog: answer });
    }, path);
    return choose.click();
  }
  const [chooser] = await Promise.all([app.page.waitForEvent('filechooser'), choose.click()]);
  await chooser.setFiles(path);
}

async function startBoth(page: Page, epochs: number): Promise<void> {
  await main(page).getByRole('spinbutton', { name: 'Epochs', exact: true }).fill(String(epochs));
  await main(page)
    .getByRole('checkbox', { name: /Then train its dense twin/ })
    .check();
  await main(page).getByRole('button', { name: 'Start 2 runs' }).click();
}

/** Waits until the two newest runs are through. */
async function bothFinished(page: Page): Promise<void> {
  await expect(runs(page).nth(1)).toHaveAccessibleName(/finished/);
  await expect(runs(page).nth(0)).toHaveAccessibleName(/finished/);
}

const accuracyIn = (name: string | null): number => Number(/accuracy ([\d.]+)\s%/.exec(name ?? '')?.[1]);

/** Exports the run that is shown; the file's path. */
async function exported(app: App): Promise<string> {
  const { page } = app;
  await main(page)
    .getByRole('button', { name: /^Export/ })
    .click();
  const panel = page.getByRole('dialog', { name: /Export/ });
  await expect(panel.getByText('Every layer agrees')).toBeVisible();
  const path = await app.saved(() => panel.getByRole('button', { name: 'Save the file' }).click());
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(main(page).getByRole('button', { name: /^Export/ })).toBeFocused();
  return path;
}

/** From two finished runs, the CNN older than its twin: compares them, looks at a picture, exports the better one. */
async function compareAndExport(app: App, data: string): Promise<void> {
  const { page } = app;
  const [twin, cnn] = [
    await runs(page).nth(0).getAttribute('aria-label'),
    await runs(page).nth(1).getAttribute('aria-label'),
  ];
  expect(twin).toContain('dense twin');

  await goTo(page, 'Compare');
  const boxes = page.getByRole('complementary').getByRole('list', { name: 'Runs' }).getByRole('checkbox');
  await expect(boxes).toHaveCount(2);
  for (const box of await boxes.all()) await box.check();
  const figures = main(page).getByRole('region', { name: 'Figures' }).getByRole('table');
  await expect(figures).toBeVisible();
  await expect(main(page).getByRole('grid', { name: /^Confusion matrix of/ })).toHaveCount(2);
  const text = await figures.innerText();
  for (const figure of ['accuracy', 'loss', 'parameters', 'multiply-adds', 'training time', 'time per picture', 'file'])
    expect(text).toContain(figure);
  for (const name of [twin, cnn]) expect(text).toContain(accuracyIn(name).toFixed(1));

  await expect(main(page).getByRole('region', { name: 'Certainty' }).getByRole('figure')).toHaveCount(4);
  await expect(main(page).getByText(/McNemar’s exact test, p [=<] [\d.]+/)).toBeVisible();

  // A picture on which they disagree, one click from Inspect.
  await main(page)
    .getByRole('button', { name: /^Picture 1, / })
    .first()
    .click();
  await expect(page.getByTestId('stage')).toBeVisible();
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();

  await goTo(page, 'Train');
  const better = accuracyIn(twin) > accuracyIn(cnn) ? 0 : 1;
  await runs(page).nth(better).click();
  const file = await exported(app);
  const verdict = JSON.parse(convscope('verify', file, '--data', data, '--json')) as { ok: boolean };
  expect(verdict.ok).toBe(true);
}

test('colored shapes: a CNN and its twin are trained, compared, the better one exported, verified and kept', async ({
  launch,
}) => {
  const app = await launch();
  const { page } = app;
  await goTo(page, 'Train');
  await expect(main(page).getByText('6 classes, 6,000 pictures')).toBeVisible();
  await startBoth(page, 3);
  // It is seen while it trains.
  await expect(main(page).getByRole('figure', { name: /^Loss/ })).toBeVisible();
  await expect(main(page).getByText('First layer’s kernels')).toBeVisible();
  await bothFinished(page);

  // A cell of the confusion matrix shows its pictures.
  await runs(page).nth(1).click();
  await main(page).getByRole('radio', { name: 'Results' }).click();
  await main(page)
    .getByRole('gridcell', { name: /^actual red, predicted red/ })
    .click();
  await expect(main(page).getByRole('button', { name: /^Picture 1, actual red/ })).toBeVisible();
  await compareAndExport(app, 'builtin:colors');

  // In the smallest window nothing of the run's tools stands over the list beside it.
  await app.resize(800, 560);
  const remove = await main(page).getByRole('button', { name: 'Remove' }).boundingBox();
  const frame = await main(page).boundingBox();
  expect(remove!.x + remove!.width).toBeLessThanOrEqual(frame!.x + frame!.width);

  // The list survives a restart.
  await app.close();
  const again = await launch();
  await goTo(again.page, 'Train');
  await expect(runs(again.page)).toHaveCount(2);
  await expect(runs(again.page).nth(1)).toHaveAccessibleName(/finished/);
});

test('a folder of photos: chosen, looked through, trained on, compared, exported', async ({ launch }) => {
  const cats = join(root, '..', 'shared', 'data', 'cats-dogs');
  test.skip(!existsSync(cats), `no data beside the project: ${cats}`);
  const app = await launch();
  const { page } = app;
  await goTo(page, 'Train');
  await chooseFolder(app, cats);
  await expect(main(page).getByText(/2 classes, 400 pictures/)).toBeVisible();
  await startBoth(page, 2);
  await bothFinished(page);
  await compareAndExport(app, cats);
});

test('few photos: a head on the pretrained body is proposed, trained beside a network from random weights, opened', async ({
  launch,
}, info) => {
  const cats = join(root, '..', 'shared', 'data', 'cats-dogs');
  test.skip(!existsSync(cats), `no data beside the project: ${cats}`);
  const few = info.outputPath('few');
  for (const name of ['cats', 'dogs']) {
    mkdirSync(join(few, name), { recursive: true });
    for (const file of readdirSync(join(cats, 'train', name)).slice(0, 10))
      writeFileSync(join(few, name, file), readFileSync(join(cats, 'train', name, file)));
  }
  const app = await launch();
  const { page } = app;
  await goTo(page, 'Train');
  await chooseFolder(app, few);
  await expect(main(page).getByText(/2 classes, 20 pictures/)).toBeVisible();
  await expect(main(page).getByRole('radio', { name: 'Pretrained body' })).toBeChecked();
  // Back and forth: the other network, and the head again.
  await main(page).getByRole('radio', { name: 'Random weights' }).click();
  await expect(main(page).getByRole('checkbox', { name: /Then train its dense twin/ })).toBeVisible();
  await main(page).getByRole('button', { name: 'Use what fits the data' }).click();
  await expect(main(page).getByRole('radio', { name: 'Pretrained body' })).toBeChecked();
  await main(page)
    .getByRole('checkbox', { name: /Then train a network from random weights/ })
    .check();
  await main(page).getByRole('button', { name: 'Start 2 runs' }).click();
  await expect(runs(page).nth(1)).toHaveAccessibleName(/^head on efficientnet-lite0 .*finished/);
  await runs(page).nth(1).click();
  await main(page)
    .getByRole('button', { name: /Inspect/ })
    .click();
  await expect(page.getByRole('button', { name: /^Network: head on efficientnet-lite0/ })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();
  expect(app.errors).toEqual([]);
});

test('arrays whose scale is in doubt: it is asked for, the data read anew, and the run trains on that @page', async ({
  launch,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-range-'));
  const side = 28;
  // A dark half at the left or at the right; 15 is as bright as it gets.
  const labels = Uint8Array.from({ length: 60 }, (_, i) => i % 2);
  const pixels = Uint8Array.from({ length: labels.length * side * side }, (_, i) => {
    const [picture, x] = [Math.floor(i / (side * side)), i % side];
    return x < side / 2 === (labels[picture] === 0) ? 15 - (picture % 8) : 0;
  });
  const set = npz({ x_train: npy('|u1', [60, side, side], pixels), y_train: npy('|u1', [60], labels) });
  writeFileSync(join(folder, 'set.npz'), set);

  const app = await launch();
  const { page } = app;
  await goTo(page, 'Train');
  await expect(main(page).getByRole('radiogroup', { name: 'Pixel values' })).toHaveCount(0);
  await chooseFolder(app, folder);
  await expect(main(page).getByText(/no value above 15 of 255/)).toBeVisible();
  const scale = main(page).getByRole('radiogroup', { name: 'Pixel values' });
  // By keys alone: from the choice in force to one's own numbers, which begin with what was suggested.
  await scale.getByRole('radio', { name: 'automatic' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(scale.getByRole('radio', { name: 'custom' })).toBeFocused();
  await expect(main(page).getByText(/0 for black and 15 for white/)).toBeVisible();
  // In the smallest window the table stays in its place, and nothing makes the window itself scroll.
  await app.resize(800, 560);
  expect(
    await page.evaluate(() => {
      const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement;
      const table = document.querySelector('main table')!;
      return [
        scrollHeight - clientHeight,
        scrollWidth - clientWidth,
        table.scrollWidth - table.parentElement!.clientWidth,
      ];
    }),
  ).toEqual([0, 0, 0]);
  await app.resize(1440, 900);
  const white = main(page).getByRole('spinbutton', { name: 'White' });
  await white.fill('0');
  await expect(main(page).getByRole('alert')).toContainText('black below white');
  await expect(main(page).getByRole('button', { name: 'Start training' })).toBeDisabled();
  await white.fill('16');
  await white.press('Enter');
  await expect(main(page).getByText(/0 for black and 16 for white/)).toBeVisible();
  await expect(white).toBeFocused();
  await main(page).getByRole('spinbutton', { name: 'Epochs', exact: true }).fill('1');
  await main(page).getByRole('button', { name: 'Start training' }).click();
  await expect(runs(page).first()).toHaveAccessibleName(/finished/);
  const [run] = readdirSync(join(app.data, 'runs'));
  const record = JSON.parse(readFileSync(join(app.data, 'runs', run, 'run.json'), 'utf8')) as { data: unknown };
  expect(record.data).toMatchObject({ range: { low: 0, high: 16 } });
  rmSync(folder, { recursive: true, force: true });
});

/** Begins a run of so many epochs on the drawn shapes, and waits until one of them is through. */
async function beginLongRun(page: Page, epochs: number): Promise<void> {
  await goTo(page, 'Train');
  await main(page).getByRole('spinbutton', { name: 'Epochs', exact: true }).fill(String(epochs));
  await main(page).getByRole('button', { name: 'Start training' }).click();
  await expect(runs(page).first()).toHaveAccessibleName(/validation accuracy/);
}

/** The process that trains: the run's folder says which. */
function trainingProcess(data: string): number {
  const folder = join(data, 'runs');
  const [run] = readdirSync(folder).filter((name) => existsSync(join(folder, name, '.lock')));
  return (JSON.parse(readFileSync(join(folder, run, '.lock'), 'utf8')) as { pid: number }).pid;
}

const interrupted = (page: Page) => page.getByRole('alert').filter({ hasText: 'was interrupted' });

test('a training whose process is killed is told of on every screen, and goes on from its checkpoint', async ({
  launch,
}) => {
  const { page, data } = await launch();
  await beginLongRun(page, 12);
  await goTo(page, 'Inspect');
  process.kill(trainingProcess(data), 'SIGKILL');
  await expect(interrupted(page)).toContainText(/after epoch \d+ of 12/);
  await interrupted(page).getByRole('button', { name: 'Resume' }).click();
  await expect(interrupted(page)).toHaveCount(0);
  await goTo(page, 'Train');
  await expect(runs(page).first()).toHaveAccessibleName(/finished, 12 of 12 epochs/);
  await expect(runs(page)).toHaveCount(1);
});

test('while it trains, screens open in parts, charts are drawn anew only when their lines have grown, all filters as one picture @page', async ({
  launch,
}) => {
  const { page } = await launch();
  await beginLongRun(page, 300);
  await expect(main(page).getByRole('img', { name: /^\d+ / }).locator('canvas')).toHaveCount(1);
  const counted = await page.evaluate(async () => {
    const main = document.querySelector('main')!;
    const counted = { drawn: 0, put: 0, grown: 0, said: 0, marked: 0 };
    // uPlot clears its canvas whenever it draws.
    const { clearRect, putImageData, fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...where) {
      counted.drawn++;
      return clearRect.apply(this, where);
    };
    CanvasRenderingContext2D.prototype.putImageData = function (...what: unknown[]) {
      counted.put++;
      return (putImageData as (...what: unknown[]) => void).apply(this, what);
    };
    const best = new Set<string>();
    CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
      if (text.startsWith('best')) counted.marked = best.add(text).size;
      return fillText.call(this, text, ...where);
    };
    // A chart's slider says its newest point; everything else that changes is told in words.
    const watch = new MutationObserver((changes) => {
      for (const { type } of changes) counted[type === 'attributes' ? 'grown' : 'said']++;
    });
    for (const slider of main.querySelectorAll('figure [role=slider]'))
      watch.observe(slider, { attributes: true, attributeFilter: ['aria-valuetext'] });
    watch.observe(main.querySelector('[role=progressbar]')!.parentElement!, { characterData: true, subtree: true });
    await new Promise((resolve) => setTimeout(resolve, 5000));
    watch.disconnect();
    return counted;
  });
  // A click that opens a screen waits for its frame, not for its charts and maps: they come in frames of their own.
  const atOnce = (screen: string): Promise<(string | number)[]> =>
    page.evaluate(
      (screen) =>
        new Promise((resolve) => {
          const before = document.querySelector('main');
          // Called after the task that shows the screen, before any frame.
          const shown = new MutationObserver(() => {
            const main = document.querySelector('main');
            if (!main || main === before) return;
            shown.disconnect();
            resolve([main.getAttribute('aria-label')!, main.querySelectorAll('figure, button.map, canvas').length]);
          });
          shown.observe(document.querySelector('.app')!, { childList: true });
          location.hash = screen;
        }),
      screen,
    );
  expect(await atOnce('inspect')).toEqual(['Inspect', 0]);
  await expect.poll(() => main(page).locator('button.map').count()).toBeGreaterThan(20);
  expect(await atOnce('train')).toEqual(['Train', 0]);
  await expect(main(page).getByRole('figure')).toHaveCount(3);
  await main(page).getByRole('button', { name: /^Stop/ }).click();
  expect(counted.said).toBeGreaterThan(5);
  expect(counted.grown).toBeGreaterThan(5);
  // Of each of three charts one frame that was asked for before and one whose words came later; a new best epoch is marked in two.
  expect(counted.drawn).toBeLessThanOrEqual(counted.grown + 2 * counted.marked + 6);
  // Filters come once a second, at the end of short epochs five times.
  expect(counted.put).toBeGreaterThan(0);
  expect(counted.put).toBeLessThanOrEqual(5 * 5 + 2);
});

test('an app that is closed while it trains says so at the next start and goes on', async ({ launch }) => {
  const app = await launch();
  await beginLongRun(app.page, 200);
  const pid = trainingProcess(app.data);
  await app.close();
  await expect.poll(() => alive(pid)).toBe(false);

  const { page } = await launch();
  await expect(interrupted(page)).toContainText(/after epoch \d+ of 200/);
  await interrupted(page).getByRole('button', { name: 'Resume' }).click();
  await goTo(page, 'Train');
  await expect(runs(page).first()).toHaveAccessibleName(/training/);
  await runs(page).first().click();
  await main(page).getByRole('button', { name: /^Stop/ }).click();
  await expect(runs(page).first()).toHaveAccessibleName(/stopped/);
  await expect(main(page).getByRole('button', { name: /^Resume/ })).toBeVisible();
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // One that has ended and only waits to be noticed by its parent.
  return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

test('folders that are no data sets are told of in place, and the next one is taken', async ({ launch }) => {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-folders-'));
  const picture = await sharp({ create: { width: 20, height: 16, channels: 3, background: '#e04020' } })
    .png()
    .toBuffer();
  const make = (name: string, files: Record<string, Buffer | string>): string => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, path, '..'), { recursive: true });
      writeFileSync(join(folder, name, path), content);
    }
    return join(folder, name);
  };
  const app = await launch();
  const { page } = app;
  await goTo(page, 'Train');
  const problem = main(page).getByRole('alert');

  await chooseFolder(app, make('words', { 'a/readme.txt': 'x', 'b/readme.txt': 'y' }));
  await expect(problem).toContainText('no image');
  await chooseFolder(app, make('one', { 'cats/1.png': picture }));
  await expect(problem).toContainText('a single class');
  await chooseFolder(app, make('broken', { 'cats/1.png': 'no picture', 'dogs/1.png': picture.subarray(0, 40) }));
  await expect(problem).toBeVisible();

  const good = make('宠物 🐾', {
    '猫/1.png': picture,
    '猫/2.png': picture,
    '猫/3.png': 'no picture',
    '🐶/1.png': picture,
    '🐶/2.png': picture,
    '🐶/notes.txt': 'x',
  });
  // A browser follows no link when it hands a folder over; the system's own dialog gives the folder as it is.
  if (app.electron) symlinkSync(good, join(good, '猫', 'again'));
  await chooseFolder(app, good);
  await expect(main(page).getByText('2 classes, 4 pictures')).toBeVisible();
  await expect(main(page).getByRole('rowheader', { name: '猫' })).toBeVisible();
  await expect(main(page).getByRole('rowheader', { name: '🐶' })).toBeVisible();
  await expect(main(page).getByText(/files? (was|were) left out/)).toBeVisible();
  rmSync(folder, { recursive: true, force: true });
});
