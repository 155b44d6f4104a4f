import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DataSets, sourceOf } from '../../../src/engine/data-sets/data-sets';
import { scratch } from '../train/helpers';
import { npy, npz, pattern } from '../data/make';
import { put } from './pictures';

const root = realpathSync(scratch());
let home = '';
let folder = '';
beforeEach(() => {
  home = mkdtempSync(join(root, 'home-'));
  folder = mkdtempSync(join(root, 'set-'));
  process.env.CONVSCOPE_DATA = home;
  for (const name of ['猫/一.png', '🐶/a.png']) put(folder, name, 'x');
});

const reason = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was refused',
    (error: Error) => error.message,
  );

async function upload(sets: DataSets, name: string, files: Record<string, string>): Promise<string> {
  const entries = Object.entries(files).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }));
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
  const id = await sets.uploads.begin(name, entries.length, bytes);
  await Promise.all(entries.map((entry) => sets.uploads.put(id, entry.path, entry.bytes)));
  return id;
}

describe('known data sets', () => {
  it('are the generated ones, then what was named, the newest first, after a restart too', async () => {
    const sets = new DataSets();
    expect(await sets.list()).toEqual([
      { id: 'builtin:colors', name: 'builtin:colors', kind: 'generated', path: null, present: true },
      { id: 'builtin:shapes', name: 'builtin:shapes', kind: 'generated', path: null, present: true },
    ]);
    const first = await sets.add(folder);
    const archive = join(mkdtempSync(join(root, 'file-')), '数字 🔢.npz');
    writeFileSync(
      archive,
      npz({ images: npy('|u1', [2, 2, 2], pattern(8)), labels: npy('|u1', [2], Uint8Array.of(0, 1)) }),
    );
    await new Promise((resolve) => setTimeout(resolve, 2));
    const second = await sets.add(archive);
    expect(second).toMatchObject({ name: '数字 🔢.npz', kind: 'folder', path: archive, present: true });
    expect(await new DataSets().list()).toMatchObject([{}, {}, second, first]);
    expect(await new DataSets().find(first.id)).toEqual(first);
    expect([sourceOf(first), sourceOf((await sets.list())[0])]).toEqual([folder, 'builtin:colors']);
  });

  it('are one for one folder, however it is named, and come to the front when named again', async () => {
    const sets = new DataSets();
    const { id } = await sets.add(folder);
    const other = mkdtempSync(join(root, 'other-'));
    put(other, 'a/a.png', 'x');
    await sets.add(other);
    symlinkSync(folder, join(home, 'link'));
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect((await sets.add(join(home, 'link'))).id).toBe(id);
    expect((await sets.list()).map((info) => info.id).slice(2)).toEqual([id, expect.any(String)]);
  });

  it('keep what was named side by side', async () => {
    const sets = new DataSets();
    const folders = Array.from({ length: 8 }, () => mkdtempSync(join(root, 'many-')));
    for (const each of folders) put(each, 'a/a.png', 'x');
    await Promise.all(folders.map((each) => sets.add(each)));
    expect(await sets.list()).toHaveLength(10);
  });

  it('say which folder has gone, and forget it without touching it', async () => {
    const sets = new DataSets();
    const { id } = await sets.add(folder);
    renameSync(folder, `${folder}-away`);
    expect(await sets.find(id)).toMatchObject({ present: false });
    renameSync(`${folder}-away`, folder);
    await sets.forget(id);
    expect(await reason(sets.find(id))).toContain('choose its folder again');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('refuse what is no data set, a path that is not whole, and forgetting a generated one', async () => {
    const sets = new DataSets();
    const empty = mkdtempSync(join(root, 'empty-'));
    put(empty, 'letter.txt', 'x');
    expect(await reason(sets.add(empty))).toContain('1 file, letter.txt; expected a folder of pictures per class');
    expect(await reason(sets.add(join(empty, 'letter.txt')))).toContain('is not a data set');
    expect(await reason(sets.add(join(empty, 'absent')))).toContain('no such file');
    expect(await reason(sets.add('somewhere'))).toContain('not an absolute path');
    expect(await reason(sets.forget('builtin:colors'))).toContain('cannot be removed');
    expect(await reason(sets.forget('folder-0'))).toContain('no data set');
    expect(await sets.list()).toHaveLength(2);
  });

  it.each(['{ "format": 1, "folders": [', '', '[]', '{"format":2,"folders":[]}', '{"format":1,"folders":[{"id":1}]}'])(
    'survive a list that is damaged (%s): it is told and moved aside',
    async (text) => {
      writeFileSync(join(home, 'data-sets.json'), text);
      const sets = new DataSets();
      expect(await sets.list()).toHaveLength(2);
      const [notice] = sets.takeNotices();
      expect(notice.message).toMatch(/data-sets\.json': is damaged .*must be chosen again/);
      expect(sets.takeNotices()).toEqual([]);
      const aside = readdirSync(home).find((name) => name.startsWith('data-sets.damaged-'))!;
      expect(readFileSync(join(home, aside), 'utf8')).toBe(text);
      await sets.add(folder);
      expect(await new DataSets().list()).toHaveLength(3);
    },
  );
});

describe('uploads', () => {
  const files = { '猫/一.png': 'one', '🐶/a.png': 'two', '🐶/b/c.png': '' };

  it('come whole, names of any script among them, and are there after a restart', async () => {
    const sets = new DataSets();
    const info = await sets.ended(await upload(sets, '宠物 🐾', files));
    expect(info).toMatchObject({ name: '宠物 🐾', kind: 'uploaded', present: true });
    for (const [path, text] of Object.entries(files)) expect(readFileSync(join(info.path!, path), 'utf8')).toBe(text);
    expect(await new DataSets().find(info.id)).toEqual(info);
  });

  it('are one for the same name and content, and another for any other', async () => {
    const sets = new DataSets();
    const info = await sets.ended(await upload(sets, 'pets', files));
    expect(await sets.ended(await upload(sets, 'pets', files))).toEqual(info);
    expect((await sets.ended(await upload(sets, 'animals', files))).id).not.toBe(info.id);
    expect((await sets.ended(await upload(sets, 'pets', { ...files, '猫/一.png': 'eno' }))).id).not.toBe(info.id);
    expect(readdirSync(join(home, 'uploads'))).toHaveLength(3);
  });

  it.each([
    ['../a.png', "contains '..'"],
    ['a/../../b.png', "contains '..'"],
    ['a/./b.png', "contains '.'"],
    ['/etc/passwd', 'absolute'],
    ['a\\..\\b.png', 'backslash'],
    ['C:\\a.png', 'backslash'],
    ['a/\0.png', 'control character'],
    ['a/\n.png', 'control character'],
    ['a//b.png', 'empty name'],
    ['a/', 'empty name'],
    ['', 'is empty'],
    ['\ud800.png', 'not valid Unicode'],
    ['a/'.repeat(600), 'the limit is 1024'],
  ])('refuse the path %j, and nothing is left of them', async (path, message) => {
    const { uploads } = new DataSets();
    const id = await uploads.begin('pets', 2, 10);
    await uploads.put(id, 'a/fine.png', Uint8Array.of(1));
    expect(await reason(uploads.put(id, path, Uint8Array.of(1)))).toContain(message);
    expect(readdirSync(join(home, 'uploads'))).toEqual([]);
    expect(readdirSync(home)).toEqual(['uploads']);
    expect(await reason(uploads.put(id, 'a/b.png', Uint8Array.of(1)))).toContain('no longer available');
  });

  it('refuse more than the limits, announced or sent, and say them', async () => {
    const { uploads } = new DataSets();
    expect(await reason(uploads.begin('pets', 100_001, 1))).toContain(
      '100,001 files, the limit for an upload is 100,000',
    );
    expect(await reason(uploads.begin('pets', 1, 5 * 2 ** 30))).toContain(
      '5120 MiB, the limit for an upload is 4096 MiB',
    );
    expect(await reason(uploads.begin('pets', 0, 0))).toContain('holds no file');
    expect(await reason(uploads.begin('a/b', 1, 1))).toContain('slash');
    expect(await reason(uploads.begin('..', 1, 1))).toContain("'..'");
    let id = await uploads.begin('pets', 1, 4);
    expect(await reason(uploads.put(id, 'a/a.png', new Uint8Array(5)))).toContain('more than the 1 file of 4 bytes');
    id = await uploads.begin('pets', 1, 4);
    const sent = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => uploads.put(id, `a/${name}.png`, Uint8Array.of(1))),
    );
    expect(sent.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    expect(readdirSync(join(home, 'uploads'))).toEqual([]);
  });

  it('refuse an end too early, a file that came twice, and what is not a data set', async () => {
    const sets = new DataSets();
    const { uploads } = sets;
    const id = await uploads.begin('pets', 2, 2);
    await uploads.put(id, 'a/a.png', Uint8Array.of(1));
    expect(await reason(uploads.end(id))).toContain('arrived as 1 file of 1 byte, expected 2 of 2');
    const twice = await uploads.begin('pets', 2, 2);
    await uploads.put(twice, 'a/a.png', Uint8Array.of(1));
    expect(await reason(uploads.put(twice, 'a/a.png', Uint8Array.of(1)))).toContain('arrived twice');
    expect(await reason(sets.ended(await upload(sets, '信件', { 'letter.txt': 'x' })))).toMatch(
      /^'信件': holds 1 file, letter\.txt/,
    );
    expect(await reason(sets.ended(await upload(sets, 'digits', { 'train-images-idx3-ubyte': 'x' })))).toMatch(
      /^'digits\/train-images-idx3-ubyte': images without labels/,
    );
    expect(readdirSync(join(home, 'uploads'))).toEqual([]);
  });

  it('end with what cannot be written, and leave nothing', async () => {
    const { uploads } = new DataSets();
    const id = await uploads.begin('pets', 2, 2);
    await uploads.put(id, 'a/a.png', Uint8Array.of(1));
    // Longer than a name may be on any file system: the write fails, as it does on a full disk.
    expect(await reason(uploads.put(id, `a/${'猫'.repeat(200)}`, Uint8Array.of(1)))).toContain(
      "猫' cannot be written: file name too long",
    );
    expect(readdirSync(join(home, 'uploads'))).toEqual([]);
  });

  it('go when they are cancelled, in the middle of a file too', async () => {
    const { uploads } = new DataSets();
    const id = await uploads.begin('pets', 9, 2 ** 24);
    const writing = uploads.put(id, 'a/a.png', new Uint8Array(2 ** 23)).catch(() => undefined);
    await uploads.cancel(id);
    await writing;
    expect(readdirSync(join(home, 'uploads'))).toEqual([]);
    await uploads.cancel(id);
  });

  it('that a process left half are cleared at the next start, those of a living one stay', async () => {
    const before = new DataSets().uploads;
    await before.put(await before.begin('pets', 2, 2), 'a/a.png', Uint8Array.of(1));
    const half = readdirSync(join(home, 'uploads'))[0];
    expect(half).toMatch(new RegExp(`^\\.half-${process.pid}-`));
    mkdirSync(join(home, 'uploads', '.half-1-00'));
    mkdirSync(join(home, 'uploads', '.half-4194305-00'));
    const after = new DataSets().uploads;
    const own = await after.begin('own', 1, 1);
    await after.clear();
    const left = readdirSync(join(home, 'uploads')).sort();
    expect(left).toEqual(['.half-1-00', `.half-${process.pid}-${own}`].sort());
    expect(await after.list()).toEqual([]);
  });

  it('are deleted when they are forgotten, unless one is read or a run needs it', async () => {
    let needing = ['第一次'];
    const sets = new DataSets(async () => needing);
    const info = await sets.ended(await upload(sets, 'pets', files));
    expect(await reason(sets.forget(info.id))).toContain("needed to resume '第一次'");
    needing = [];
    await sets.using(info.id, async () => {
      expect(await reason(sets.forget(info.id))).toContain('is being read');
    });
    await sets.forget(info.id);
    expect(readdirSync(join(home, 'uploads'))).toEqual([]);
    expect(await sets.list()).toHaveLength(2);
  });

  it('are found again where the list is lost', async () => {
    const sets = new DataSets();
    const info = await sets.ended(await upload(sets, 'pets', files));
    rmSync(join(home, 'data-sets.json'), { force: true });
    expect(await new DataSets().find(info.id)).toEqual(info);
  });
});
