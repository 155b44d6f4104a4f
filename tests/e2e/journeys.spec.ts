import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { expect, root, test } from './app';
import { readNpy } from './npy';

const folder = mkdtempSync(join(tmpdir(), 'convscope-journeys-'));
const sample = (name: string): string => join(root, 'resources', 'samples', `${name}.png`);

/** What `inspect --json` says of a picture. */
function onTheCommandLine(
  picture: string,
  ...args: string[]
): { predictions: { label: string; probability: number }[]; layers: { name: string; max: number }[] } {
  const out = execFileSync(
    process.execPath,
    [join(root, 'bin', 'convscope.js'), 'inspect', picture, '--json', ...args],
    { encoding: 'utf8' },
  );
  return JSON.parse(out.trimEnd().split('\n').at(-1)!) as ReturnType<typeof onTheCommandLine>;
}

/** The class that the overview shows as the likeliest, and its share as written. */
async function likeliest(page: Page): Promise<{ label: string; share: string }> {
  const rows = await page
    .getByRole('group', { name: 'Prediction' })
    .getByRole('button')
    .evaluateAll((buttons) =>
      buttons
        .map((button) => /^(.*): ([>\d.]+)\s%$/.exec(button.getAttribute('aria-label') ?? ''))
        .filter((match) => match !== null)
        .map(([, label, share]) => ({ label, share })),
    );
  return rows.sort((a, b) => Number(b.share.replace('>', '')) - Number(a.share.replace('>', '')))[0];
}

const image = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^Image: ${name}`) });
const network = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^Network: ${name}`) });

/** Hands files to the page as a drop or a paste does. */
async function hand(
  page: Page,
  kind: 'drop' | 'paste',
  files: { name: string; type: string; bytes: Buffer }[],
): Promise<void> {
  const plain = files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') }));
  await page.evaluate(
    ({ kind, plain }) => {
      const data = new DataTransfer();
      for (const { name, type, base64 } of plain) {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      const options = { bubbles: true, cancelable: true };
      if (kind === 'drop') {
        document.body.dispatchEvent(new DragEvent('dragenter', { ...options, dataTransfer: data }));
        document.body.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: data }));
      } else document.body.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
    },
    { kind, plain },
  );
}

test('at start a trained network has looked at a sample, and is right', async ({ launch }) => {
  const { page } = await launch();
  await expect(network(page, 'LeNet-5, test accuracy 99')).toBeVisible();
  await expect(image(page, 'Digit')).toBeVisible();
  const label = /Digit (\d)/.exec((await image(page, 'Digit').getAttribute('aria-label'))!)![1];
  await expect.poll(async () => (await likeliest(page))?.label).toBe(label);
});

