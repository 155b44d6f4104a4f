import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replaceBuild } from './replace-build.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const stamp = join(root, 'out', '.stamp');
const lock = join(root, 'out', '.lock');
/** Where electron-vite writes (`electron.vite.config.ts` reads the name): what runs from `out` meanwhile keeps its files. */
const fresh = join(root, 'out', '.fresh');

/** Builds `out/` unless it was built from just these sources. Throws with the failing step's output. */
export async function ensureBuilt({ force = false, quiet = true } = {}) {
  if (!force && isCurrent()) return;
  mkdirSync(join(root, 'out'), { recursive: true });
  await acquire();
  try {
    if (!force && isCurrent()) return; // another process built it while this one waited
    const print = fingerprint();
    if (quiet) process.stderr.write('convscope: building, once after each change …\n');
    await run('the kernels', [join('scripts', 'build-kernels.mjs')], quiet);
    rmSync(fresh, { recursive: true, force: true }); // of a build that was killed
    await run(
      'the app',
      [join('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
      quiet,
    );
    rmSync(stamp, { force: true }); // who comes now waits for the lock
    replaceBuild(fresh, join(root, 'out'));
    writeFileSync(stamp, print);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A hash over the name, size and time of every source, and over the versions that the lock file names. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = ['package-lock.json', 'electron.vite.config.ts', 'tsconfig.json', 'scripts/build-kernels.mjs'];
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath ?? entry.path, entry.name).slice(root.length));
  }
  for (const file of files.sort()) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function isCurrent() {
  try {
    return readFileSync(stamp, 'utf8') === fingerprint();
  } catch {
    return false; // never built
  }
}

/** A folder as a lock: making one is atomic. A lock whose process is gone is taken over. */
async function acquire() {
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (holderIsGone()) rmSync(lock, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function holderIsGone() {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    if (error.code === 'ESRCH') return true;
    if (error.code !== 'ENOENT') return false;
    try {
      return Date.now() - statSync(lock).mtimeMs > 5000; // made, and its process died before it wrote its number
    } catch {
      return false; // released in between
    }
  }
}

function run(step, args, quiet) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, CONVSCOPE_BUILD: fresh },
    });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`building ${step} failed (exit code ${code})\n${output}`)),
    );
  });
}
