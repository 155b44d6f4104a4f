// The window on the fake engine, for looking at it: `node tests/renderer/dev/serve.mjs`, then http://127.0.0.1:5199/?net=residual
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const server = await createServer({
  configFile: false,
  root: here,
  cacheDir: resolve(root, 'node_modules/.vite-dev'),
  server: { port: 5199, strictPort: true, host: '127.0.0.1', fs: { allow: [root] }, hmr: false },
  plugins: [svelte()],
});
await server.listen();
server.printUrls();