test('three depths, each one step from the next @page', async ({ launch }) => {
  const { page } = await launch();
  const depth = page.getByRole('navigation', { name: 'Depth' }).getByRole('button');
  await expect(page.getByRole('button', { name: 'Open conv1' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(depth).toHaveCount(2);
  await page.keyboard.press('Enter');
  await expect(depth).toHaveCount(3);
  await expect(page.getByTestId('pixel-shown')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(depth).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(depth).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(depth).toHaveCount(1);

  // The mouse: the first click selects, the same again opens; empty space and the path go up.
  const map = page.getByRole('button', { name: /^conv2 map 5,/ });
  await map.click();
  await expect(page.getByRole('region', { name: 'Details' }).getByRole('heading', { name: 'conv2 · 5' })).toBeVisible();
  await expect(depth).toHaveCount(1);
  await map.click();
  await expect(depth).toHaveCount(2);
  await page.getByRole('main').click({ position: { x: 4, y: 500 } });
  await expect(depth).toHaveCount(1);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(depth).toHaveCount(3);
  await depth.first().click();
  await expect(depth).toHaveCount(1);
});

test('arrows move between maps and layers, / finds a layer, ? shows the keys, S changes the scale @page', async ({
  launch,
}) => {
  const { page } = await launch();
  const title = page.getByRole('region', { name: 'Details' }).getByRole('heading', { level: 2 }).first();
  await expect(title).toHaveText('conv1 · 0');
  await page.keyboard.press('ArrowDown');
  await expect(title).toHaveText('conv1 · 1');
  await page.keyboard.press('ArrowRight');
  await expect(title).toHaveText('relu1 · 1');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowUp');
  await expect(title).toHaveText('conv1 · 0');

  await page.keyboard.press('/');
  await page.keyboard.type('16×10');
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.keyboard.press('Enter');
  await expect(title).toHaveText(/^conv2 · \d+$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Depth' }).getByRole('button')).toHaveCount(2);
  await page.keyboard.press('Escape');

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden();

  const scale = page.getByRole('radiogroup', { name: 'Scale over' });
  await expect(scale.getByRole('radio', { name: 'Layer' })).toBeChecked();
  await page.keyboard.press('s');
  await expect(scale.getByRole('radio', { name: 'Network' })).toBeChecked();
  await expect(page.getByRole('img', { name: /^Color scale of network/i })).toBeVisible();
});

test('a picture comes by drop, paste, dialog, sample and command line, and every way shows the same', async ({
  launch,
}) => {
  const expected = onTheCommandLine(sample('digit-4'), '--model', 'lenet5-mnist');
  const { probability } = expected.predictions[0];
  const share = probability < 1 && probability > 0.9995 ? '>99.9' : (probability * 100).toFixed(1);
  const { page } = await launch({ args: [sample('digit-4')] });
  const bytes = readFileSync(sample('digit-4'));

  const isFour = async (): Promise<void> => {
    await expect.poll(async () => (await likeliest(page))?.label).toBe('4');
    expect((await likeliest(page)).share).toBe(share);
  };
  const other = async (): Promise<void> => {
    await page.getByRole('button', { name: /^Image:/ }).click();
    await page.getByRole('option', { name: /^Digit 1/ }).click();
    await expect.poll(async () => (await likeliest(page))?.label).toBe('1');
  };

  await isFour(); // named on the command line
  await other();
  await hand(page, 'drop', [{ name: 'dropped.png', type: 'image/png', bytes }]);
  await expect(image(page, 'dropped.png')).toBeVisible();
  await isFour();
  await other();
  await page.getByRole('button', { name: /^Image:/ }).click();
  const recent = page.getByRole('listbox', { name: 'Recent pictures' }).getByRole('option');
  await expect(recent).toHaveCount(1); // one file, by two names
  await recent.click();
  await isFour();
  await other();
  await hand(page, 'paste', [{ name: 'image.png', type: 'image/png', bytes }]);
  await isFour();
  await other();
  await page.getByRole('button', { name: /^Image:/ }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('dialog', { name: 'Image' }).getByRole('button', { name: 'Choose a picture' }).click(),
  ]);
  await chooser.setFiles(sample('digit-4'));
  await expect(image(page, 'digit-4.png')).toBeVisible();
  await isFour();
});

test('a digit drawn on the pad is read', async ({ launch }) => {
  const { page } = await launch();
  await page.getByRole('button', { name: /^Image:/ }).click();
  await page.getByRole('dialog', { name: 'Image' }).getByRole('button', { name: 'Draw' }).click();
  const pad = page.getByRole('dialog', { name: /Draw/ }).locator('canvas').first();
  const box = (await pad.boundingBox())!;
  const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.28, 0.25));
  await page.mouse.down();
  await page.mouse.move(...at(0.7, 0.25), { steps: 8 });
  await page.mouse.move(...at(0.42, 0.85), { steps: 10 });
  await page.mouse.up();
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await likeliest(page))?.label).toBe('7');
  // It fits as it is, so the strip is one picture; the pad has kept the stroke, and Ctrl + Z takes it back.
  const strip = page.getByRole('group', { name: 'What the network sees' });
  await expect(strip).toContainText('Upright, fitted');
  await expect(strip.locator('figure')).toHaveCount(0);
  await page.getByRole('button', { name: 'Draw a picture' }).click();
  const undo = page.getByRole('dialog', { name: /Draw/ }).getByRole('button', { name: 'Undo stroke' });
  await expect(undo).toBeEnabled();
  await page.keyboard.press('Control+z');
  await expect(undo).toBeDisabled();
});

test('a dark digit on white is inverted by suggestion, and the switch turns it off @page', async ({ launch }) => {
  const { page } = await launch({ args: [sample('digit-on-paper')] });
  const label = '5';
  await expect.poll(async () => (await likeliest(page))?.label).toBe(label);
  // The hint pushes the maps down and lies over none of them; once dismissed it stays away.
  const hint = page.getByRole('note').filter({ hasText: 'Dark on light: inverted for this network' });
  const below = (await hint.boundingBox())!;
  expect(below.y + below.height).toBeLessThanOrEqual((await page.getByTestId('stage').boundingBox())!.y);
  await hint.getByRole('button', { name: 'Dismiss' }).click();
  await expect(hint).toBeHidden();
  await page.getByRole('button', { name: /^Image:/ }).click();
  const invert = page.getByRole('radiogroup', { name: 'Invert' });
  await expect(invert.getByRole('radio', { name: 'Auto' })).toBeChecked();
  await invert.getByRole('radio', { name: 'Off' }).click();
  const off = onTheCommandLine(sample('digit-on-paper'), '--model', 'lenet5-mnist', '--invert', 'off');
  await expect.poll(async () => (await likeliest(page))?.label).toBe(off.predictions[0].label);
});

