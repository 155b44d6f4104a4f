import { join } from 'node:path';
import { expect, root, test } from './app';

test('Electron: nothing clashes with its GLib while pictures are decoded', async ({ launch }) => {
  const app = await launch({ args: [join(root, 'resources', 'samples', 'digit-3.png')] });
  await expect(app.page.getByRole('button', { name: /^Image: .*digit-3/ })).toBeVisible();
  expect(app.stderr()).not.toContain('G_IS_OBJECT');
});

test('Electron: the window has no Node, opens no other page and no other window', async ({ launch }) => {
  const { page, electron, errors } = await launch();
  expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in window))).toEqual([]);
  expect(await page.evaluate(() => Object.keys((window as unknown as { convscope: object }).convscope).sort())).toEqual(
    ['call', 'on', 'save'],
  );
  const preferences = await electron!.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0];
    return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
  });
  await page.evaluate(() => {
    window.open('https://example.com');
    location.href = 'https://example.com';
  });
  await page.waitForTimeout(500);
  expect(electron!.windows()).toHaveLength(1);
  expect(page.url()).toMatch(/^convscope:\/\/app\//);
  const answer = await page.evaluate(async () => {
    const { convscope } = window as unknown as {
      convscope: { call(method: string, params: unknown): Promise<unknown> };
    };
    return convscope.call('constructor', {}).then(
      () => 'answered',
      (failure: { message: string }) => failure.message,
    );
  });
  expect(answer).toContain("no method 'constructor'");
  const outside = await page.evaluate(() =>
    fetch('convscope://app/../../package.json').then(
      ({ status }) => status,
      () => 0,
    ),
  );
  expect(outside).not.toBe(200);
  errors.length = 0; // what was refused above says so on the console
});
