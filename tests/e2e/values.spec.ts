import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, root, test } from './app';
import { registry } from '../../src/core/layers/registry';
import { testModel, writeTestModel } from './networks';
import { readNpy } from './npy';

const folder = mkdtempSync(join(tmpdir(), 'convscope-values-'));
const picture = join(root, 'resources', 'samples', 'digit-3.png');

/** What the command line writes for the same picture and network. */
function fromCommandLine(model: string): Map<string, ReturnType<typeof readNpy>> {
  const out = mkdtempSync(join(folder, 'out-'));
  execFileSync(process.execPath, [
    join(root, 'bin', 'convscope.js'),
    'inspect',
    picture,
    '--model',
    model,
    '--out',
    out,
    '--npy',
  ]);
  const files = readdirSync(out).filter((name) => name.endsWith('.npy'));
  return new Map(files.map((name) => [name.replace(/^\d+-(.*)\.npy$/, '$1'), readNpy(join(out, name))]));
}

/** Opens a layer by name, then the unit that pixel depth starts at, and moves on by some arrow keys. */
async function openUnit(page: Page, layer: string, keys: string[]): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type(layer);
  await page
    .getByRole('option', { name: new RegExp(`^${layer}\\b`) })
    .first()
    .click();
  for (let depth = 0; depth < 2 && !(await page.getByTestId('pixel-shown').isVisible()); depth++) {
    await page.keyboard.press('Enter');
    await page.waitForTimeout(150);
  }
  await expect(page.getByTestId('pixel-shown')).toBeVisible();
  for (const key of keys) await page.keyboard.press(key);
}

/** Where pixel depth says that it is: layer, channel, row, column. */
async function place(page: Page): Promise<{ channel: number; y: number; x: number }> {
  const panel = page.getByRole('region', { name: 'Details' });
  const title = await panel.getByRole('heading', { level: 2 }).first().innerText();
  const flat = /\[(\d+)\]$/.exec(title);
  if (flat) return { channel: Number(flat[1]), y: 0, x: 0 };
  const [, y, x] = /\((\d+), (\d+)\)/.exec(await panel.innerText())!.map(Number);
  return { channel: Number(/· (\d+)$/.exec(title)![1]), y, x };
}

const number = (text: string): number =>
  Number(
    text
      .replace('−', '-')
      .replace(/\s*×\s*10/, 'e')
      .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/g, (c) => '0123456789-'['⁰¹²³⁴⁵⁶⁷⁸⁹⁻'.indexOf(c)]),
  );

/** Compares a unit of every layer, away from the corner, with the file of the command line. */
async function compareEveryLayer(
  page: Page,
  layers: readonly string[],
  tensors: ReturnType<typeof fromCommandLine>,
): Promise<void> {
  for (const name of layers) {
    await openUnit(page, name, ['ArrowDown', 'ArrowRight', 'Shift+ArrowDown']);
    const { shape, data } = tensors.get(name)!;
    let value = NaN;
    await expect
      .poll(
        async () => {
          const { channel, y, x } = await place(page);
          value = shape.length === 3 ? data[(channel * shape[1] + y) * shape[2] + x] : data[channel];
          const shown = number(await page.getByTestId('pixel-shown').innerText());
          return Math.abs(shown - value) <= 1e-6 * Math.abs(value);
        },
        { message: `${name}: what is shown is what the command line wrote` },
      )
      .toBe(true);
    const recomputed = number(await page.getByTestId('pixel-recomputed').innerText());
    const tolerance = 1e-5 * Math.max(1, Math.abs(value));
    expect(Math.abs(recomputed - value), `${name}: recomputed in doubles`).toBeLessThanOrEqual(tolerance);
  }
}

const everyKind = testModel('every-kind').graph.layers;
const moreKinds = testModel('more-kinds').graph.layers;
const earlyKinds = testModel('early-kinds').graph.layers;
const lenet = ['conv1', 'relu1', 'maxpool1', 'flatten1', 'dense1', 'softmax1'];

test('the number at pixel depth is the .npy of the command line at that place: LeNet-5', async ({ launch }) => {
  const { page } = await launch({ args: [picture, '--model', 'lenet5-mnist'] });
  await expect(page.getByRole('button', { name: /^Image: .*digit-3/ })).toBeVisible();
  await compareEveryLayer(page, lenet, fromCommandLine('lenet5-mnist'));
});

test('every kind of layer is in a network here', () => {
  const kinds = new Set([...everyKind, ...moreKinds, ...earlyKinds].map(({ kind }) => kind));
  const missing = [...registry.keys()].filter((kind) => !kinds.has(kind));
  expect(missing.filter((kind) => kind !== 'logsoftmax' && kind !== 'relu')).toEqual([]);
});

for (const [network, layers] of Object.entries({
  'every-kind': everyKind,
  'more-kinds': moreKinds,
  'early-kinds': earlyKinds,
})) {
  test(`the number at pixel depth is the .npy of the command line at that place: ${network} @page`, async ({
    launch,
  }) => {
    const model = writeTestModel(folder, network);
    const { page } = await launch({ args: [picture, model] });
    await expect(page.getByRole('button', { name: /^Image: .*digit-3/ })).toBeVisible();
    await compareEveryLayer(
      page,
      layers.map(({ name }) => name),
      fromCommandLine(model),
    );
  });
}
