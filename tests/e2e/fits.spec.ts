import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { expect, root, test } from './app';
import { misfits } from './fits';

/** CSS pixels: the smallest window, 1280 × 800 at 200 %, Train's captions and Inspect's third column once were cut at the last two. */
const sizes = [
  [640, 400],
  [800, 560],
  [1024, 700],
  [1280, 800],
] as const;

/** Every size of window, at what is shown just now. */
async function fits(page: Page, resize: (width: number, height: number) => Promise<void>, what: string): Promise<void> {
  for (const [width, height] of sizes) {
    await resize(width, height);
    await expect
      .poll(() => page.evaluate(() => [innerWidth, innerHeight]), `the window is ${width} × ${height}`)
      .toEqual([width, height]);
    await expect.poll(() => misfits(page), { message: `${what} at ${width} × ${height}` }).toEqual([]);
  }
  await resize(1280, 800);
}

async function openLayer(page: Page, layer: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(layer);
  await page
    .getByRole('option', { name: new RegExp(`^${layer}\\b`) })
    .first()
    .click();
}

for (const locale of ['en-US', 'zh-CN']) {
  test(`every screen and depth fits the smallest window and 200 %, ${locale} @page`, async ({ launch }) => {
    const { page, resize } = await launch({ locale, viewport: { width: 1280, height: 800 } });
    await expect(page.getByTestId('stage').locator('button.map').first()).toBeVisible();
    await fits(page, resize, 'overview');
    for (const layer of ['conv2', 'relu1', 'dense1', 'softmax1']) {
      await openLayer(page, layer);
      await page.keyboard.press('Enter');
      await fits(page, resize, `layer ${layer}`);
      const captions = await page
        .locator('.tile .caption')
        .evaluateAll((all) =>
          all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent.trim()),
        );
      expect(captions, `captions of ${layer} that are cut`).toEqual([]);
      await page.getByRole('main').focus();
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('pixel-shown')).toBeVisible();
      await fits(page, resize, `pixel ${layer}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    }
    for (const screen of ['train', 'compare']) {
      await page.locator(`nav a[href="#${screen}"]`).click();
      if (screen === 'train') await expect(page.getByRole('main').getByRole('table').first()).toBeVisible();
      await fits(page, resize, screen);
    }
    // Networks of other classes than the chosen one say so; the last has nothing else to say.
    await page.getByRole('checkbox', { name: /LeNet-5/ }).check();
    const last = page.locator('label.off .detail').last();
    await expect(last).toHaveText(locale === 'en-US' ? 'other classes' : '类别不同');
    await fits(page, resize, 'compare, with one network chosen');
    await page.locator('nav a[href="#learn"]').click();
    await fits(page, resize, 'contents of the course');
    const scenes = await page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
    expect(scenes.length).toBeGreaterThan(0);
    for (const scene of scenes) {
      await page.evaluate((hash) => (location.hash = hash), scene);
      await expect(page.getByTestId('scene-stage')).toBeVisible();
      await fits(page, resize, scene);
      // From input to output, in the smallest window too.
      await resize(800, 560);
      const beyond = (): Promise<number> =>
        page
          .getByTestId('scene-stage')
          .evaluate(
            (stage) => stage.getBoundingClientRect().right - stage.closest('main')!.getBoundingClientRect().right,
          );
      await expect.poll(beyond, `${scene} at 800 × 560`).toBeLessThanOrEqual(0);
      await resize(1280, 800);
      // All of it, without scrolling, at the size that it is made for.
      const rest = await page.evaluate(() =>
        [...document.querySelectorAll('main, main .view, aside')].map((part) => part.scrollHeight - part.clientHeight),
      );
      expect(Math.max(...rest), `${scene} scrolls`).toBeLessThanOrEqual(0);
    }
  });
}

test('why a picture is unlike what the network learned from is in sight at once, in small windows too @page', async ({
  launch,
}) => {
  const { page, resize } = await launch();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose a picture' }).first().click(),
  ]);
  await chooser.setFiles(join(root, 'resources', 'samples', 'landscape.png'));
  const why = page.getByTestId('unlike');
  await expect(why).toContainText('This picture is unlike the 54,000 pictures that it learned from: it has colors');
  for (const [width, height] of sizes.slice(1)) {
    await resize(width, height);
    await expect(why).toBeInViewport({ ratio: 1 });
    expect(await misfits(page)).toEqual([]);
  }
  // Once it is dismissed it stands beside the answer.
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('group', { name: 'Prediction' })).toContainText('unlike the 54,000 pictures');
});

test('in a narrow window the side panel folds away, and comes back by its button @page', async ({ launch }) => {
  const { page, resize } = await launch();
  const panel = page.getByRole('region', { name: 'Details' });
  await expect(panel).toBeVisible();
  await expect(page.getByRole('button', { name: 'Side panel' })).toBeHidden();
  await resize(800, 560);
  await expect(panel).toBeHidden();
  await page.getByRole('button', { name: 'Side panel' }).press('Enter');
  await expect(panel).toBeVisible();
  expect(await misfits(page)).toEqual([]);
  // Esc folds the panel; the view stays where it is.
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(page.getByRole('navigation', { name: 'Depth' }).getByRole('button')).toHaveCount(1);
});
