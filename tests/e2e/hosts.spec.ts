import { request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, root, test } from './app';

test('Electron: nothing clashes with its GLib while pictures are decoded', async ({ launch }, info) => {
  test.skip(info.project.name !== 'electron' || process.platform !== 'linux', 'about Electron on Linux');
  const app = await launch({ args: [join(root, 'resources', 'samples', 'digit-3.png')] });
  await expect(app.page.getByRole('button', { name: /^Image: .*digit-3/ })).toBeVisible();
  expect(app.stderr()).not.toContain('G_IS_OBJECT');
});

test('Electron: the window has no Node, opens no other page and no other window', async ({ launch }, info) => {
  test.skip(info.project.name !== 'electron', 'about Electron');
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

test('browser host: a wrong token, Host or Origin is refused', async ({}, info) => {
  test.skip(info.project.name !== 'chromium', 'about the browser host');
  const { serve } = createRequire(__filename)(
    join(root, 'out', 'main', 'server.js'),
  ) as typeof import('../../src/server/index');
  const { address, close } = await serve({ argv: [] });
  const { port, searchParams } = new URL(address);
  const token = searchParams.get('token');
  const status = (path: string, headers: Record<string, string> = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      request.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response.statusCode!);
      });
      request.on('error', reject);
      request.end();
    });
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    expect(await status(`/?token=${token}`)).toBe(200);
    expect(await status('/')).toBe(403);
    expect(await status('/?token=wrong')).toBe(403);
    expect(await status(`/?token=${token}`, { host: 'evil.example' })).toBe(403);
    expect(await status(`/?token=${token}`, { origin: 'http://evil.example' })).toBe(403);
    expect(await status(`/../../package.json?token=${token}`)).toBe(404);
    expect(await status(`/socket?token=${token}`, { ...upgrade, origin })).toBe(101);
    expect(await status(`/socket?token=wrong`, { ...upgrade, origin })).toBe(403);
    expect(await status(`/socket?token=${token}`, { ...upgrade, origin: 'http://evil.example' })).toBe(403);
    expect(await status(`/socket?token=${token}`, upgrade)).toBe(403);
  } finally {
    await close();
  }
});
