import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
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

  // A layer, a pixel, and back.
  await page.keyboard.press('/');
  await page.keyboard.type('Pooling66');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'All maps' }).getByRole('button').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('pixel-shown')).toBeVisible();
  await expect(page.getByRole('main')).toContainText('MaxPool');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();

  // What cannot be opened changes nothing.
  await drop(page, 'cut.onnx', modelOf('lenet_dongkyunk.onnx').subarray(0, 100_000));
  await expect(page.getByText(/cut\.onnx/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Network: mnist-8_cntk/ })).toBeVisible();
  expect(errors).toEqual([]);
});

test('a network that takes no picture opens, its input filled with zeros', async ({ launch }) => {
  const { page, errors } = await launch({ viewport: { width: 1280, height: 800 } });
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();
  await drop(page, 'conv1d_audio_torch.onnx', modelOf('conv1d_audio_torch.onnx'));
  await expect(page.getByRole('button', { name: /^Network: conv1d_audio_torch/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Details' })).toContainText('is filled with zeros');
  expect(errors).toEqual([]);
});
