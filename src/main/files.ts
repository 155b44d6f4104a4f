import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { built } from '../engine/root';
import { contentSecurityPolicy } from '../shared/csp';
import { mediaType } from '../shared/media-types';

/** Our own scheme in place of `file:`, whose pages may read any file (Electron's security checklist, 18). */
export const SCHEME = 'convscope';
export const ORIGIN = `${SCHEME}://app`;

/** Serves `out/renderer`, and nothing else, under `convscope://app/`. */
export function serveWindow(): void {
  const folder = built('renderer') + sep;
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    const path = normalize(join(folder, pathname)); // an encoded ../ stays encoded, and so names no file
    const type = mediaType(path);
    if (host !== 'app' || !path.startsWith(folder) || !type) return new Response('not found', { status: 404 });
    try {
      const headers = { 'content-type': type, 'content-security-policy': contentSecurityPolicy("'self'") };
      return new Response(new Uint8Array(await readFile(path)), { headers });
    } catch {
      return new Response('not found', { status: 404 });
    }
  });
}
