// Compiles src/core/kernels/assembly to out/kernels/{simd,relaxed}.wasm. Does nothing where they were built from just
// these sources. Of several processes at once one builds and the others wait; files appear by renaming.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = join(root, 'src', 'core', 'kernels', 'assembly');
const target = join(root, 'out', 'kernels');
const lock = join(target, '.lock');

/**
 * -O1, with the products unrolled by hand: at -O3 the accumulators become one dependent chain and spill, 22–34 % slower.
 * The maximum of the memory is all of 4 GiB; an instance takes any shared memory up to that.
 */
const FLAGS =
  '-O1 --noAssert --runtime stub --importMemory --sharedMemory --initialMemory 16 --maximumMemory 65536 --enable simd --enable threads';
const BUILDS = { simd: FLAGS, relaxed: `${FLAGS} --enable relaxed-simd` };

/** @returns {Promise<Record<'simd' | 'relaxed', string>>} the paths of the two builds. */
export async function buildKernels({ force = false } = {}) {
  const paths = Object.fromEntries(Object.keys(BUILDS).map((build) => [build, join(target, `${build}.wasm`)]));
  const print = fingerprint();
  if (!force && isCurrent(print, paths)) return paths;
  mkdirSync(target, { recursive: true });
  await acquire();
  try {
    if (force || !isCurrent(print, paths)) await build(print, paths);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
  return paths;
}

async function build(print, paths) {
  const { generate } = await import(pathToFileURL(join(sources, 'generator', 'index.mjs')).href);
  const generated = generate();
  mkdirSync(join(target, 'generated'), { recursive: true });
  for (const [name, text] of Object.entries(generated)) replace(join(target, 'generated', name), text);
  for (const [build, flags] of Object.entries(BUILDS)) replace(paths[build], await compile(flags, generated));
  replace(join(target, 'stamp'), print);
}

/** A folder as a lock: making one is atomic. No build takes a minute: an older lock is of a process that was killed. */
async function acquire() {
  for (;;) {
    try {
      return mkdirSync(lock);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > 60_000) rmSync(lock, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** A hash over all that the builds are made from. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const compiler = join(root, 'node_modules', 'assemblyscript', 'package.json');
  for (const file of [...files, fileURLToPath(import.meta.url), compiler]) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function isCurrent(print, paths) {
  try {
    for (const path of Object.values(paths)) readFileSync(path);
    return readFileSync(join(target, 'stamp'), 'utf8') === print;
  } catch {
    return false; // never built
  }
}

/** Writes a file whole or not at all. */
function replace(path, data) {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, data);
  renameSync(temporary, path);
}

/** One build's bytes. The compiler reads `generated/…` from memory. */
async function compile(flags, generated) {
  const { main } = await import('assemblyscript/asc');
  let binary;
  const messages = [];
  const { error } = await main(['index.ts', '--outFile', 'kernels.wasm', ...flags.split(' ')], {
    stdout: { write: (text) => messages.push(text) },
    stderr: { write: (text) => messages.push(text) },
    readFile(name) {
      if (dirname(name).split(sep).join('/') === 'generated') return generated[basename(name)] ?? null;
      try {
        return readFileSync(join(sources, name), 'utf8');
      } catch {
        return null; // the compiler asks for several names until one exists
      }
    },
    writeFile(name, data) {
      if (name === 'kernels.wasm') binary = data;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`the kernels do not compile:\n${messages.join('')}`);
  return binary;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels({ force: process.argv.includes('--force') });
