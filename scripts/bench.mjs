// npm run bench [-- NAME …]: builds, then runs every benchmark in bench/ (or those named), one after the other.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, root } from './lib/built.mjs';
import { runNode } from './lib/run.mjs';

const all = readdirSync(join(root, 'bench')).filter((file) => file.endsWith('.bench.mjs'));
const names = process.argv.slice(2);
const unknown = names.filter((name) => !all.includes(`${name}.bench.mjs`));
if (unknown.length > 0) {
  console.error(
    `no benchmark called ${unknown.join(', ')}; there are ${all.map((file) => file.replace('.bench.mjs', '')).join(', ')}`,
  );
  process.exit(2);
}
await ensureBuilt();
for (const file of all) {
  if (names.length > 0 && !names.includes(file.replace('.bench.mjs', ''))) continue;
  console.log(`\n— ${file}`);
  if ((await runNode([join(root, 'bench', file)])) !== 0) process.exitCode = 1;
}
