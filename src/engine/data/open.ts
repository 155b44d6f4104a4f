import { constants, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { FailureError } from '../../shared/failures';
import { reasonOf, say, type Message } from '../../words';
import { fileSystemPath, shownPath } from './entries';
import { dataFailure } from './failure';

/**
 * Opens a regular file to read, and nothing else: a pipe or a device may never answer and never end. The caller closes it.
 * @param path with names as `entriesIn` gives them, or as the file system takes it. @param shown what it is called in errors.
 * @throws FailureError for what is missing, cannot be read, or is no regular file: says what it is.
 */
export async function openRegular(
  path: string | Uint8Array,
  shown = shownPath(String(path)),
): Promise<{ handle: FileHandle; size: number }> {
  const place = typeof path === 'string' ? fileSystemPath(path) : Buffer.from(path);
  try {
    // Checked before it is opened, because opening some devices has effects, and after, because it may have been replaced by then.
    refuseOther(shown, await stat(place));
    // Without waiting: a pipe put there in between would wait for its writer. Windows has no such flag, and no such pipe.
    const handle = await open(place, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const info = await handle.stat();
      refuseOther(shown, info);
      return { handle, size: info.size };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof FailureError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new FailureError('file.missing', { file: shown });
    throw new FailureError('file.unreadable', { file: shown, reason: reasonOf(error) });
  }
}

/** Reads a small regular file whole. @param most bytes it may have. @throws FailureError as `openRegular`, and for a larger one. */
export async function readSmall(path: string, most: number): Promise<Buffer> {
  const { handle, size } = await openRegular(path);
  try {
    if (size > most) throw dataFailure(path, say('data.larger', { size, limit: most }));
    return await readOpened({ handle, size });
  } finally {
    await handle.close();
  }
}

/** An opened file's first `size` bytes; fewer where it has become shorter. */
export async function readOpened({ handle, size }: { handle: FileHandle; size: number }): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await handle.read(bytes, done, size - done, done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function refuseOther(path: string, info: Stats): void {
  if (info.isFile()) return;
  if (info.isDirectory()) throw new FailureError('file.folder', { file: path });
  throw new FailureError('file.unreadable', { file: path, reason: say('data.no-file', { kind: kindOf(info) }) });
}

function kindOf(info: Stats): Message {
  if (info.isFIFO()) return say('data.kind.pipe');
  if (info.isSocket()) return say('data.kind.socket');
  return say('data.kind.device');
}
