// npm run check: format, lint, types, architecture. Runs all of them, fails if one does.
import { runTool } from './lib/run.mjs';

const checks = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'eslint', ['.', '--max-warnings', '0']],
  ['types', 'typescript', ['-p', '.'], { bin: 'tsc' }],
  ['types of the core, without Node or DOM', 'typescript', ['-p', 'src/core'], { bin: 'tsc' }],
  ['types of the window', 'svelte-check', ['--tsconfig', './tsconfig.json', '--fail-on-warnings']],
  ['architecture', 'dependency-cruiser', ['src', '--config', '.dependency-cruiser.cjs'], { bin: 'depcruise' }],
];

const failed = [];
for (const [title, tool, args, options] of checks) {
  console.log(`— ${title}`);
  if ((await runTool(tool, args, options)) !== 0) failed.push(title);
}
if (failed.length > 0) {
  console.error(`failed: ${failed.join('; ')}`);
  process.exit(1);
}
console.log('all checks passed');
