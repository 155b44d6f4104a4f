// npm test [-- vitest's arguments]: builds what is not built, then runs the unit and contract tests. Those that take minutes
// (`long` in vitest.config.mts) are run by `npm run test:long`, and where a file or a project is named.
import { ensureBuilt } from './lib/built.mjs';
import { runTool } from './lib/run.mjs';

await ensureBuilt();
const given = process.argv.slice(2);
const chosen = given.some((each) => !each.startsWith('-') || each.startsWith('--project'));
process.exitCode = await runTool('vitest', ['run', ...(chosen ? [] : ['--project=!long']), ...given]);
