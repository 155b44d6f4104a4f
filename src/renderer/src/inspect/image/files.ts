import { FailureError, toFailure } from '../../../../shared/failures';
import { reasonOf, say } from '../../../../words';
import type { Session } from '../../state/session.svelte';

/** Larger files are not even read: no picture or network of ours comes near. */
const limitMiB = 512;

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

/** Opens a file as what its name says: `.onnx` a network, anything else a picture. Failures go to the status. */
export async function openFile(session: Session, file: File): Promise<boolean> {
  const since = performance.now();
  const bytes = await read(file).catch((error: unknown) => {
    session.status.fail(toFailure(error));
    return null;
  });
  if (!bytes) return false;
  const source = { kind: 'bytes' as const, name: file.name, bytes };
  return /\.onnx$/i.test(file.name) ? session.openModel(source) : session.inspect(source, since);
}

async function read(file: File): Promise<Uint8Array> {
  if (file.size > limitMiB * 2 ** 20) {
    throw new FailureError('file.unreadable', {
      file: file.name,
      reason: say('file.larger', { size: Math.ceil(file.size / 2 ** 20), limit: limitMiB }),
    });
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new FailureError('file.unreadable', { file: file.name, reason: reasonOf(error) });
  }
}

/** Opens the first file carried; says what was left out, and what cannot be opened. */
export async function openCarried(session: Session, things: Carried[]): Promise<void> {
  const [first] = things;
  if (!first) return session.status.say('drop.nothing', {}, 'warn');
  if ('folder' in first) {
    return session.status.fail(new FailureError('file.folder', { file: first.folder.name }).toJSON());
  }
  const opened = await openFile(session, first.file);
  if (opened && things.length > 1) session.status.say('drop.many', { count: things.length, file: first.file.name });
}
