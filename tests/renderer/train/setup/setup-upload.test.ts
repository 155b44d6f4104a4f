import { messageOf } from '../../../../src/words';
import { describe, expect, it } from 'vitest';
import { Session } from '../../../../src/renderer/src/state/session.svelte';
import { saveFile } from '../../../../src/renderer/src/state/save';
import { bringsData, takeCarried } from '../../../../src/renderer/src/train/setup/drop';
import { checkSize, chosenFolder, dataFiles, droppedFolder } from '../../../../src/renderer/src/train/setup/entries';
import { Setup } from '../../../../src/renderer/src/train/setup/setup.svelte';
import { FailureError } from '../../../../src/shared/failures';
import { uploadLimits } from '../../../../src/shared/upload-limits';
import type { Method, Params } from '../../../../src/shared/protocol';
import { FakeClient } from '../../fake-client';
import { colors, fakeData } from '../../fake-data';

/** A folder as a browser's drop gives it: `readEntries` brings a hundred at a time. */
type Tree = { [name: string]: Tree | number };
function folder(name: string, tree: Tree): FileSystemDirectoryEntry {
  return {
    isDirectory: true,
    isFile: false,
    name,
    createReader() {
      const entries = Object.entries(tree).map(([each, inside]) =>
        typeof inside === 'number' ? fileEntry(each, inside) : folder(each, inside),
      );
      return {
        readEntries: (resolve: (entries: FileSystemEntry[]) => void) =>
          setTimeout(() => resolve(entries.splice(0, 100))),
      };
    },
  } as unknown as FileSystemDirectoryEntry;
}
const fileEntry = (name: string, size: number): FileSystemEntry =>
  ({
    isDirectory: false,
    isFile: true,
    name,
    file: (resolve: (file: File) => void) => resolve(new File([new Uint8Array(size)], name)),
  }) as unknown as FileSystemEntry;

const never = new AbortController().signal;

async function begin(answers: FakeClient['training'] = {}): Promise<{ client: FakeClient; setup: Setup }> {
  const client: FakeClient = new FakeClient('lenet', {}, { ...fakeData(() => client), ...answers });
  const session = new Session(client);
  await session.begin();
  return { client, setup: new Setup(session) };
}
const sent = <M extends Method>(client: FakeClient, method: M): Params<M>[] =>
  client.calls.filter((call) => call.method === method).map(({ params }) => params as Params<M>);

