import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, normalize, sep } from 'node:path';
import { built } from '../engine/root';
import { contentSecurityPolicy } from '../shared/csp';
import { mediaType } from '../shared/media-types';
import { urlOf } from './door';

/** Serves `out/renderer`, and nothing else. */
export async function serveFile(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  const folder = built('renderer') + sep;
  const pathname = urlOf(request)?.pathname ?? '';
  const path = normalize(join(folder, pathname === '/' ? 'index.html' : pathname));
  const type = mediaType(path);
  if (!path.startsWith(folder) || !type) return void response.writeHead(404).end('not found\n');
  try {
    const body = await readFile(path);
    response.writeHead(200, {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy(`'self' ws://127.0.0.1:${port} ws://localhost:${port}`),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  } catch {
    response.writeHead(404).end('not found\n');
  }
}
