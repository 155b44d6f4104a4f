import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readWholeFile, writeFileAtomically } from '../../../src/engine/system/files';

const folder = mkdtempSync(join(tmpdir(), 'convscope-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('readWholeFile', () => {
  it('names the file and what is wrong with it', async () => {
    const empty = join(folder, 'empty');
    writeFileSync(empty, '');
    await expect(readWholeFile(join(folder, 'absent'))).rejects.toMatchObject({ code: 'file.missing' });
    await expect(readWholeFile(join(empty, 'below'))).rejects.toMatchObject({ code: 'file.missing' });
    await expect(readWholeFile(folder)).rejects.toThrow(`'${folder}' is a folder, expected a file`);
    await expect(readWholeFile(empty)).rejects.toThrow(`'${empty}' is empty (0 bytes)`);
    if (process.platform !== 'win32') {
      await expect(readWholeFile('/dev/zero')).rejects.toMatchObject({ code: 'file.unreadable' });
    }
  });

  it('refuses what is larger than asked for', async () => {
    const file = join(folder, 'three');
    writeFileSync(file, 'abc');
    await expect(readWholeFile(file, 2)).rejects.toMatchObject({ code: 'file.unreadable' });
    expect(Buffer.from(await readWholeFile(file, 3)).toString()).toBe('abc');
  });
});

describe('writeFileAtomically', () => {
  it('makes the folder, replaces what was there and leaves nothing else', async () => {
    const file = join(folder, 'new', 'deep', 'file.txt');
    await writeFileAtomically(file, 'first');
    await writeFileAtomically(file, 'second');
    expect(readFileSync(file, 'utf8')).toBe('second');
    expect(readdirSync(join(folder, 'new', 'deep'))).toEqual(['file.txt']);
  });

  it('keeps the old file and leaves no temporary one where writing fails', async () => {
    const taken = join(folder, 'taken');
    mkdirSync(join(taken, 'inside'), { recursive: true });
    // A folder cannot be replaced by a file: the rename fails, after everything was written.
    await expect(writeFileAtomically(taken, 'x')).rejects.toMatchObject({ code: 'file.unwritable' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const file = join(folder, 'plain');
    writeFileSync(file, 'old');
    await expect(writeFileAtomically(join(file, 'below'), 'x')).rejects.toThrow(/cannot be written/);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
});
