// node scripts/make-pictures.mjs: makes the pictures of the README (docs/pictures) from the real app, in Chromium.
// CHROMIUM names another browser than Debian's. Two short runs are trained for two of them, in a folder that is removed.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import sharp from 'sharp';
import { ensureBuilt, root } from './lib/built.mjs';

const data = mkdtempSync(join(tmpdir(), 'convscope-pictures-'));
const pictures = join(root, 'docs', 'pictures');
mkdirSync(pictures, { recursive: true });
process.env.CONVSCOPE_DATA = data;
await ensureBuilt();
const { serve } = createRequire(import.meta.url)(join(root, 'out', 'main', 'server.js'));
const { address, close } = await serve({ argv: [] });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US', colorScheme: 'light' });
  await page.addInitScript(() => localStorage.setItem('convscope.begun', 'yes'));
  await page.goto(address);
  const main = page.getByRole('main');
  const goTo = (screen) => page.getByRole('navigation').getByRole('link', { name: screen }).click();
  /** Once nothing moves any more. */
  const take = async (name) => {
    await page.mouse.move(0, 0);
    await page.waitForTimeout(800);
    // A palette of 256 colors is a third of the size and looks the same.
    const file = join(pictures, `${name}.png`);
    await sharp(await page.screenshot())
      .png({ palette: true, effort: 10 })
      .toFile(file);
    console.log(`docs/pictures/${name}.png`);
  };

  await page.getByRole('button', { name: 'Open conv1' }).waitFor();
  await page.getByRole('button', { name: /^conv2 map 5,/ }).click();
  await take('inspect');

  for (const depth of ['layer', 'pixel']) {
    await page.keyboard.press('Enter');
    if (depth === 'pixel') await page.getByTestId('pixel-shown').waitFor();
  }
  await take('pixel');

  await goTo('Train');
  await main.getByText('6 classes, 6,000 pictures').waitFor({ timeout: 120_000 });
  await main.getByRole('spinbutton', { name: 'Epochs', exact: true }).fill('6');
  await main.getByRole('checkbox', { name: /Then train its dense twin/ }).check();
  await main.getByRole('button', { name: 'Start 2 runs' }).click();
  const runs = page.getByRole('listbox', { name: 'Runs' }).getByRole('option');
  await runs
    .filter({ hasText: 'dense twin' })
    .and(page.getByLabel(/finished/))
    .waitFor({ timeout: 300_000 });
  await runs.nth(1).click();
  await main.getByRole('radio', { name: 'Curves' }).click();
  await take('train');

  await goTo('Compare');
  const boxes = page.getByRole('complementary').getByRole('list', { name: 'Runs' }).getByRole('checkbox');
  for (const box of await boxes.all()) await box.check();
  await main
    .getByRole('grid', { name: /^Confusion matrix of/ })
    .nth(1)
    .waitFor({ timeout: 120_000 });
  await take('compare');
} finally {
  await browser.close();
  await close();
  rmSync(data, { recursive: true, force: true });
}
