import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { file, floats, typed } from '../../src/fuzz/make-onnx';
import { expect, root, test } from './app';

const models = join(root, '..', 'shared', 'data', 'onnx-models');
test.skip(!existsSync(models), 'no ../shared/data/onnx-models');

async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(
    ({ name, base64 }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    { name, base64: bytes.toString('base64') },
  );
}

const modelOf = (name: string): Buffer => readFileSync(join(models, name));
const sample = (name: string): Buffer => readFileSync(join(root, 'resources', 'samples', `${name}.png`));

test('a network of others: dropped with a picture, walked through to a pixel, its preprocessing changed', async ({
  launch,
}) => {
  const { page, errors } = await launch({ viewport: { width: 1280, height: 800 } });
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();
  await drop(page, 'mnist-8_cntk.onnx', modelOf('mnist-8_cntk.onnx'));
  await expect(page.getByRole('button', { name: /^Network: mnist-8_cntk/ })).toBeVisible();
  await drop(page, 'digit-7.png', sample('digit-7'));
  await expect(page.getByRole('button', { name: /^Image: digit-7/ })).toBeVisible();

  // The guess, and why.
  const side = page.getByRole('region', { name: 'Details' });
  await expect(side).toContainText('values 0 … 255: usual in files of CNTK 2.5.1');
  await expect(side.getByLabel('Values')).toHaveValue('bytes');
  const row = page.getByRole('group', { name: 'Prediction' }).getByRole('button', { name: /^7/ });
  await expect(row).toBeVisible();
  const before = await row.getAttribute('aria-label');
  await side.getByLabel('Values').selectOption('signed');
  await expect(side).toContainText('Chosen by you');
  await expect.poll(() => row.getAttribute('aria-label')).not.toBe(before);
  await side.getByRole('button', { name: 'Back to the guess' }).click();
  await expect.poll(() => row.getAttribute('aria-label')).toBe(before);

  // Names for classes that the file does not name, and back to numbers.
  const words = 'zero one two three four five six seven eight nine'.split(' ');
  await drop(page, 'names.txt', Buffer.from(words.join('\n')));
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button', { name: /^seven/ })).toBeVisible();
  await side.getByRole('button', { name: 'Numbers again' }).click();
  await expect(row).toBeVisible();

  // A layer, a pixel, and back.
  await page.keyboard.press('/');
  await page.keyboard.type('Pooling66');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'All maps' }).getByRole('button').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('pixel-shown')).toBeVisible();
  await expect(page.getByRole('main')).toContainText('largest, at (');
  await expect(page.getByTestId('pixel-shown')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();

  // What cannot be opened changes nothing.
  await drop(page, 'cut.onnx', modelOf('lenet_dongkyunk.onnx').subarray(0, 100_000));
  await expect(page.getByText(/cut\.onnx/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Network: mnist-8_cntk/ })).toBeVisible();
  expect(errors).toEqual([]);
});

test('a color photo before a network for digits: the network for photos is offered, and says what it shows', async ({
  launch,
}) => {
  const photo = join(root, '..', 'shared', 'data', 'cats-dogs', 'val', 'dogs');
  test.skip(!existsSync(photo), `no data beside the project: ${photo}`);
  const { page, errors } = await launch({ viewport: { width: 1280, height: 800 } });
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();
  const [name] = readdirSync(photo).sort();
  await drop(page, name, readFileSync(join(photo, name)));
  await page.getByRole('button', { name: 'Open EfficientNet-Lite0 for photos' }).click();
  await expect(page.getByRole('button', { name: /^Network: EfficientNet-Lite0/ })).toBeVisible();
  await expect(page.getByText('has not been trained on photos')).toBeHidden();
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();
  expect(errors).toEqual([]);
});

