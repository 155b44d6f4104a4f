import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';
import { serve } from '../../src/server/index';
import { isMethod } from '../../src/shared/protocol';
import type { Client, Method } from '../../src/shared/protocol';
import { connect } from '../../src/shared/socket-client';
import { scratch } from '../engine/train/helpers';

/** A folder on its way through the browser host, sent by the window's own client. */
const home = join(scratch(), '数据');
let close: () => Promise<void>;
let client: Client;
let url: URL;
beforeAll(async () => {
  mkdirSync(home);
  process.env.CONVSCOPE_DATA = home;
  process.env.CONVSCOPE_CACHE = join(home, 'cache');
  const served = await serve({ argv: [] });
  close = served.close;
  url = new URL(served.address);
  client = await connecting();
});
afterAll(async () => {
  await close();
  vi.unstubAllGlobals();
});

function connecting(made: (socket: NodeSocket) => void = () => undefined): Promise<Client> {
  const { origin } = url;
  vi.stubGlobal('history', { replaceState: () => undefined });
  vi.stubGlobal(
    'WebSocket',
    class extends NodeSocket {
      constructor(address: string) {
        super(address, { headers: { origin } });
        made(this);
      }
    },
  );
  return connect(url as unknown as Location);
}

const reason = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was refused',
    (failure: { message: string }) => failure.message,
  );

const colors = { 红: '#ff0000', '🔵': '#0000ff' };

describe('the browser host', () => {
  it('takes a folder file by file, surveys it, and keeps it for the next start', async () => {
    expect(client.folders).toBeNull();
    const files: { path: string; bytes: Uint8Array }[] = [];
    for (const [name, background] of Object.entries(colors)) {
      const png = await sharp({ create: { width: 9, height: 7, channels: 3, background } })
        .png()
        .toBuffer();
      for (let i = 0; i < 3; i++) files.push({ path: `${name}/图 ${i}.png`, bytes: new Uint8Array(png) });
    }
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    const { upload } = await client.call('beginUpload', { name: '颜色', files: files.length, bytes });
    const received = await Promise.all(files.map((file) => client.call('upload', { upload, ...file })));
    expect(Math.max(...received.map((each) => each.bytes))).toBe(bytes);
    const info = await client.call('endUpload', { upload });
    expect(info).toMatchObject({ name: '颜色', kind: 'uploaded', present: true });
    expect(readFileSync(join(info.path!, files[0].path))).toEqual(Buffer.from(files[0].bytes));

    const told: number[] = [];
    client.on('progress', ({ job, done, total }) => job === 'look' && told.push(done / total));
    const network = { source: { kind: 'bundled', id: 'colors-cnn' }, variant: 'itself' } as const;
    const survey = await client.call('survey', { data: info.id, network, job: 'look' });
    expect(survey).toMatchObject({ labels: ['红', '🔵'], counts: { train: [3, 3] }, leftOutTotal: 0 });
    expect(survey.samples.pixels).toBeInstanceOf(Uint8Array);
    expect(told[told.length - 1]).toBe(1);
    const { client: other, end } = await again();
    expect(await other.call('dataSets', {})).toContainEqual(info);
    await end();
  });

  it.each(['../../outside.png', '/tmp/outside.png', 'a\\..\\..\\outside.png', 'a/\0.png'])(
    'writes nothing outside the upload: %j',
    async (path) => {
      const before = readdirSync(home).sort();
      const { upload } = await client.call('beginUpload', { name: 'x', files: 1, bytes: 1 });
      expect(await reason(client.call('upload', { upload, path, bytes: Uint8Array.of(1) }))).toContain(
        'cannot be the path of an upload',
      );
      expect(readdirSync(home).sort()).toEqual(before);
      expect(await reason(client.call('endUpload', { upload }))).toContain('no longer available');
    },
  );

  it('throws away what a page that is gone had begun to send', async () => {
    let socket: NodeSocket | undefined;
    const other = await connecting((made) => (socket = made));
    const { upload } = await other.call('beginUpload', { name: 'half', files: 2, bytes: 2 });
    await other.call('upload', { upload, path: 'a/1.png', bytes: Uint8Array.of(1) });
    const halves = (): string[] => readdirSync(join(home, 'uploads')).filter((name) => name.startsWith('.half'));
    expect(halves()).toHaveLength(1);
    socket!.close();
    await expect.poll(halves, { timeout: 10_000 }).toEqual([]);
  });

  it('takes no path of a folder from the window', async () => {
    expect(isMethod('addData')).toBe(false);
    // A socket that names a method that is none is closed: another one.
    const other = await connecting();
    const asked = other.call('addData' as Method, { path: '/etc' } as never);
    expect(await reason(asked)).toContain('connection to Convscope was lost');
    expect((await client.call('dataSets', {})).some(({ path }) => path === '/etc')).toBe(false);
  });
});

/** The same data folder, another host. */
async function again(): Promise<{ client: Client; end: () => Promise<void> }> {
  const served = await serve({ argv: [] });
  const first = url;
  url = new URL(served.address);
  const other = await connecting();
  url = first;
  return { client: other, end: served.close };
}