test('what cannot be opened is said by name and reason, and the view stays', async ({ launch }) => {
  const { page } = await launch({ args: [sample('digit-4')] });
  await expect.poll(async () => (await likeliest(page))?.label).toBe('4');
  const png = readFileSync(sample('digit-4'));
  const bad: [string, Buffer, RegExp][] = [
    ['cut.png', png.subarray(0, png.length / 2), /cut\.png.*(damaged|cut short)/],
    ['empty.png', Buffer.alloc(0), /empty\.png.*empty/],
    ['notes.txt', Buffer.from('no picture'), /notes\.txt.*not a picture/],
    [
      'cut.onnx',
      readFileSync(join(root, 'resources', 'models', 'lenet5-mnist.onnx')).subarray(0, 5000),
      /cut\.onnx.*(ONNX|cut short)/,
    ],
    ['noise.onnx', Buffer.from('this is not a model'), /noise\.onnx.*not an ONNX model/],
    [
      'huge.svg',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="60000" height="60000"/>'),
      /huge\.svg.*60000/,
    ],
  ];
  for (const [name, bytes, message] of bad) {
    await hand(page, 'drop', [{ name, type: '', bytes }]);
    await expect(page.getByRole('main').getByText(message)).toBeVisible();
    await expect(image(page, '.*digit-4.png')).toBeVisible();
    await expect(network(page, 'LeNet-5')).toBeVisible();
    expect((await likeliest(page)).label).toBe('4');
  }
  await hand(page, 'drop', [{ name: 'digit-1.png', type: 'image/png', bytes: readFileSync(sample('digit-1')) }]);
  await expect.poll(async () => (await likeliest(page))?.label).toBe('1');
});

test('a photo on its side, with transparency and a color network @page', async ({ launch }) => {
  const file = join(folder, 'sideways.jpg');
  await sharp({ create: { width: 60, height: 40, channels: 3, background: '#ff0000' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toFile(file);
  const { page } = await launch({ args: [file, '--model', 'colors-cnn'] });
  await expect(image(page, '.*sideways.jpg, 40 × 60')).toBeVisible();
  await expect(page.getByRole('main').getByText('40 × 60').first()).toBeVisible();
});

test('networks are picked, checked against onnxruntime and exported', async ({ launch }) => {
  const app = await launch();
  const { page } = app;
  await page.getByRole('button', { name: /^Network:/ }).click();
  await page.getByRole('option', { name: /colors/i }).click();
  await expect(network(page, '.*colors, test accuracy 9\\d')).toBeVisible();
  await page.getByRole('button', { name: 'About this network' }).click();
  const panel = page.getByRole('dialog').filter({ hasText: 'multiply-adds' });
  await panel.getByRole('button', { name: /Check against onnxruntime/ }).click();
  await expect(panel.getByText(/100 images, onnxruntime 1\./)).toBeVisible();
  const file = await app.saved(() => panel.getByRole('button', { name: /Export/ }).click());
  expect(readFileSync(file).equals(readFileSync(join(root, 'resources', 'models', 'colors-cnn.onnx')))).toBe(true);
});

test('the view is saved as PNG, a tensor as .npy', async ({ launch }) => {
  const app = await launch({ args: [sample('digit-4')] });
  const { page } = app;
  await expect.poll(async () => (await likeliest(page))?.label).toBe('4');
  for (let depth = 0; depth < 3; depth++) {
    const picture = readFileSync(
      await app.saved(async () => {
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByRole('button', { name: /^Save view as PNG/ }).click();
      }),
    );
    const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    // Twice the stage, below a line of 40 pixels with the title at the left and the scale at the right.
    const stage = await page.getByTestId('stage').evaluate((part) => [part.clientWidth, part.clientHeight]);
    expect([info.width, info.height]).toEqual([2 * stage[0], 2 * (stage[1] + 40)]);
    const inHead = (from: number, to: number): number => {
      const found = new Set<number>();
      for (let y = 0; y < 80; y++)
        for (let x = from; x < to; x++)
          found.add(data[3 * (y * info.width + x)] ^ (data[3 * (y * info.width + x) + 2] << 8));
      return found.size;
    };
    expect(inHead(40, 300)).toBeGreaterThan(10);
    // The color bar has hundreds of colors.
    expect(inHead(info.width / 2, info.width)).toBeGreaterThan(50);
    // A picture of something: many colors, not one.
    const colors = new Set<number>();
    for (let i = 0; i < data.length; i += 3) colors.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    expect(colors.size).toBeGreaterThan(100);
    await page.getByRole('main').press('Enter');
  }
  await page.keyboard.press('Escape');
  const tensor = readNpy(await app.saved(() => page.keyboard.press('n')));
  expect(tensor.shape).toEqual([6, 28, 28]);
  const conv1 = onTheCommandLine(sample('digit-4'), '--model', 'lenet5-mnist').layers[0];
  expect(Math.max(...tensor.data)).toBeCloseTo(conv1.max, 5);
});

test('中文 and English, light and dark @page', async ({ launch }) => {
  const { page } = await launch({ locale: 'zh-CN' });
  await expect(page.getByRole('radio', { name: '中文' })).toBeChecked();
  await expect(page.getByText('卷积').first()).toBeVisible();
  await page.getByRole('radio', { name: 'EN' }).click();
  await expect(page.getByRole('button', { name: 'Light or dark' })).toBeVisible();
  const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  await page.getByRole('button', { name: 'Light or dark' }).click();
  await expect.poll(ground).not.toBe(before);
});

test('a folder is refused by name', async ({ launch }) => {
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures, { recursive: true });
  writeFileSync(join(pictures, 'a.txt'), '');
  const { page } = await launch({ args: [pictures] });
  await expect(page.getByRole('main').getByText(new RegExp(`${basename(pictures)}.*folder`))).toBeVisible();
  await expect(network(page, 'LeNet-5')).toBeVisible();
});
