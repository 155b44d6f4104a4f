import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { EngineHost } from '../engine/worker/host';
import { openingOf } from '../engine/system/options';
import type { FromEngine } from '../shared/messages';
import { messageLimit } from '../shared/upload-limits';
import { encode } from '../shared/wire';
import { MessageError, say } from '../words';
import { WebSocketServer } from 'ws';
import { Connection } from './connection';
import { admits, cookieFor, type Door } from './door';
import { serveFile } from './files';

/** The number of windows at a time; each may hold models and pictures. */
const WINDOWS = 24;

/** How long the engine may take to finish what it does when the host ends, in milliseconds. */
const CLOSE_TIMEOUT = 5000;

/**
 * The browser host: the same app on 127.0.0.1, behind a token.
 * @param argv what the command line names; `--port N` asks for a port (0, the default: any free one).
 */
export async function serve({ argv }: { argv: string[] }): Promise<{ address: string; close(): Promise<void> }> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimit });
  const windows = new Set<Connection>();
  let nextWindow = 1;
  const broadcast = (message: FromEngine): void => {
    const bytes = encode(message);
    for (const window of windows) window.tell(bytes);
  };
  const engine = new EngineHost({ open: openingOf(argv) }, (event, payload) =>
    broadcast({ event, payload } as FromEngine),
  );

  const door: Door = { token: randomBytes(24).toString('base64url'), port: 0 };
  const server = createServer((request, response) => {
    const verdict = admits(request, door);
    if (verdict !== 'yes') return void response.writeHead(403, { 'content-type': 'text/plain' }).end(`${verdict}\n`);
    response.setHeader('set-cookie', cookieFor(door));
    void serveFile(request, response, door.port);
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy()); // it disconnected before it was accepted
    const verdict = admits(request, door, { socket: true });
    if (verdict !== 'yes') return void socket.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n${verdict}\n`);
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  sockets.on('connection', (client) => {
    if (windows.size >= WINDOWS) return client.close(1013, 'too many windows');
    const window = new Connection(client, engine, nextWindow++);
    windows.add(window);
    client.on('close', () => windows.delete(window));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(portOf(argv), '127.0.0.1', resolve);
  });
  door.port = (server.address() as AddressInfo).port;
  return {
    address: `http://127.0.0.1:${door.port}/?token=${door.token}`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.close();
      server.closeAllConnections();
      await Promise.race([engine.close(), wait(CLOSE_TIMEOUT, undefined, { ref: false })]);
    },
  };
}

function portOf(argv: readonly string[]): number {
  const word = argv.find((arg) => arg.startsWith('--port='))?.slice('--port='.length);
  const port = Number(word ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new MessageError(say('host.port', { found: String(word) }));
  return port;
}
