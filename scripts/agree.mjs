// npm run agree [-- --seconds N --seed N | --network SEED]: random networks, run every way there is; see src/agreement/index.ts.
import { join } from 'node:path';
import { ensureBuilt, root } from './lib/built.mjs';
import { runNode } from './lib/run.mjs';

await ensureBuilt();
process.exitCode = await runNode([join(root, 'out', 'main', 'agreement.js'), ...process.argv.slice(2)]);
