import { FailureError, toFailure } from '../../../../shared/failures';
import { FILE_MIB } from '../../../../shared/upload-limits';
import { reasonOf, say } from '../../../../words';
import type { ModelSource } from '../../../../shared/protocol';
import type { Session } from '../../state/session.svelte';
import type { Tray, TrayPicture } from '../../state/tray.svelte';
import { droppedFolder, isNetworkFile, isPicture } from '../../train/setup/entries';

/** What a drop or a paste carried: a file, or a folder; `file` stands for the folder where the host can name it by that. */
export type Carried = { file: File } | { folder: FileSystemDirectoryEntry; file: File | null };

/** The files and folders of a drop or paste, in order. Must be read before the event ends. */
export function carried(transfer: DataTransfer): Carried[] {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  return items.flatMap((item): Carried[] => {
    const entry = item.webkitGetAsEntry?.();
    const file = item.getAsFile();
    if (entry?.isDirectory) return [{ folder: entry as FileSystemDirectoryEntry, file }];
    return file ? [{ file }] : [];
  });
}

/**
 * Opens a file as what its name says: `.onnx` or `.safetensors` a network, anything else a picture. Failures go to the status.
 * @param beside files that came with a network: its external data may lie in them.
 */
export async function openFile(session: Session, file: File, beside: readonly File[] = []): Promise<boolean> {
  const since = performance.now();
  const bytes = await readOr(session, file);
  if (!bytes) return false;
  const source = { kind: 'bytes' as const, name: file.name, bytes };
  if (isLabelFile(file)) return nameClassesAfter(session, file);
  if (!isModelFile(file)) return session.inspect(source, since);
  const network = await withBeside(session, source, beside);
  return network !== null && session.openModel(network);
}

type FileSource = Extract<ModelSource, { kind: 'bytes' }>;

/** Null where one of the files beside it cannot be read, which goes to the status. */
async function withBeside(session: Session, source: FileSource, beside: readonly File[]): Promise<FileSource | null> {
  const data: { name: string; bytes: Uint8Array }[] = [];
  for (const each of beside) {
    const own = await readOr(session, each);
    if (!own) return null;
    data.push({ name: each.name, bytes: own });
  }
  return data.length > 0 ? { ...source, beside: data } : source;
}

const readOr = (session: Session, file: File): Promise<Uint8Array | null> =>
  read(file).catch((error: unknown) => {
    session.status.fail(toFailure(error));
    return null;
  });

/** Networks among files that were chosen, each with the others, in which its external data may lie. Failures go to the status. */
export async function networksFrom(session: Session, files: readonly File[]): Promise<FileSource[]> {
  const networks = files.filter(isModelFile);
  const beside = files.filter((file) => !isModelFile(file));
  if (files.length > 0 && networks.length === 0)
    session.status.say('compare.noNetwork', { file: files[0].name }, 'warn');
  const found: FileSource[] = [];
  for (const file of networks) {
    const bytes = await readOr(session, file);
    const source = bytes && (await withBeside(session, { kind: 'bytes', name: file.name, bytes }, beside));
    if (source) found.push(source);
  }
  return found;
}

/** Names the classes of the open network after a text file. Failures go to the status. */
export async function nameClassesAfter(session: Session, file: File): Promise<boolean> {
  const bytes = await read(file).catch((error: unknown) => {
    session.status.fail(toFailure(error));
    return null;
  });
  if (!bytes) return false;
  const named = await session.nameClasses({ file: file.name, text: new TextDecoder().decode(bytes) });
  if (named) session.status.say('classNames.done', { file: file.name });
  return named;
}

const isLabelFile = ({ name }: File): boolean => /\.(txt|names|labels)$/i.test(name);
const isModelFile = ({ name }: File): boolean => isNetworkFile(name);
const looksLikePicture = ({ name, type }: File): boolean => type.startsWith('image/') || isPicture(name);

/** A file's name and content. @throws FailureError `file.unreadable`. */
export const readFile = async (file: File): Promise<{ kind: 'bytes'; name: string; bytes: Uint8Array }> => ({
  kind: 'bytes',
  name: file.name,
  bytes: await read(file),
});

async function read(file: File): Promise<Uint8Array> {
  if (file.size > FILE_MIB * 2 ** 20) {
    throw new FailureError('file.unreadable', {
      file: file.name,
      reason: say('file.larger', { size: Math.ceil(file.size / 2 ** 20), limit: FILE_MIB }),
    });
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new FailureError('file.unreadable', { file: file.name, reason: reasonOf(error) });
  }
}

/**
 * Opens what was carried: a network, one picture, or several pictures and those of folders, which become the tray. Says what was left
 * out, and what cannot be opened.
 */
export async function openCarried(session: Session, tray: Tray, things: Carried[]): Promise<void> {
  if (things.length === 0) return session.status.say('drop.nothing', {}, 'warn');
  const files = things.flatMap((thing) => ('folder' in thing ? [] : [thing.file]));
  const networks = files.filter(isModelFile);
  const [network] = networks;
  // A network with the files of its data, which have any name but a picture's, in whatever order they came.
  const beside = network ? files.filter((file) => !isModelFile(file) && !looksLikePicture(file)) : [];
  if (network && !(await openFile(session, network, beside))) return;
  const labels = beside.find(isLabelFile);
  if (labels && session.model?.foreign?.nameless) await nameClassesAfter(session, labels);
  const pictures = files.filter((file) => !isModelFile(file) && !beside.includes(file));
  const folders = things.flatMap((thing) => ('folder' in thing ? [thing.folder] : []));
  await openPictures(session, tray, pictures, folders);
  if (networks.length > 1) session.status.say('drop.many', { count: networks.length, file: network.name });
}

async function openPictures(
  session: Session,
  tray: Tray,
  pictures: readonly File[],
  folders: readonly FileSystemDirectoryEntry[],
): Promise<void> {
  if (folders.length === 0 && pictures.length === 1) return void (await openFile(session, pictures[0]));
  if (folders.length === 0 && pictures.length === 0) return;
  try {
    const found = (await Promise.all(folders.map(picturesIn))).flat();
    const all = [...pictures.map(trayPicture), ...found];
    if (all.length === 0) {
      const [{ name }] = folders;
      return session.status.fail(new FailureError('file.folder', { file: name }).toJSON());
    }
    tray.fill(all, { name: folders.length === 1 && pictures.length === 0 ? folders[0].name : null });
    await tray.step(1);
  } catch (error) {
    session.status.fail(toFailure(error));
  }
}

const trayPicture = (file: File): TrayPicture => ({
  name: file.name,
  read: async () => ({ kind: 'bytes', name: file.name, bytes: await read(file) }),
});

/** The pictures of a folder and the folders in it, in order of their paths. */
async function picturesIn(folder: FileSystemDirectoryEntry): Promise<TrayPicture[]> {
  const files = await droppedFolder(folder).list(new AbortController().signal, () => undefined);
  return files
    .filter(({ path }) => isPicture(path))
    .sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }))
    .map(({ path, file }) => ({ ...trayPicture(file), name: path }));
}

/** Whether one of the folders carried holds pictures itself, and not only folders of them. */
export async function holdPictures(things: readonly Carried[]): Promise<boolean> {
  for (const thing of things) {
    if (!('folder' in thing)) continue;
    const reader = thing.folder.createReader();
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.some((entry) => entry.isFile && isPicture(entry.name))) return true;
  }
  return false;
}
