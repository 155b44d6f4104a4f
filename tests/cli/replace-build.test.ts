import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceBuild } from '../../scripts/lib/replace-build.mjs';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'convscope-build-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const out = (...parts: string[]): string => join(folder, 'out', ...parts);
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

it('replaces a build as a whole, and leaves the chunks that a running process may still ask for', () => {
  write(out('main', 'cli.js'), 'old');
  write(out('main', 'dropped.js'), 'old');
  write(out('main', 'chunks', 'a-1.js'), 'old chunk');
  write(out('main', 'chunks', 'a-0.js'), 'very old chunk');
  utimesSync(out('main', 'chunks', 'a-0.js'), 0, 0);
  write(out('kernels', 'simd.wasm'), 'kernels');
  write(out('.fresh', 'main', 'cli.js'), 'new');
  write(out('.fresh', 'main', 'chunks', 'a-2.js'), 'new chunk');
  write(out('.fresh', 'renderer', 'index.html'), 'page');

  replaceBuild(out('.fresh'), out());

  expect(readFileSync(out('main', 'cli.js'), 'utf8')).toBe('new');
  expect(readFileSync(out('main', 'chunks', 'a-1.js'), 'utf8')).toBe('old chunk');
  expect(readFileSync(out('main', 'chunks', 'a-2.js'), 'utf8')).toBe('new chunk');
  expect(readFileSync(out('renderer', 'index.html'), 'utf8')).toBe('page');
  expect(readFileSync(out('kernels', 'simd.wasm'), 'utf8')).toBe('kernels');
  for (const gone of [out('main', 'dropped.js'), out('main', 'chunks', 'a-0.js'), out('.fresh')])
    expect(existsSync(gone)).toBe(false);
});
