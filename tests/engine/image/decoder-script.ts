import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Builds the decoder process from the sources as they are, for tests that must not depend on an earlier build. */
export async function buildDecoder(name: string): Promise<string> {
  const outDir = path(`../../out/test/${name}`);
  await build({
    configFile: false,
    logLevel: 'error',
    root: path('../../..'),
    build: {
      ssr: path('../../../src/engine/image/decoder-process.ts'),
      outDir,
      target: 'node18',
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'decoder.cjs' } },
    },
  });
  return `${outDir}/decoder.cjs`;
}
