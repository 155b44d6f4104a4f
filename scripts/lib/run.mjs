import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './built.mjs';

/** Runs a package's own command with this Node, in the project's root; its exit code. */
export const runTool = (name, args, { bin = name } = {}) => runNode([script(name, bin), ...args]);

/** The same, its output kept: `{ code, output }`. */
export const runToolQuietly = (name, args, { bin = name } = {}) =>
  runQuietly(process.execPath, [script(name, bin), ...args]);

/** Runs a command in the project's root, its output kept: `{ code, output }`. */
export function runQuietly(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The file of a package's command. */
function script(name, bin) {
  const folder = join(root, 'node_modules', name);
  const { bin: bins } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bins === 'string' ? bins : bins[bin]);
}

/** Runs a script with this Node, in the project's root; its exit code. */
export const runNode = async (args) => (await run(process.execPath, args)).code;

/** Runs a command in the project's root; `{ code }`. */
export function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1 }));
  });
}
