import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { join, resolve } from 'node:path';

const source = (path: string): string => resolve(import.meta.dirname, 'src', path);

/** `npm run build` builds beside `out` and puts it in its place when it is whole: scripts/lib/built.mjs. */
const target = process.env.CONVSCOPE_BUILD ?? 'out';

/** CommonJS everywhere outside the window: Electron loads ESM in main only from 28 on, and the sandboxed preload never. */
const commonJs = { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' } as const;

export default defineConfig({
  main: {
    build: {
      outDir: join(target, 'main'),
      target: 'node18',
      externalizeDeps: true,
      rollupOptions: {
        input: {
          index: source('main/index.ts'),
          engine: source('engine/worker/worker.ts'),
          decoder: source('engine/image/decoder-process.ts'),
          runner: source('engine/foreign/runner-process.ts'),
          work: source('engine/work/work-process.ts'),
          'kernel-thread': source('engine/runtime/kernel-thread.ts'),
          server: source('server/index.ts'),
          cli: source('cli/index.ts'),
          conformance: source('conformance/index.ts'),
          agreement: source('agreement/index.ts'),
          fuzz: source('fuzz/index.ts'),
        },
        output: commonJs,
      },
    },
  },
  preload: {
    build: {
      outDir: join(target, 'preload'),
      target: 'node18',
      rollupOptions: { input: { index: source('preload/index.ts') }, output: commonJs },
    },
  },
  renderer: {
    root: source('renderer'),
    build: {
      outDir: join(target, 'renderer'),
      target: 'chrome114',
      rollupOptions: { input: [source('renderer/index.html'), source('renderer/stopped.html')] },
    },
    plugins: [svelte()],
  },
});
