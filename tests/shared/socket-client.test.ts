import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { Client, EventName } from '../../src/shared/protocol';
import { connect } from '../../src/shared/socket-client';
import { decode, encode } from '../../src/shared/wire';
import { sentence } from '../../src/words';

/** The window's client over a real socket, and a host that answers `start` with the number of the connection, `runs` with bytes that are no message. */
let http: Server;
let sockets: WebSocketServer;
let client: Client;
let told: string[];
beforeEach(async () => {
  http = createServer();
  sockets = new WebSocketServer({ server: http });
  let connections = 0;
  sockets.on('connection', (socket) => {
    const result = ++connections;
    socket.on('message', (data: Buffer) => {
      const { id, method } = decode(data) as { id: number; method: string };
      if (method === 'start') socket.send(encode({ id, ok: true, result }));
      if (method === 'runs') socket.send(Buffer.from([9, 9, 9, 9, 9]));
      if (method === 'dataSets') socket.send(encode([id]));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  vi.stubGlobal('WebSocket', WebSocket);
  const { port } = http.address() as AddressInfo;
  client = await connect(new URL(`http://127.0.0.1:${port}/`) as unknown as Location);
  const here: string[] = (told = []); // the client of the test before may still say something
  const note = (event: EventName, text: string): void => void here.push(`${event}: ${text}`);
  client.on('restarted', ({ reason }) => note('restarted', sentence(reason)));
  client.on('notice', ({ failure }) => note('notice', failure.message));
});
afterEach(() => {
  for (const socket of sockets.clients) socket.close(1013);
  http.close();
});

const reasonFor = (method: 'runs' | 'dataSets' | 'start' | 'cancel'): Promise<string> =>
  client.call(method as 'runs', {}).then(
    () => 'was answered',
    (failure: { message: string }) => failure.message,
  );

describe('the window’s client', () => {
  it('ends every call that waits when a message cannot be read, and goes on', async () => {
    const waits = reasonFor('cancel'); // never answered
    for (const method of ['runs', 'dataSets'] as const)
      expect(await reasonFor(method)).toBe('an answer of the engine could not be read; try again');
    expect(await waits).toBe('an answer of the engine could not be read; try again');
    expect(await client.call('start', {})).toBe(1);
  });

  it('connects again by itself when the connection is lost, and says so', async () => {
    const waits = reasonFor('cancel');
    expect(await client.call('start', {})).toBe(1);
    for (const socket of sockets.clients) socket.terminate();
    expect(await waits).toContain('the connection to Convscope was lost and is being restored');
    expect(await reasonFor('start')).toContain('the connection to Convscope was lost');
    await expect.poll(() => told).toHaveLength(2);
    expect(told[0]).toContain('notice: the connection to Convscope was lost');
    expect(told[1]).toBe('restarted: the connection was lost for a moment');
    expect(await client.call('start', {})).toBe(2);
  });

  it('does not try again where the host takes no more windows, and says what to do', async () => {
    for (const socket of sockets.clients) socket.close(1013);
    await expect.poll(() => told).toEqual(['notice: too many windows are open; close some, then reload this one']);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(sockets.clients.size).toBe(0);
    expect(await reasonFor('start')).toContain('too many windows');
  });
});
