import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, root, test } from './app';
import { writeTestModel } from './networks';

const folder = mkdtempSync(join(tmpdir(), 'convscope-networks-'));
const digit = join(root, 'resources', 'samples', 'digit-3.png');

test('a residual graph: the skip is a source of the sum @page', async ({ launch }) => {
  const { page } = await launch({ args: [digit, writeTestModel(folder, 'residual')] });
  for (const name of ['block1-add', 'block2-add', 'block2-around'])
    await expect(page.getByRole('button', { name: `Open ${name}`, exact: true })).toBeAttached();
  await page.keyboard.press('/');
  await page.keyboard.type('block2-add');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('pixel-shown')).toBeVisible();
  await expect(page.getByRole('main')).toContainText('block2-norm2');
  await expect(page.getByRole('main')).toContainText('block2-around-norm');
});

test('a chain of 30 layers: the last is reached with the keyboard @page', async ({ launch }) => {
  const { page } = await launch({ args: [digit, writeTestModel(folder, 'chain-30')] });
  const title = page.getByRole('region', { name: 'Details' }).getByRole('heading', { level: 2 }).first();
  await expect(title).toBeVisible();
  for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowRight');
  await expect(title).toHaveText(/^softmax1/);
});

test('a layer of 512 channels: only what is visible is drawn @page', async ({ launch }) => {
  const { page } = await launch({ args: [digit, writeTestModel(folder, 'wide-512')] });
  const drawn = (): Promise<number> => page.getByRole('main').locator('canvas').count();
  await expect(page.getByRole('button', { name: 'Open conv2' })).toBeAttached();
  expect(await drawn()).toBeLessThan(300);
  await page.keyboard.press('/');
  await page.keyboard.type('conv2');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const maps = page.getByRole('group', { name: 'All maps' });
  await expect(maps.getByRole('button', { name: /^conv2 map 0,/ })).toBeVisible();
  expect(await drawn()).toBeLessThan(300);
  await expect(maps.getByRole('button', { name: /^conv2 map 511,/ })).toHaveCount(0);
  await maps.getByRole('button', { name: /^conv2 map 0,/ }).focus();
  await page.keyboard.press('End');
  await expect(maps.getByRole('button', { name: /^conv2 map 511,/ })).toBeVisible();
});

test('a photo: 64 maps of 112 × 112 @page', async ({ launch }) => {
  const { page } = await launch({
    args: [join(root, 'resources', 'samples', 'red-shape.png'), writeTestModel(folder, 'large-224')],
  });
  await expect(page.getByRole('button', { name: 'Open conv1' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('group', { name: 'All maps' }).getByRole('button', { name: /^conv1 map 0,/ }),
  ).toBeVisible();
  await expect(page.getByText('64 × 112 × 112').first()).toBeVisible();
});
