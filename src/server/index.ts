import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { EngineHost } from '../engine/host';
import { openingOf } from '../engine/options';
import { isMethod } from '../shared/methods';
import { toFailure } from '../shared/failures';
import type { FromEngine, Request } from '../shared/messages';
import type { Method, Params, Result } from '../shared/protocol';
import { messageLimit } from '../shared/upload-limits';
import { decode, encode } from '../shared/wire';
import { WebSocketServer } from 'ws';
import { admits, cookieFor, type Door } from './door';
import { serveFile } from './files';

/**
 * The browser host: the same app on 127.0.0.1, behind a token.
 * @param argv what the command line names; `--port N` asks for a port (0, the default: any free one).
 */
export async function serve({ argv }: { argv: string[] }): Promise<{ address: string; close(): Promise<void> }> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimit });
  const broadcast = (message: FromEngine): void => {
    const bytes = encode(message);
    for (const socket of sockets.clients) socket.send(bytes);
  };
  const engine = new EngineHost({ host: 'browser', open: openingOf(argv) }, (event, payload) =>
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
    socket.on('error', () => socket.destroy()); // gone before it was let in
    const verdict = admits(request, door, { socket: true });
    if (verdict !== 'yes') return void socket.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n${verdict}\n`);
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  sockets.on('connection', (client) => {
    client.on('error', () => client.close()); // a message over the limit
    // What a page had begun to send when it was closed or reloaded, nobody completes.
    const uploads: string[] = [];
    const giveUp = (upload: string): void => void engine.call('cancelUpload', { upload }).catch(() => undefined);
    client.on('close', () => uploads.forEach(giveUp));
    const keepAnEyeOn = ({ upload }: Result<'beginUpload'>): void => {
      if (client.readyState === client.OPEN) uploads.push(upload);
      else giveUp(upload);
    };
    client.on('message', (data: Buffer) => {
      let request: Request;
      try {
        request = decode(data) as Request;
        if (!isRequest(request)) throw new TypeError('no request');
      } catch {
        return client.close(1007, 'not a message of this protocol');
      }
      const { id, method, params } = request;
      engine
        .call(method, params as Params<Method>)
        .then((result): FromEngine => {
          if (method === 'beginUpload') keepAnEyeOn(result as Result<'beginUpload'>);
          return { id, ok: true, result };
        })
        .catch((error: unknown): FromEngine => ({ id, ok: false, failure: toFailure(error) }))
        .then((reply) => client.readyState === client.OPEN && client.send(encode(reply)))
        .catch(() => client.close(1011, 'the answer cannot be sent'));
    });
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
      await engine.close();
    },
  };
}

/** What a message says is the page's own only as long as nobody else writes on the socket. */
function isRequest(message: unknown): message is Request {
  if (typeof message !== 'object' || message === null) return false;
  const { id, method, params } = message as Partial<Request>;
  return typeof id === 'number' && isMethod(method) && typeof params === 'object' && params !== null;
}

function portOf(argv: readonly string[]): number {
  const word = argv.find((arg) => arg.startsWith('--port='))?.slice('--port='.length);
  const port = Number(word ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port: found '${word}', expected 0 to 65535`);
  return port;
}
