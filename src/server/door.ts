import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What the browser host accepts a request by. */
export interface Door {
  token: string;
  port: number;
}

const cookieName = (door: Door): string => `convscope-${door.port}`;

/** Accepts a reload after the token has been removed from the address bar. Cookies ignore ports, so the port is in the name. */
export const cookieFor = (door: Door): string => `${cookieName(door)}=${door.token}; HttpOnly; SameSite=Strict; Path=/`;

/**
 * Only a page that this host served may connect to it: the Host header stops DNS rebinding, Origin stops other sites'
 * pages, the token stops everybody else on the machine.
 * @returns 'yes', or why not.
 */
export function admits(request: IncomingMessage, door: Door, { socket = false } = {}): string {
  const hosts = [`127.0.0.1:${door.port}`, `localhost:${door.port}`];
  const { host, origin } = request.headers;
  if (!host || !hosts.includes(host)) return 'wrong host';
  if (origin !== undefined ? origin !== `http://${host}` : socket) return 'wrong origin';
  const url = urlOf(request);
  if (!url) return 'wrong address';
  const offered = url.searchParams.get('token') ?? cookieIn(request, door);
  return offered !== null && same(offered, door.token) ? 'yes' : 'wrong token';
}

/** What a request asks for; null where that is no address (`//`, `http://`). */
export function urlOf({ url = '/' }: Pick<IncomingMessage, 'url'>): URL | null {
  try {
    return new URL(url, 'http://localhost');
  } catch {
    return null;
  }
}

function cookieIn(request: IncomingMessage, door: Door): string | null {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === cookieName(door))?.[1] ?? null;
}

/** Compared in constant time. */
function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
