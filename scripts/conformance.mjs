// npm run conformance [-- FILE.tar.gz]: ONNX's own backend test cases, run through our layers.
import { join } from 'node:path';
import { ensureBuilt, root } from './lib/built.mjs';
import { runNode } from './lib/run.mjs';

await ensureBuilt();
process.exitCode = await runNode([join(root, 'out', 'main', 'conformance.js'), ...process.argv.slice(2)]);
