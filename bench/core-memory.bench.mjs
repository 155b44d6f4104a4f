// Resident memory of training the CIFAR-like network at batch 128, 2,000 steps: under 600 MB, and not growing.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LIMIT_BYTES = 600e6;
/** What the collector and the allocator come and go with. */
const GROWTH_LIMIT_MIB = 16;

const cli = fileURLToPath(new URL('../bin/convscope.js', import.meta.url));
const { stdout, status } = spawnSync(process.execPath, [cli, 'bench', '--memory', '--json', ...process.argv.slice(2)], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
process.stdout.write(stdout);
if (status !== 0) process.exit(status ?? 1);
const { residentMiB, grownMiB } = JSON.parse(stdout);
if (residentMiB * 2 ** 20 > LIMIT_BYTES || grownMiB > GROWTH_LIMIT_MIB) {
  console.error(
    `found ${residentMiB} MiB, grown by ${grownMiB} MiB; expected at most ${Math.floor(LIMIT_BYTES / 2 ** 20)} MiB and ${GROWTH_LIMIT_MIB} MiB`,
  );
  process.exitCode = 1;
}
