// npm run check: format, lint, types, architecture. Runs all of them, two at a time, fails if one does.
import { runToolQuietly } from './lib/run.mjs';

/** The slowest first, so that the others run beside it. */
const checks = [
  ['lint', 'eslint', ['.', '--max-warnings', '0']],
  // Those of plain TypeScript too.
  ['types', 'svelte-check', ['--tsconfig', './tsconfig.json', '--fail-on-warnings']],
  ['types of the core, without Node or DOM', 'typescript', ['-p', 'src/core'], { bin: 'tsc' }],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['architecture', 'dependency-cruiser', ['src', '--config', '.dependency-cruiser.cjs'], { bin: 'depcruise' }],
];

const waiting = [...checks];
const failed = [];
async function work() {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const [title, tool, args, options] = check;
    const { code, output } = await runToolQuietly(tool, args, options);
    console.log(`— ${title}\n${output}`.trimEnd());
    if (code !== 0) failed.push(title);
  }
}
await Promise.all([work(), work()]);

if (failed.length > 0) {
  console.error(`failed: ${failed.join('; ')}`);
  process.exit(1);
}
console.log('all checks passed');
