import { readFileSync } from 'node:fs';
import { expect, test } from './app';

test('the course: a scene is pointed at, typed over, undone, asked, shared, and found from a term', async ({
  launch,
}) => {
  const { page, saved } = await launch({ viewport: { width: 1280, height: 800 } });
  await page.locator('nav a[href="#learn"]').click();
  await page.getByRole('link', { name: /^The sliding window/ }).click();
  const grid = (name: string) => page.getByRole('grid', { name });
  const cell = (name: string, k: number) => grid(name).locator(`[data-k="${k}"]`);
  const formula = page.getByRole('group', { name: 'Formula with the current numbers' });
  await expect(formula).toContainText('y[0, 0] = 1 · 1 + 1 · 0 + 1 · 1');

  // Pointing at an output lights what it was made of, and the formula follows.
  await cell('Output', 4).hover();
  await expect(formula).toContainText('y[1, 1] = ');
  await expect(grid('Input').locator('[aria-selected=true]')).toHaveCount(9);
  await expect(page.locator('aside .lit', { hasText: 'feature map' })).toBeVisible();
  // A term in the text lights what it names.
  await page.getByRole('complementary').getByRole('button', { name: 'padding' }).first().hover();
  await page.getByRole('complementary').getByText('window', { exact: true }).hover();
  await expect(page.locator('.named[data-shows~=window]')).toHaveCount(1);

  // By the keyboard alone: to the middle of the kernel, a number typed over, undone, one step on.
  await cell('Kernel', 0).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('-2');
  await page.keyboard.press('Enter');
  await expect(cell('Output', 0)).toHaveAccessibleName('row 0, column 0: 1');
  await expect(cell('Kernel', 4)).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(cell('Output', 0)).toHaveAccessibleName('row 0, column 0: 4');
  await page.keyboard.press('l');
  await expect(page.getByTestId('scene-at')).toHaveText('2 of 9');

  // A question hides its answer until one has given one.
  await page.getByRole('button', { name: 'Ask me' }).click();
  await expect(grid('Output').locator('text=?')).toHaveCount(1);
  const asked = /y\[(\d), (\d)\]/.exec((await page.locator('.asks').textContent())!)!;
  const answer = [4, 3, 4, 2, 4, 3, 2, 3, 4][Number(asked[1]) * 3 + Number(asked[2])];
  await page.keyboard.type(String(answer));
  await page.keyboard.press('Enter');
  await expect(page.getByText(`${answer}: right.`)).toBeVisible();
  await expect(page.getByRole('heading', { name: '1 of 3 predicted' })).toBeVisible();

  // Dragging the window is obeyed.
  const box = (await grid('Input').boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 30, box.y + box.height - 30, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByTestId('scene-at')).toHaveText('9 of 9');

  const share = page.getByRole('button', { name: 'Share' });
  await share.click();
  const svg = await saved(() => page.getByRole('button', { name: 'Save the picture SVG' }).click());
  expect(readFileSync(svg, 'utf8')).toMatch(/<svg[^]*>Input[^]*<\/svg>/);
  await share.click();
  const csv = await saved(() => page.getByRole('button', { name: 'Save the numbers' }).click());
  expect(readFileSync(csv, 'utf8')).toContain('output\r\n4,3,4\r\n2,4,3\r\n2,3,4\r\n');

  // An address opens a scene as it was left; what it has wrong is told.
  await page.evaluate(() => (location.hash = 'learn/sliding-window?input=1,2;3,4&kernel=1&at=3'));
  await expect(formula).toContainText('y[1, 1] = 4 · 1 = 4');
  await page.evaluate(() => (location.hash = 'learn/sliding-window?stride=9'));
  await expect(page.getByText('stride is “9”; expected: a whole number from 1 to 4')).toBeVisible();

  await page.keyboard.press('.');
  await expect(page.getByRole('navigation', { name: 'Place in the course' })).toContainText('Flip or no flip');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('img', { name: '1 of 3 predicted' })).toBeVisible();

  // From a layer of Inspect: its own kernel over the patch at hand, and the unit's own sum.
  await page.locator('nav a[href="#inspect"]').click();
  await page.getByRole('main').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const unit = (await page.getByTestId('pixel-shown').textContent())!.trim();
  await page
    .getByRole('region', { name: 'What this layer does' })
    .getByRole('button', { name: 'Explain in Learn' })
    .click();
  await expect(page.getByRole('navigation', { name: 'Place in the course' })).toContainText('The sliding window');
  const result = Number((await formula.locator('.result').textContent())!.replace('−', '-'));
  expect(result).toBeCloseTo(Number(unit.replace('−', '-')), 1);
  // And from a term.
  await page.locator('nav a[href="#inspect"]').click();
  await page.getByRole('region', { name: 'What this layer does' }).getByRole('button', { name: 'stride' }).click();
  await page.getByRole('dialog', { name: 'stride' }).getByRole('button', { name: 'Explain in Learn' }).click();
  await expect(page.getByRole('navigation', { name: 'Place in the course' })).toContainText('The sliding window');
});
