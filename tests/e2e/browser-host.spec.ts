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
