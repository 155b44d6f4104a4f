import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Connection, type Calls } from '../../src/server/connection';
import type { EngineMethod } from '../../src/shared/protocol';
import { decode, encode } from '../../src/shared/wire';

const MiB = 2 ** 20;

/** Real sockets, and an engine that counts what is asked of it and answers when it is told to. */
let http: Server;
let sockets: WebSocketServer;
let connections: Connection[];
let client: WebSocket;
let asked: { method: EngineMethod; window: number; answer: (result: unknown) => void }[];
let released: number[];
/** What the engine answers at once; null: only when told to. */
let result: (() => unknown) | null;

const engine: Calls = {
  call: (method, _params, window) =>
    new Promise((resolve) => {
      asked.push({ method, window, answer: resolve as (result: unknown) => void });
      if (result) resolve(result() as never);
    }),
  release: (window) => void released.push(window),
};

beforeEach(async () => {
  [asked, released, connections, result] = [[], [], [], null];
  http = createServer();
  sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => connections.push(new Connection(socket, engine, connections.length + 1)));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  client = await open();
});
afterEach(async () => {
  const closed = [...sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  for (const socket of sockets.clients) socket.terminate();
  client.terminate();
  await Promise.all(closed);
  http.close();
});

function open(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  return new Promise((resolve) => socket.once('open', () => resolve(socket)));
}
const ask = (method: string, count: number, params: object = {}): void => {
  for (let id = 1; id <= count; id++) client.send(encode({ id, method, params }));
};
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));

describe('a window’s connection', () => {
  it('takes eight calls at a time, whole files one by one, and answers all in the end', async () => {
    const replies: number[] = [];
    client.on('message', (data: Buffer) => replies.push((decode(data) as { id: number }).id));
    ask('thumbnails', 20);
    await expect.poll(() => asked.length).toBe(8);
    await settled();
    expect(asked).toHaveLength(8);
    asked[0].answer({});
    await expect.poll(() => asked.length).toBe(9);
    result = () => ({});
    for (const { answer } of asked) answer({});
    await expect.poll(() => replies.length).toBe(20);

    [asked, result] = [[], null];
    ask('modelFile', 3);
    await expect.poll(() => asked.length).toBe(1);
    await settled();
    expect(asked).toHaveLength(1);
  });

  it('lets no answers pile up for a window that does not read, and goes on when it does', async () => {
    let replies = 0;
    client.on('message', () => replies++);
    client.pause();
    result = () => ({ data: new Uint8Array(4 * MiB) });
    ask('values', 40);
    await expect.poll(() => asked.length).toBeGreaterThan(3);
    await settled();
    // 32 MiB unread, and the eight that were under way; not the 160 MiB that it asks for.
    expect(asked.length).toBeLessThan(24);
    client.resume();
    await expect.poll(() => replies, { timeout: 10_000 }).toBe(40);
  });

  it('lets a window go that leaves events unread', async () => {
    client.pause();
    const event = encode({ event: 'metrics', payload: new Uint8Array(MiB) });
    let told = 0;
    for (; told < 300 && released.length === 0; told++) {
      connections[0].tell(event);
      await new Promise(setImmediate);
    }
    await expect.poll(() => released).toEqual([1]);
    expect(told).toBeLessThan(120);
  });

  it('keeps events and answers in order while a window is slow', async () => {
    const heard: unknown[] = [];
    client.on('message', (data: Buffer) => {
      const message = decode(data) as { id?: number; payload?: { n: number } };
      heard.push(message.id ?? message.payload?.n);
    });
    client.pause();
    for (let n = -40; n < 0; n++)
      connections[0].tell(encode({ event: 'run', payload: { n, bytes: new Uint8Array(MiB) } }));
    result = () => ({});
    ask('runs', 1);
    await settled();
    client.resume();
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(41);
    expect(heard).toEqual([...Array.from({ length: 40 }, (_, i) => i - 40), 1]);
  });

  it('closes at once after what is no message of the protocol, and takes nothing that comes after it', async () => {
    ask('thumbnails', 20);
    await expect.poll(() => asked.length).toBe(8);
    // While it is full, nothing is read.
    client.send('hello');
    ask('thumbnails', 20);
    const gone = new Promise<number>((resolve) => client.once('close', resolve));
    for (const { answer } of [...asked]) answer({});
    result = () => ({});
    for (const { answer } of [...asked]) answer({});
    const late = new Promise<string>((resolve) => setTimeout(resolve, 5000, 'still open'));
    expect(await Promise.race([gone, late])).toBe(1007);
    expect(asked).toHaveLength(20);
  });
  it('names its window to the engine, and tells when it is gone', async () => {
    const other = await open();
    other.send(encode({ id: 1, method: 'runs', params: {} }));
    await expect.poll(() => asked.length).toBe(1);
    expect(asked[0].window).toBe(2);
    other.close();
    await expect.poll(() => released).toEqual([2]);
  });

  it('answers with a failure where the answer cannot be sent', async () => {
    result = () => ({ data: new BigInt64Array(1) });
    ask('values', 1);
    const reply = await new Promise((resolve) => client.once('message', (data: Buffer) => resolve(decode(data))));
    const message = expect.stringContaining('values: the answer cannot be handed over');
    expect(reply).toMatchObject({ id: 1, ok: false, failure: { code: 'internal', message } });
  });

  it('refuses jobs beyond sixteen, and still takes other calls', async () => {
    const replies: { id: number; ok: boolean }[] = [];
    client.on('message', (data: Buffer) => replies.push(decode(data) as { id: number; ok: boolean }));
    ask('verify', 17);
    await expect.poll(() => replies).toMatchObject([{ id: 17, ok: false }]);
    ask('cancel', 1);
    await expect.poll(() => asked.at(-1)?.method).toBe('cancel');
  });
});

describe('a message', () => {
  const refused = async (message: Uint8Array): Promise<void> => {
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.send(message);
    expect(await closed).toBe(1007);
    expect(asked).toEqual([]);
  };
  /** A message as `encode` writes it, its JSON chosen. */
  const raw = (json: string, bytes = 0): Uint8Array => {
    const header = Buffer.from(json);
    const message = Buffer.alloc(Math.ceil((4 + header.length) / 8) * 8 + bytes);
    message.writeUInt32LE(header.length);
    header.copy(message, 4);
    return message;
  };

  it('names no bytes twice: a thousand arrays of the same megabyte', async () => {
    const array = JSON.stringify({ $bin: ['Uint8Array', 0, MiB] });
    await refused(raw(`{"id":1,"method":"runs","params":{"x":[${new Array(1000).fill(array).join(',')}]}}`, MiB));
  });
  it('is not made of millions of small values', async () => {
    await refused(raw(`{"id":1,"method":"runs","params":{"x":[${new Array(MiB).fill('[]').join(',')}]}}`));
  });
  it('is not nested without end', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    await refused(raw(`{"id":1,"method":"runs","params":{"x":${deep}}}`));
  });
});
