import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { serve } from '../../src/server/index';
import { decode, encode } from '../../src/shared/wire';

/** The browser host itself, spoken to by somebody who means it ill. After every one of them it still answers. */
let close: () => Promise<void>;
let url: URL;
let token: string;
beforeAll(async () => {
  const served = await serve({ argv: [] });
  close = served.close;
  url = new URL(served.address);
  token = url.searchParams.get('token')!;
});
afterAll(() => close());

/** A request as it is written: no client tidies its path. */
function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port: url.port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (data: string) => (body += data));
      response.on('end', () => resolve({ status: response.statusCode!, body }));
    });
    asked.on('error', reject).end();
  });
}

function socket(headers: Record<string, string> = { origin: url.origin }): Promise<WebSocket> {
  const client = new WebSocket(`ws://${url.host}/socket?token=${token}`, { headers });
  return new Promise((resolve, reject) => client.once('open', () => resolve(client)).once('error', reject));
}

async function stillAnswers(): Promise<void> {
  const client = await socket();
  client.send(encode({ id: 1, method: 'runs', params: {} }));
  const reply = await new Promise<unknown>((resolve) =>
    client.once('message', (data: Buffer) => resolve(decode(data))),
  );
  expect(reply).toMatchObject({ id: 1, ok: true });
  client.close();
}

describe('the browser host', () => {
  it('serves the page to who has the token, and to nobody else', async () => {
    expect(await get(`/?token=${token}`)).toMatchObject({ status: 200, body: expect.stringContaining('<html') });
    expect((await get('/')).status).toBe(403);
    expect((await get(`/?token=${token}`, { host: `rebound.example:${url.port}` })).status).toBe(403);
    expect((await get(`/?token=${token}`, { origin: 'http://evil.example' })).status).toBe(403);
    await expect(socket({ origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(socket({})).rejects.toThrow('403');
  });

  it.each(['/../main/index.js', '/..%2fmain%2findex.js', '/%2e%2e/main/index.js', '/..\\main\\index.js', '/%00.js'])(
    'gives no file outside the page: %s',
    async (path) => expect(await get(`${path}?token=${token}`)).toMatchObject({ status: 404, body: 'not found\n' }),
  );

  it.each(['//', 'http://', `//?token=`, '/%', '*'])('lives on after the path %s', async (path) => {
    const { status } = await get(path, { cookie: `convscope-${url.port}=${token}` });
    expect([200, 403, 404]).toContain(status);
    await stillAnswers();
  });

  it.each([
    ['text', 'hello'],
    ['nothing', new Uint8Array(0)],
    ['a header longer than the message', new Uint8Array([255, 255, 255, 255, 1])],
    ['null', encode(null)],
    ['a list', encode([1])],
    ['no method', encode({ id: 1, method: 'constructor', params: {} })],
    ['no parameters', encode({ id: 1, method: 'start', params: null })],
    ['an ID that is no number', encode({ id: { $bin: 1 }, method: 'start', params: {} })],
    ['an array outside the message', encode({ id: 1, method: 'start', params: { x: { $bin: ['Uint8Array', 0, 9] } } })],
    [
      'an array without a place',
      encode({ id: 1, method: 'start', params: { x: { $bin: ['Uint8Array', null, 1e9] } } }),
    ],
  ])('closes a socket that says %s, and lives on', async (_title, message) => {
    const client = await socket();
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.send(message);
    expect(await closed).toBe(1007);
    await stillAnswers();
  });

  it('answers parameters that are wrong with a failure', async () => {
    const client = await socket();
    const replies: unknown[] = [];
    client.on('message', (data: Buffer) => replies.push(decode(data)));
    client.send(encode({ id: 1, method: 'inspect', params: { model: 'x' } }));
    client.send(encode({ id: 2, method: 'samplePicture', params: { id: '../../package.json' } }));
    client.send(encode({ id: 3, method: 'openModel', params: { source: { kind: 'bundled', id: '../../package' } } }));
    await expect.poll(() => replies.length).toBe(3);
    for (const reply of replies) expect(reply).toMatchObject({ ok: false, failure: { code: expect.any(String) } });
    client.close();
  });

  it('lives on after connections that break off', async () => {
    for (const head of [
      'GET /socket HTTP/1.1\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
      'GET / HT',
      '\0\0',
    ]) {
      const raw = connect(Number(url.port), '127.0.0.1');
      await new Promise((resolve) => raw.once('connect', resolve));
      raw.write(head, () => raw.resetAndDestroy());
      await new Promise((resolve) => raw.once('close', resolve));
    }
    await stillAnswers();
  });
});