test('a network that takes no picture opens, its input filled with zeros @page', async ({ launch }) => {
  const { page, errors } = await launch({ viewport: { width: 1280, height: 800 } });
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();
  await drop(page, 'conv1d_audio_torch.onnx', modelOf('conv1d_audio_torch.onnx'));
  await expect(page.getByRole('button', { name: /^Network: conv1d_audio_torch/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Details' })).toContainText('is filled with zeros');
  expect(errors).toEqual([]);
});

test('a network that branches is drawn as a graph: a block unfolded and folded, a node found, its panel read @page', async ({
  launch,
}) => {
  const { page, errors } = await launch({ viewport: { width: 1280, height: 800 } });
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();
  await drop(page, 'resnet20_amandashi.onnx', modelOf('resnet20_amandashi.onnx'));
  await expect(page.getByRole('button', { name: /^Network: resnet20_amandashi/ })).toBeVisible();
  const graph = page.getByRole('group', { name: 'Network as a graph, top to bottom' });
  const block = graph.getByRole('button', { name: /^Unfold .*equal blocks/ }).first();
  await block.click();
  const frame = graph.getByRole('button', { name: /^Fold / }).first();
  await expect(frame).toBeVisible();
  await frame.click();
  await expect(frame).toBeHidden();

  await page.keyboard.press('/');
  await page.keyboard.type('Conv_10');
  await page.keyboard.press('Enter');
  const side = page.getByRole('region', { name: 'Details' });
  await expect(side.getByRole('region', { name: 'Nodes' })).toContainText('Slides kernels over the input');
  await expect(side).toContainText('kernel_shape = 3, 3');
  await expect(graph.getByRole('button', { name: /^Conv_10, / })).toHaveAttribute('aria-current', 'true');

  // What cannot be computed shows its graph, and why.
  await drop(page, 'prepost.onnx', modelOf('pytorch_superresolution_prepost_op18.onnx'));
  await expect(page.getByText(/its graph alone is shown/)).toContainText('custom operator');
  await expect(graph.getByRole('button').first()).toBeVisible();
  expect(errors).toEqual([]);
});

test('a network of others is taken in as one of ours, or its obstacles are named by node @page', async ({ launch }) => {
  const { page, errors } = await launch({ viewport: { width: 1280, height: 800 } });
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();
  const panel = page.getByRole('dialog').filter({ hasText: 'multiply-adds' });

  await drop(page, 'vit.onnx', modelOf('vit_mini_torch.onnx'));
  await expect(page.getByRole('button', { name: /^Network: vit/ })).toBeVisible();
  await page.getByRole('button', { name: 'About this network' }).click();
  await panel.getByRole('button', { name: 'Take in as a network of ours' }).click();
  await expect(panel.getByRole('listitem').first()).toContainText(/node '.+' \(\w+\): /);
  // The button was gone while it worked: the focus is in the panel still. Esc closes the panel from elsewhere too.
  expect(await panel.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await page.evaluate(() => document.querySelector('main')!.focus());
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();

  await drop(page, 'mnist-8_cntk.onnx', modelOf('mnist-8_cntk.onnx'));
  await expect(page.getByRole('button', { name: /^Network: mnist-8_cntk/ })).toBeVisible();
  await page.getByRole('button', { name: 'About this network' }).click();
  await panel.getByRole('button', { name: 'Take in as a network of ours' }).click();
  // It is checked as what Convscope wrote.
  await expect(panel.getByRole('button', { name: /Check against onnxruntime/ })).toBeEnabled();
  await expect(panel.getByRole('button', { name: 'Take in as a network of ours' })).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('a classifier of others, compared with ours: its classes are confirmed, then both are evaluated @page', async ({
  launch,
}) => {
  const { page, errors, saved } = await launch({ viewport: { width: 1280, height: 800 } });
  await page.getByRole('navigation').getByRole('link', { name: 'Compare' }).click();
  const choose = page.getByRole('complementary', { name: 'Networks' });
  await choose.getByRole('checkbox', { name: /CNN for colors/ }).check();
  const bytes = Buffer.from(meansOf(6));
  await page.getByTestId('compare-file').setInputFiles({ name: 'means.onnx', mimeType: '', buffer: bytes });
  const main = page.getByRole('main');
  await expect(main.getByRole('alert')).toContainText("not those of 'means.onnx' by name");
  await main.getByRole('button', { name: 'They are the same in this order' }).click();
  const table = main.getByRole('table').first();
  await expect(table).toContainText('means.onnx');
  await expect(main).toContainText("B: How pictures go into 'means.onnx' is guessed");
  await expect(table.getByRole('row', { name: /^loss/ }).getByRole('cell').nth(1)).not.toContainText('–');

  // Its twin with another weight, value by value: where it begins is walked to by keys, and back in figures all is as it was.
  const twin = Buffer.from(meansOf(6, 0.5));
  await page.getByTestId('compare-file').setInputFiles({ name: 'twin.onnx', mimeType: '', buffer: twin });
  await page.getByRole('radio', { name: 'Value by value' }).click();
  await choose.getByRole('checkbox', { name: /CNN for colors/ }).uncheck();
  await expect(main).toContainText("It begins at 'y' (MatMul)");
  await expect(main).toContainText('1 weight of one name has other numbers: w.');
  const plot = main.getByRole('slider', { name: 'Signal-to-noise ratio along the graph' });
  await expect(plot).toHaveAttribute('aria-valuetext', /^y: \d+\.\d dB/);
  await plot.press('ArrowLeft');
  await expect(main.getByRole('table').locator('tr[aria-current]')).toContainText('flat');
  const csv = await saved(() => main.getByRole('button', { name: 'Save as CSV' }).click());
  expect(readFileSync(csv, 'utf8')).toMatch(/^value,y,y,name,MatMul,/m);
  await choose.getByRole('checkbox', { name: /twin/ }).uncheck();
  await choose.getByRole('checkbox', { name: /CNN for colors/ }).check();
  await page.getByRole('radio', { name: 'Figures' }).click();

  // It opens in Inspect from there.
  await table.getByRole('button', { name: 'Open in Inspect' }).nth(1).click();
  await expect(page.getByRole('button', { name: /^Network: means/ })).toBeVisible();
  expect(errors).toEqual([]);
});

/** A network that tells classes apart by the mean of each color plane, and names none of them. `last` is its last weight. */
const meansOf = (classes: number, last = Math.sin(3 * classes - 1)): Uint8Array =>
  file({
    nodes: [
      { op: 'GlobalAveragePool', in: ['x'], out: ['pooled'] },
      { op: 'Flatten', in: ['pooled'], out: ['flat'] },
      { op: 'MatMul', in: ['flat', 'w'], out: ['y'] },
    ],
    inputs: [typed('x', 1, ['N', 3, 32, 32])],
    outputs: [typed('y', 1, ['N', classes])],
    weights: [
      floats(
        'w',
        [3, classes],
        Array.from({ length: 3 * classes }, (_, i) => (i === 3 * classes - 1 ? last : Math.sin(i))),
      ),
    ],
  });
