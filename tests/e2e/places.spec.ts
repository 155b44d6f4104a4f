import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, root, test, type App } from './app';

const trail = (page: Page) => page.getByRole('navigation', { name: 'Depth' });
const crumbs = (page: Page): Promise<string> => trail(page).innerText();

/** What the system's clipboard holds. */
async function clipboard({ page, electron }: App): Promise<string> {
  if (electron) return electron.evaluate(({ clipboard }) => clipboard.readText());
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  return page.evaluate(() => navigator.clipboard.readText());
}

const paste = (page: Page, text: string): Promise<boolean> =>
  page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    return document.body.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, text);

const drop = (page: Page, ...files: [name: string, content: Buffer][]): Promise<void> =>
  page.evaluate(
    (dropped) => {
      const data = new DataTransfer();
      for (const [name, bytes] of dropped)
        data.items.add(new File([Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0))], name));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
    },
    files.map(([name, content]) => [name, content.toString('base64')] as const),
  );

const resource = (...path: string[]): Buffer => readFileSync(join(root, 'resources', ...path));

test('Back and Forward go through depths and screens, by keys, the mouse and the browser', async ({ launch }) => {
  const { page, host } = await launch();
  await expect(page.getByTestId('stage').locator('button.map').first()).toBeVisible();
  const main = page.getByRole('main');
  await main.press('ArrowRight');
  await main.press('Enter');
  await main.press('Enter');
  await expect(page.getByTestId('pixel-shown')).toBeVisible();
  const pixel = await crumbs(page);
  await page.getByRole('link', { name: 'Train' }).click();
  await expect(page.getByRole('main', { name: 'Train' })).toBeVisible();
  expect(new URL(page.url()).hash).toMatch(/^#train/);
  await page.keyboard.press('Alt+ArrowLeft');
  await expect.poll(() => crumbs(page)).toBe(pixel);
  const devtools = await page.context().newCDPSession(page);
  const mouse = async (button: 'back' | 'forward'): Promise<void> => {
    for (const type of ['mousePressed', 'mouseReleased'] as const)
      await devtools.send('Input.dispatchMouseEvent', { type, x: 400, y: 300, button, clickCount: 1 });
  };
  await mouse('back');
  await expect(trail(page).getByRole('button')).toHaveCount(2);
  await page.goBack();
  await expect(trail(page).getByRole('button')).toHaveCount(1);
  await mouse('forward');
  await expect(trail(page).getByRole('button')).toHaveCount(2);
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(() => crumbs(page)).toBe(pixel);
  // A step within a depth is none of the history: the entry shows what it showed last.
  await main.press('Shift+ArrowDown');
  const another = await crumbs(page);
  expect(another).not.toBe(pixel);
  await page.keyboard.press('Alt+ArrowLeft');
  // Chromium goes nowhere forward from where it has not yet gone back to.
  await expect(trail(page).getByRole('button')).toHaveCount(2);
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(() => crumbs(page)).toBe(another);
  if (host === 'browser') {
    await expect.poll(() => page.url()).toMatch(/depth=pixel.*map=1/);
    await page.reload();
    await expect.poll(() => crumbs(page)).toBe(another);
    // The app was never left.
    await page.goBack();
    await expect(trail(page).getByRole('button')).toHaveCount(2);
    await page.goBack();
    await expect(trail(page).getByRole('button')).toHaveCount(1);
    // A depth that is left before its address is written: a page that is loaded anew finds it all the same.
    await main.focus();
    await page.evaluate(async () => {
      for (const depth of [2, 3]) {
        document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
        while (document.querySelectorAll('nav[aria-label="Depth"] button').length < depth)
          await new Promise(requestAnimationFrame);
      }
    });
    await expect.poll(() => page.url()).toMatch(/depth=pixel/);
    await page.reload();
    await expect(trail(page).getByRole('button')).toHaveCount(3);
    await page.goBack();
    await expect(trail(page).getByRole('button')).toHaveCount(2);
  }
});

test('a link opens what was on screen, and says what is missing', async ({ launch }) => {
  const app = await launch();
  const { page } = app;
  await expect(page.getByTestId('stage').locator('button.map').first()).toBeVisible();
  const banner = page.getByRole('banner');
  await drop(page, ['mine.onnx', resource('models', 'fashion-cnn.onnx')]);
  await expect(banner.getByText('CNN for clothes')).toBeVisible();
  await drop(page, ['mine.png', resource('samples', 'bag.png')]);
  await expect(banner.getByText('mine.png')).toBeVisible();
  await page.getByRole('main').press('ArrowRight');
  await page.getByRole('main').press('Enter');
  await page.getByRole('main').press('Enter');
  await expect(page.getByTestId('pixel-shown')).toBeVisible();
  const before = await crumbs(page);
  await page.keyboard.press('y');
  await expect(page.getByText('Link copied')).toBeVisible();
  const link = await clipboard(app);
  expect(link).toMatch(
    /^convscope:\/\/inspect\/file:[0-9a-f]{16}:mine\.onnx\?picture=file:[0-9a-f]{16}:mine\.png.*&depth=pixel&layer=\w+&map=0&y=\d+&x=\d+/,
  );

  await paste(page, 'convscope://inspect/lenet5-mnist?picture=digit-3&depth=layer&layer=conv2&map=7');
  await expect.poll(() => crumbs(page)).toContain('conv2');
  await expect(banner).toContainText('LeNet-5');
  // The files were opened in this window: they need not be chosen again.
  await paste(page, link);
  await expect.poll(() => crumbs(page)).toBe(before);

  for (const [wrong, said] of [
    ['convscope://inspect?map=many', /field 'map': found 'many', expected a whole number/],
    [
      'convscope://inspect?layer=conv9',
      /field 'layer': the network 'mine.onnx' has no layer 'conv9'; it has input, conv1/,
    ],
    ['convscope://inspect/file:..%2F..%2Fetc%2Fpasswd', /field 'network': found 'file:\.\.\/\.\.\/etc\/passwd'/],
    ['convscope://inspect?layer=conv1&map=99', /field 'map': found '99', expected a whole number from 0 to/],
  ] as const) {
    await paste(page, wrong);
    await expect(page.getByRole('alert')).toContainText(said);
  }
  await app.close();

  // Another start of the app knows nothing of these files, and opens none by itself.
  const next = await launch({ args: [link] });
  const alert = next.page.getByRole('alert');
  await expect(alert).toContainText(
    'The link needs the network mine.onnx, the picture mine.png. Looked for among the files',
  );
  await drop(next.page, ['mine.png', resource('samples', 'dress.png')]);
  await expect(alert).toContainText('mine.png is there with other content');
  await drop(next.page, ['mine.png', resource('samples', 'bag.png')]);
  await expect(alert).toContainText('The link needs the network mine.onnx. Looked');
  await drop(next.page, ['mine.onnx', resource('models', 'fashion-cnn.onnx')]);
  await expect.poll(() => crumbs(next.page)).toBe(before);
});

test('a lesson: bookmarks are added, named, saved, dropped with their files, and stepped through', async ({
  launch,
}) => {
  const app = await launch();
  const { page, saved } = app;
  await expect(page.getByTestId('stage').locator('button.map').first()).toBeVisible();
  const list = page.getByRole('dialog', { name: 'Link and bookmarks' });
  const add = async (name: string): Promise<void> => {
    await page.getByRole('main').press('b');
    await list.getByRole('button', { name: 'Add this place' }).click();
    await list.getByRole('textbox', { name: 'Name of the bookmark' }).fill(name);
    await page.keyboard.press('Enter');
    await expect(list.getByRole('listitem').filter({ hasText: name })).toBeVisible();
  };
  await add('The whole network');
  await page.keyboard.press('Escape');
  await drop(page, ['mine.png', resource('samples', 'digit-3.png')]);
  await expect(page.getByRole('banner').getByText('mine.png')).toBeVisible();
  await page.getByRole('main').press('ArrowRight');
  await page.getByRole('main').press('Enter');
  await add('A layer');
  // Up with the keys, and down again.
  await page.keyboard.press('Alt+ArrowUp');
  await expect(list.getByRole('listitem').first()).toContainText('A layer');
  await page.keyboard.press('Alt+ArrowDown');
  const path = await saved(() => list.getByRole('button', { name: 'Save as a file' }).click());
  const lesson = readFileSync(path);
  expect(JSON.parse(lesson.toString())).toMatchObject({
    convscope: 'lesson',
    bookmarks: [{ name: 'The whole network' }, { name: 'A layer' }],
  });
  await page.keyboard.press('PageUp');
  await expect(trail(page).getByRole('button')).toHaveCount(1);
  await expect(page.getByText('1 of 2: The whole network')).toBeVisible();
  await app.close();

  const next = await launch();
  await expect(next.page.getByTestId('stage').locator('button.map').first()).toBeVisible();
  await drop(next.page, ['first.convscope', lesson], ['renamed.png', resource('samples', 'digit-3.png')]);
  await expect(next.page.getByText('“first.convscope”: 2 bookmarks')).toBeVisible();
  await next.page.keyboard.press('PageDown');
  await expect.poll(() => crumbs(next.page)).toContain('relu1');
  await expect(next.page.getByRole('banner')).toContainText('renamed.png');
  await next.page.keyboard.press('PageDown');
  await expect(next.page.getByText('This is the last bookmark')).toBeVisible();
  await drop(next.page, [
    'bad.convscope',
    Buffer.from('{"convscope":"lesson","version":1,"bookmarks":[{"name":"a"}]}'),
  ]);
  await expect(next.page.getByRole('alert')).toContainText('bookmarks[0].link: found nothing');
});
