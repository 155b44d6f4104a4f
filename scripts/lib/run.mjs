import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './built.mjs';

const require = createRequire(import.meta.url);

/** Runs a package's own command with this Node, in the project's root; its exit code. */
export function runTool(name, args, { bin = name } = {}) {
  const manifest = require.resolve(`${name}/package.json`, { paths: [root] });
  const { bin: bins } = require(manifest);
  return runNode([join(dirname(manifest), typeof bins === 'string' ? bins : bins[bin]), ...args]);
}

/** Runs a script with this Node, in the project's root; its exit code. */
export function runNode(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
