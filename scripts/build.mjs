// npm run build: the kernels, then everything that electron-vite bundles. Skips what is up to date; `--force` does not.
import { ensureBuilt } from './lib/built.mjs';

await ensureBuilt({ force: process.argv.includes('--force'), quiet: false });
