// npm run fuzz -- --seconds N [--seed S] [--only KIND]: broken files, read by our own readers.
import { join } from 'node:path';
import { ensureBuilt, root } from './lib/built.mjs';
import { runNode } from './lib/run.mjs';

await ensureBuilt();
process.exitCode = await runNode([join(root, 'out', 'main', 'fuzz.js'), ...process.argv.slice(2)]);