const many: Tree = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${i}.png`, 10]));

describe('a dropped folder', () => {
  it('is walked to its end, more than a hundred files in a folder and all', async () => {
    let found = 0;
    const picked = droppedFolder(folder('动物', { 猫: many, 狗: { deep: { 'a 🐕.png': 3 } }, '.DS_Store': 1 }));
    const files = await picked.list(never, (count) => (found = count));
    expect(files).toHaveLength(252);
    expect(found).toBe(252);
    expect(files.map(({ path }) => path)).toContain('狗/deep/a 🐕.png');
    expect(new Set(files.map(({ path }) => path)).size).toBe(252);
  });

  it('ends where a link leads in a circle, and says so', async () => {
    const circle: Tree = {};
    circle.again = circle;
    await expect(droppedFolder(folder('round', circle)).list(never, () => {})).rejects.toThrow(/'round'.*circle/);
  });

  it('can be called off while it is walked', async () => {
    const abort = new AbortController();
    const walked = droppedFolder(folder('large', { a: many, b: many })).list(abort.signal, () =>
      abort.abort(new FailureError('cancelled')),
    );
    await expect(walked).rejects.toThrow('cancelled');
  });

  it('names what cannot be read', async () => {
    const broken = {
      ...folder('x', {}),
      createReader: () => ({
        readEntries: (_: unknown, reject: (error: Error) => void) => reject(new Error('not allowed')),
      }),
    } as unknown as FileSystemDirectoryEntry;
    await expect(droppedFolder(broken).list(never, () => {})).rejects.toThrow("'x' cannot be read: not allowed");
  });
});

describe('an upload', () => {
  it('sends every file with its path and becomes the chosen data', async () => {
    const { client, setup } = await begin();
    await setup.list.takeUpload(droppedFolder(folder('pets', { cats: many, dogs: { '1.png': 7 } })));
    expect(sent(client, 'beginUpload')).toEqual([{ name: 'pets', files: 251, bytes: 2507 }]);
    const paths = sent(client, 'upload').map(({ path }) => path);
    expect(paths).toHaveLength(251);
    expect(paths).toContain('dogs/1.png');
    expect(setup.data).toMatchObject({ name: 'pets', kind: 'uploaded' });
    expect(setup.list.upload).toBeNull();
  });

  it('can be called off: nothing more is sent, the engine is told, no error is shown', async () => {
    const { client, setup } = await begin();
    setup.chooseData(colors);
    const answer = client.training.upload!;
    let count = 0;
    client.training.upload = (params) => {
      if (++count === 20) setup.list.upload!.cancel();
      return answer(params);
    };
    await setup.list.takeUpload(droppedFolder(folder('pets', { cats: many })));
    expect(count).toBeLessThan(30);
    expect(sent(client, 'cancelUpload')).toHaveLength(1);
    expect(sent(client, 'endUpload')).toEqual([]);
    expect(setup.list.failure).toBeNull();
    expect(setup.data).toEqual(colors);
  });

  it('ends at the first file that is refused, and says which', async () => {
    const { client, setup } = await begin();
    client.training.upload = ({ path }) => {
      if (path === 'cats/30.png')
        throw new FailureError('file.unwritable', { file: path, reason: messageOf('disk full') });
      return { bytes: 1 };
    };
    await setup.list.takeUpload(droppedFolder(folder('pets', { cats: many })));
    expect(setup.list.failure?.message).toContain('cats/30.png');
    expect(sent(client, 'upload').length).toBeLessThan(60);
    expect(sent(client, 'cancelUpload')).toHaveLength(1);
    expect(setup.data).toBeNull();
  });

  it('says that a folder is empty or too large before anything is sent', async () => {
    const { client, setup } = await begin();
    await setup.list.takeUpload(droppedFolder(folder('nothing', { inside: {} })));
    expect(setup.list.failure?.message).toBe("'nothing': holds no file");
    expect(sent(client, 'beginUpload')).toEqual([]);
    const sized = (size: number) => ({ path: 'a.npz', file: { name: 'a.npz', size } as File });
    expect(() => checkSize('x', [sized(uploadLimits.fileBytes + 1)])).toThrow(/'a.npz'.*limit for one file/);
    expect(() =>
      checkSize(
        'x',
        Array.from({ length: 10 }, () => sized(uploadLimits.fileBytes)),
      ),
    ).toThrow(/'x'.*limit for an upload is 4096 MiB/);
    const tiny = sized(1);
    expect(() =>
      checkSize(
        'x',
        Array.from({ length: uploadLimits.files + 1 }, () => tiny),
      ),
    ).toThrow(/100,001 files/);
  });

  it('takes a folder from a dialog, and data files by themselves', async () => {
    const chosen = ['pets/cats/1.png', 'pets/dogs/2.png'].map((path) =>
      Object.assign(new File([], path), { webkitRelativePath: path }),
    );
    const picked = chosenFolder(chosen);
    expect(picked.name).toBe('pets');
    expect((await picked.list(never, () => {})).map(({ path }) => path)).toEqual(['cats/1.png', 'dogs/2.png']);
    expect(dataFiles([new File([], 'set.npz')]).name).toBe('set');
    expect(dataFiles([new File([], 'data_batch_1.bin.gz')]).name).toBe('data_batch_1');
  });
});

describe('a drop', () => {
  const file = (name: string) => ({ file: new File([new Uint8Array(3)], name) });
  it('is data where it holds a folder or a data file', async () => {
    const { setup } = await begin();
    expect(bringsData(setup.session, [{ folder: folder('x', {}), file: null }])).toBe(true);
    expect(bringsData(setup.session, [file('train-images-idx3-ubyte.gz')])).toBe(true);
    expect(bringsData(setup.session, [file('set.npz')])).toBe(true);
    expect(bringsData(setup.session, [file('cat.png'), file('net.onnx')])).toBe(false);
  });
  it('takes both halves of an idx set', async () => {
    const { client, setup } = await begin();
    await takeCarried(setup, [file('train-images-idx3-ubyte.gz'), file('train-labels-idx1-ubyte.gz')]);
    expect(sent(client, 'upload').map(({ path }) => path)).toEqual([
      'train-images-idx3-ubyte.gz',
      'train-labels-idx1-ubyte.gz',
    ]);
  });
  it('says what a single picture or network is not', async () => {
    const { setup } = await begin();
    const { status } = setup.session;
    await takeCarried(setup, [file('cat.png')]);
    expect(status.notice).toMatchObject({ key: 'setup.data.picture', tone: 'warn' });
    await takeCarried(setup, [file('net.onnx')]);
    expect(status.notice).toMatchObject({ key: 'setup.data.network' });
    await takeCarried(setup, [file('notes.txt')]);
    expect(status.notice).toMatchObject({ key: 'setup.data.other' });
  });
  it('is no work of the engine while a dialog of the system waits for a person', async () => {
    const { client, setup } = await begin();
    const busy: boolean[] = [];
    const choose = (): Promise<null> => {
      busy.push(setup.session.status.busy);
      return Promise.resolve(null);
    };
    Object.assign(client, { folders: { choose, dropped: () => Promise.resolve(null) } });
    await setup.list.chooseFolder();
    Object.assign(client, { save: choose });
    await saveFile(setup.session, () => Promise.resolve({ name: 'a.png', bytes: new Uint8Array(1) }));
    expect(busy).toEqual([false, false]);
  });
  it('goes to the host where the host can name folders', async () => {
    const { client, setup } = await begin();
    const named: string[] = [];
    Object.assign(client, {
      folders: {
        choose: () => Promise.resolve(null),
        dropped: (each: File) => {
          named.push(each.name);
          return Promise.resolve(colors);
        },
      },
    });
    await takeCarried(setup, [{ folder: folder('pets', {}), file: new File([], 'pets') }]);
    expect(named).toEqual(['pets']);
    expect(setup.data).toEqual(colors);
    expect(sent(client, 'beginUpload')).toEqual([]);
    await setup.list.chooseFolder();
    expect(setup.data).toEqual(colors);
  });
});
