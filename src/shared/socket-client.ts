import { say, type Message } from '../words';
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

/** Milliseconds before a lost connection is retried: the first delay, which doubles each time, and the longest. */
const RETRY = { first: 250, most: 8000 };
/** Close code: the host has its maximum number of windows. */
const TOO_MANY = 1013;

/**
 * The window's client in a browser: the protocol over one WebSocket to the host that served the page. When the
 * connection is lost, every waiting call fails and the client keeps reconnecting. What the host held for the window is
 * gone then; the event `restarted` says so.
 * @throws Failure where there is no connection at the start.
 */
export async function connect(location: Location): Promise<Client> {
  const token = new URLSearchParams(location.search).get('token');
  // The token is removed from the address bar; after that the host's cookie allows a reload.
  if (token) history.replaceState(null, '', location.pathname + location.hash);
  const url = `ws://${location.host}/socket${token ? `?token=${token}` : ''}`;
  const waiting = new Map<number, Waiting>();
  const listeners = new Listeners();
  let nextId = 1;
  let socket = await open(url);
  /** Why calls fail while there is no connection. */
  let away = failed(say('host.away'));
  listen();

  function listen(): void {
    socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      const message = read(data);
      // It does not say whose answer it was, so every waiting call may be waiting for it.
      if (!message) return rejectAll(failed(say('call.answer-unreadable')));
      if ('event' in message) return listeners.tell(message.event, message.payload);
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.ok) call?.resolve(message.result as never);
      else call?.reject(message.failure);
    });
    socket.addEventListener('close', ({ code }) => {
      away = failed(code === TOO_MANY ? say('host.windows') : say('host.away'));
      rejectAll(away);
      listeners.tell('notice', { failure: away });
      if (code !== TOO_MANY) void comeBack();
    });
  }

  async function comeBack(): Promise<void> {
    for (let pause = RETRY.first; ; pause = Math.min(2 * pause, RETRY.most)) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const next = await open(url).catch(() => null);
      if (!next) continue;
      socket = next;
      listen();
      return listeners.tell('restarted', { reason: say('host.back') });
    }
  }

  function rejectAll(failure: Failure): void {
    const calls = [...waiting.values()];
    waiting.clear();
    for (const { reject } of calls) reject(failure);
  }

  return {
    call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
      return new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) return reject(away);
        const request: Request = { id: nextId++, method, params };
        const message = encode(request);
        if (message.length > messageLimit) return reject(tooLong(method, message.length));
        waiting.set(request.id, { resolve, reject });
        socket.send(message);
      });
    },
    on: (event, listener) => listeners.on(event, listener),
    save: (name, bytes) => Promise.resolve(download(name, bytes)),
    frame: null,
    folders: null,
  };
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket), { once: true });
    socket.addEventListener('error', () => reject(failed(say('host.lost'))), { once: true });
  });
}

/** The host's message; null if it cannot be read. */
function read(data: ArrayBuffer): FromEngine | null {
  try {
    const message = decode(new Uint8Array(data)) as FromEngine;
    return 'event' in message || typeof message.id === 'number' ? message : null;
  } catch {
    return null;
  }
}

const failed = (reason: Message): Failure => new FailureError('internal', { reason }).toJSON();

/** A larger message would make the host close the connection. */
function tooLong(method: Method, bytes: number): Failure {
  const [size, most] = [bytes, messageLimit].map((count) => Math.ceil(count / 2 ** 20));
  return failed(say('call.too-long', { method, size, most }));
}

function download(name: string, bytes: Uint8Array): boolean {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return true;
}
