import { protocol } from 'electron';
import { readWindowFile } from '../engine/inspect/window-files';
import { contentSecurityPolicy } from '../shared/csp';

/** Our own scheme in place of `file:`, whose pages may read any file (Electron's security checklist, 18). */
export const SCHEME = 'convscope';
export const ORIGIN = `${SCHEME}://app`;

/** Serves `out/renderer`, and nothing else, under `convscope://app/`. */
export function serveWindow(): void {
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    const file = host === 'app' ? await readWindowFile(pathname) : null;
    if (!file) return new Response('not found', { status: 404 });
    const headers = { 'content-type': file.type, 'content-security-policy': contentSecurityPolicy("'self'") };
    return new Response(file.body, { headers });
  });
}
