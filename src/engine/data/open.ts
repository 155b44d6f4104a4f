import { constants, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { FailureError } from '../../shared/failures';
import { reasonOf, say, type Message } from '../../words';
import { dataFailure } from './failure';

/**
 * Opens a regular file to read, and nothing else: a pipe or a device may never answer and never end. The caller closes it.
 * @throws FailureError for what is missing, cannot be read, or is no regular file: says what it is.
 */
export async function openRegular(path: string): Promise<{ handle: FileHandle; size: number }> {
  try {
    // Asked before it is opened, since that alone wakes some devices, and after, since another may stand there by then.
    refuseOther(path, await stat(path));
    // Without waiting: a pipe put there in between would wait for its writer. Windows has no such flag, and no such pipe.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const info = await handle.stat();
      refuseOther(path, info);
      return { handle, size: info.size };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof FailureError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new FailureError('file.missing', { file: path });
    throw new FailureError('file.unreadable', { file: path, reason: reasonOf(error) });
  }
}

/** Reads a small regular file whole. @param most bytes it may have. @throws FailureError as `openRegular`, and for a larger one. */
export async function readSmall(path: string, most: number): Promise<Buffer> {
  const { handle, size } = await openRegular(path);
  try {
    if (size > most) throw dataFailure(path, say('data.larger', { size, limit: most }));
    return await handle.readFile();
  } finally {
    await handle.close();
  }
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
