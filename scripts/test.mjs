// npm test [-- vitest's arguments]: builds what is not built, then runs the unit and contract tests.
import { ensureBuilt } from './lib/built.mjs';
import { runTool } from './lib/run.mjs';

await ensureBuilt();
process.exitCode = await runTool('vitest', ['run', ...process.argv.slice(2)]);
