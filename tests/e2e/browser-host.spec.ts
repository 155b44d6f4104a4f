import { request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, root, test } from './app';

test('browser host: a wrong token, Host or Origin is refused', async () => {
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

test('browser host: a window that loses its connection connects again and shows what it showed', async ({ launch }) => {
  const { page } = await launch();
  await page.addInitScript(() => {
    const sockets: WebSocket[] = [];
    const Native = WebSocket;
    Object.assign(window, { sockets });
    window.WebSocket = class extends Native {
      constructor(url: string | URL) {
        super(url);
        sockets.push(this);
      }
    };
  });
  await page.reload();
  // Keys choose the next picture once the first one has its answer.
  await expect(page.getByRole('group', { name: 'Prediction' }).getByRole('button').first()).toBeVisible();
  const picture = page.getByRole('button', { name: /^Image:/ });
  const first = await picture.getAttribute('aria-label');
  await page.keyboard.press('.');
  await expect(picture).not.toHaveAttribute('aria-label', first!);
  const second = await picture.getAttribute('aria-label');
  await page.locator('main').press('ArrowRight');
  await page.locator('main').press('Enter');
  await expect(page.locator('nav', { hasText: 'relu1' })).toBeVisible();

  await page.evaluate(() => (window as unknown as { sockets: WebSocket[] }).sockets[0].close());
  await expect(page.getByText('Network and image are open again: the connection was lost for a moment')).toBeVisible();
  await expect(page.locator('nav', { hasText: 'relu1' })).toBeVisible();
  await expect(picture).toHaveAttribute('aria-label', second!);
  await page.keyboard.press('.');
  await expect(picture).not.toHaveAttribute('aria-label', second!);
});
