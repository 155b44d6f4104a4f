import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { root, test } from './app';

const sample = (name: string): { name: string; bytes: string } => ({
  name: `${name}.png`,
  bytes: readFileSync(join(root, 'resources', 'samples', `${name}.png`)).toString('base64'),
});

async function drop(page: Page, files: { name: string; bytes: string }[]): Promise<void> {
  await page.evaluate((all) => {
    const data = new DataTransfer();
    for (const { name, bytes } of all)
      data.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, files);
}

/** Leaves pictures of the screen where LOOK names a folder for them. */
async function look(page: Page, name: string): Promise<void> {
  const { LOOK } = process.env;
  if (!LOOK) return;
  const shot = (kind: string): Promise<Buffer> => page.screenshot({ path: `${LOOK}/${name}-${kind}.png` });
  const before = page.viewportSize()!;
  await page.setViewportSize({ width: 800, height: 560 });
  await shot('small');
  await page.setViewportSize({ width: 1280, height: 800 });
  await shot('large');
  await page.keyboard.press('t');
  await page.getByRole('radio', { name: '中文' }).click();
  await shot('other');
  await page.getByRole('radio', { name: 'EN', exact: true }).click();
  await page.keyboard.press('t');
  await page.setViewportSize(before);
}

test('several dropped pictures lie in a tray, are walked by keys, and those that fail say why', async ({ launch }) => {
  const { page, errors, saved } = await launch();
  await expect(page.getByTestId('stage').locator('canvas').first()).toBeVisible();
  await drop(page, [sample('digit-3'), { name: 'notes.png', bytes: btoa('no picture') }, sample('digit-7')]);
  const tray = page.getByTestId('tray');
  await expect(tray.getByRole('status')).toHaveText('1 of 3');
  await expect(tray.getByRole('button', { name: /^digit-7\.png: 7/ })).toBeVisible();
  await expect(tray.getByRole('button', { name: /^notes\.png: .*notes\.png/ })).toBeVisible();
  await page.keyboard.press('.');
  await expect(tray.getByRole('status')).toHaveText('3 of 3');
  await page.keyboard.press(',');
  await expect(tray.getByRole('status')).toHaveText('1 of 3');
  const file = await saved(() => tray.getByRole('button', { name: 'Save as CSV' }).click());
  const lines = readFileSync(file, 'utf8').split('\r\n');
  expect([lines.length, lines[1].startsWith('digit-3.png,,3,')]).toEqual([5, true]);
  await look(page, 'tray');
  await tray.getByRole('button', { name: 'Close the tray' }).click();
  await expect(tray).toBeHidden();
  expect(errors).toEqual([]);
});

test('pictures of an evaluation keep their class in the tray and lead back; the run is among the networks', async ({
  launch,
}) => {
  const { page } = await launch({ viewport: { width: 1280, height: 800 } });
  const main = page.getByRole('main');
  const go = (screen: string): Promise<void> =>
    page.getByRole('navigation').getByRole('link', { name: screen }).click();
  await go('Train');
  await expect(main.getByText('6 classes, 6,000 pictures')).toBeVisible();
  await look(page, 'setup');
  await main.getByRole('spinbutton', { name: 'Epochs', exact: true }).fill('2');
  await main.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('verdict')).toContainText(/^(Learned|Not learned)/);
  await look(page, 'run');
  await main.getByRole('radio', { name: 'Results' }).click();
  await main.getByRole('button', { name: /^Picture 2, actual / }).click();
  const tray = page.getByTestId('tray');
  await expect(tray.getByRole('status')).toHaveText(/^2 of \d+$/);
  await expect(page.getByTestId('stage').getByText(/^actual:/)).toBeVisible();
  await look(page, 'evaluated');
  await tray.getByRole('button', { name: 'Back to the results' }).click();
  await expect(main.getByRole('radio', { name: 'Results' })).toBeChecked();
  await go('Inspect');
  await page.getByRole('button', { name: /^Network/ }).click();
  await expect(page.getByRole('listbox', { name: 'Own runs' }).getByRole('option', { selected: true })).toHaveCount(1);
  if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/networks.png` });
});
