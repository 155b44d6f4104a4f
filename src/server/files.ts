import type { IncomingMessage, ServerResponse } from 'node:http';
import { readWindowFile } from '../engine/inspect/window-files';
import { contentSecurityPolicy } from '../shared/csp';
import { urlOf } from './door';

/** Serves `out/renderer`, and nothing else. */
export async function serveFile(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  const pathname = urlOf(request)?.pathname ?? '';
  const file = await readWindowFile(pathname === '/' ? 'index.html' : pathname);
  if (!file) return void response.writeHead(404).end('not found\n');
  response.writeHead(200, {
    'content-type': file.type,
    'content-security-policy': contentSecurityPolicy(`'self' ws://127.0.0.1:${port} ws://localhost:${port}`),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}
