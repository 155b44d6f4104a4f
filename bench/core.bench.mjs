// Training and inference of the core against onnxruntime, in the same run: see `convscope bench --help`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../bin/convscope.js', import.meta.url));
process.exitCode =
  spawnSync(process.execPath, [cli, 'bench', ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
