import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, basename } from 'node:path';
import { FailureError } from '../../shared/failures';
import { openRegular, readOpened } from '../data/open';
import { reasonOf, say } from '../../words';

/** The largest file that is read whole, in bytes: a picture or a model. */
const LARGEST = 512 * 2 ** 20;

/**
 * Reads a regular file whole. @param path and @param shown as `openRegular` has them.
 * @throws FailureError: missing, folder, empty, unreadable (also where it has more than `most` bytes).
 */
export async function readWholeFile(
  path: string | Uint8Array,
  most = LARGEST,
  shown = String(path),
): Promise<Uint8Array> {
  const opened = await openRegular(path, shown);
  try {
    if (opened.size === 0) throw new FailureError('file.empty', { file: shown });
    if (opened.size > most) {
      const reason = say('file.larger', { size: Math.round(opened.size / 2 ** 20), limit: most / 2 ** 20 });
      throw new FailureError('file.unreadable', { file: shown, reason });
    }
    return await readOpened(opened);
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw new FailureError('file.unreadable', { file: shown, reason: reasonOf(error) });
  } finally {
    await opened.handle.close();
  }
}

/**
 * The bytes of a regular file, of whatever size, or null where nothing is there. @param most bytes that it may have.
 * @throws FailureError as `readWholeFile`, but for a missing or empty one.
 */
export async function readIfThere(path: string, most = Infinity): Promise<Uint8Array | null> {
  try {
    return await readWholeFile(path, most);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    if (error.code === 'file.missing') return null;
    if (error.code === 'file.empty') return new Uint8Array(0);
    throw error;
  }
}

/** The same as text in UTF-8. A run's own files: some megabytes at most. */
export async function readTextIfThere(path: string, most = LARGEST): Promise<string | null> {
  const bytes = await readIfThere(path, most);
  return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/**
 * Makes a folder and missing parents. Node's own recursive `mkdir` never returns if the system reports an existing
 * parent as missing (below `/proc`).
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await isFolder(path))) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path || (await isFolder(parent))) throw error;
    await makeFolder(parent);
    await makeFolder(path);
  }
}

/** Whether there is a folder at a path; false if that cannot be checked. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

/**
 * Writes a file so that at every moment either the complete old or the complete new content is there: to a temporary
 * name in the same folder, synced, renamed. Makes the folder. Content in pieces is written piece by piece. Throws
 * FailureError `file.unwritable`.
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | string | Iterable<Uint8Array>,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await makeFolder(folder);
    const file = await open(temporary, 'wx');
    try {
      const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new FailureError('file.unwritable', { file: path, reason: reasonOf(error) });
  }
}

/** Makes the rename itself last. Windows cannot open a folder; its rename is journaled. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  let handle: FileHandle | null = null;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    // Some network file systems refuse to sync a folder; the file itself is synced.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle?.close();
  }
}
