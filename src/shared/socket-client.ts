import { say } from '../words';
import { FailureError, type Failure } from './failures';
import { Listeners } from './listeners';
import type { Client, Method, Params, Result } from './protocol';
import type { FromEngine, Request } from './messages';
import { messageLimit } from './upload-limits';
import { decode, encode } from './wire';

interface Waiting {
  resolve(result: never): void;
  reject(failure: Failure): void;
}

/** The window's client in a browser: the protocol over one WebSocket to the host that served the page. */
export async function connect(location: Location): Promise<Client> {
  const token = new URLSearchParams(location.search).get('token');
  // Out of the address bar; the host's cookie lets a reload in.
  if (token) history.replaceState(null, '', location.pathname + location.hash);
  const socket = new WebSocket(`ws://${location.host}/socket${token ? `?token=${token}` : ''}`);
  socket.binaryType = 'arraybuffer';
  const waiting = new Map<number, Waiting>();
  const listeners = new Listeners();
  let nextId = 1;

  socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
    const message = decode(new Uint8Array(data)) as FromEngine;
    if ('event' in message) {
      return listeners.tell(message.event, message.payload);
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) call?.resolve(message.result as never);
    else call?.reject(message.failure);
  });
  socket.addEventListener('close', () => {
    const failure = lost();
    for (const call of waiting.values()) call.reject(failure);
    waiting.clear();
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(lost()), { once: true });
  });

  return {
    call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
      return new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) return reject(lost());
        const request: Request = { id: nextId++, method, params };
        const message = encode(request);
        if (message.length > messageLimit) return reject(tooLong(method, message.length));
        waiting.set(request.id, { resolve, reject });
        socket.send(message);
      });
    },
    on: (event, listener) => listeners.on(event, listener),
    save: (name, bytes) => Promise.resolve(download(name, bytes)),
    folders: null,
  };
}

const lost = (): Failure => new FailureError('internal', { reason: say('host.lost') }).toJSON();

/** The host would close the connection on it. */
function tooLong(method: Method, bytes: number): Failure {
  const [size, most] = [bytes, messageLimit].map((count) => Math.ceil(count / 2 ** 20));
  return new FailureError('internal', { reason: say('call.too-long', { method, size, most }) }).toJSON();
}

function download(name: string, bytes: Uint8Array): boolean {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return true;
}
