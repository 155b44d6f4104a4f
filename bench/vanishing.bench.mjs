// Activations and gradients that vanish must not slow a step: at most a fifth longer than the same step on ordinary weights.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LIMIT = 1.2;

const cli = fileURLToPath(new URL('../bin/convscope.js', import.meta.url));
for (const net of ['lenet5', 'cifar-like', 'tiny']) {
  const args = [cli, 'bench', '--vanishing', '--json', '--net', net, ...process.argv.slice(2)];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(stdout);
  if (status !== 0) process.exit(status ?? 1);
  const { vanishingRatio } = JSON.parse(stdout);
  if (vanishingRatio > LIMIT) {
    console.error(`${net}: found ${vanishingRatio} times an ordinary step, expected at most ${LIMIT}`);
    process.exitCode = 1;
  }
}
