import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openRegular } from '../../../src/engine/data/open';
import { readWholeFile } from '../../../src/engine/system/files';

/** Runs when a file was looked at and is not open yet. */
let meanwhile: () => void = () => undefined;
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const stat = async (path: string) => {
    const info = await real.stat(path);
    meanwhile();
    return info;
  };
  return { ...real, stat };
});

const folder = mkdtempSync(join(tmpdir(), 'convscope-open-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(process.platform === 'win32')('a pipe that takes the place of a file just before it is opened', () => {
  it.each([
    ['openRegular', (path: string) => openRegular(path)],
    ['readWholeFile', (path: string) => readWholeFile(path)],
    ['readWholeFile of bytes of a name', (path: string) => readWholeFile(Buffer.from(path))],
  ])('is not waited for: %s', async (_, read) => {
    const path = join(folder, 'file');
    rmSync(path, { force: true });
    writeFileSync(path, 'content');
    meanwhile = () => {
      rmSync(path);
      spawnSync('mkfifo', [path]);
      meanwhile = () => undefined;
    };
    await expect(read(path)).rejects.toThrow(`'${path}' cannot be read: it is a named pipe, expected a regular file`);
  });
});
