import { createHash } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FailureError } from '../../shared/failures';
import { dataFolder } from '../system/data-folder';
import { parseJson } from '../../core/json';
import { MessageError, reasonOf, say } from '../../words';
import { writeFileAtomically } from '../system/files';

/** A folder, or a single file that is a data set, that the user chose. */
export interface KnownFolder {
  /** Derived from its real path: always the same for the same folder. */
  id: string;
  /** As it was named. */
  path: string;
  /** ISO 8601. */
  added: string;
}

const listFile = (): string => join(dataFolder(), 'data-sets.json');

export const folderId = (realPath: string): string =>
  `folder-${createHash('sha256').update(realPath).digest('hex').slice(0, 24)}`;

/**
 * The list of known folders.
 * @param tell is told if the list is damaged: it is moved aside and a new one started.
 * @throws FailureError where it is there and cannot be read.
 */
export async function readFolders(tell: (failure: FailureError) => void): Promise<KnownFolder[]> {
  const file = listFile();
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new FailureError('file.unreadable', { file, reason: reasonOf(error) });
  });
  if (text === null) return [];
  try {
    return parse(text);
  } catch (error) {
    const aside = join(dataFolder(), `data-sets.damaged-${Date.now()}.json`);
    await rename(file, aside).catch((failed: NodeJS.ErrnoException) => {
      if (failed.code !== 'ENOENT')
        throw new FailureError('file.unwritable', { file: aside, reason: reasonOf(failed) });
    });
    const reason = say('sets.damaged', { reason: reasonOf(error), aside: basename(aside) });
    tell(new FailureError('data.invalid', { file, reason }));
    return [];
  }
}

export const writeFolders = (folders: readonly KnownFolder[]): Promise<void> =>
  writeFileAtomically(listFile(), `${JSON.stringify({ format: 1, folders }, null, 2)}\n`);

function parse(text: string): KnownFolder[] {
  const { format, folders } = parseJson(text) as { format?: unknown; folders?: unknown };
  if (format !== 1 || !Array.isArray(folders) || !folders.every(isFolder)) throw new MessageError(say('sets.no-list'));
  return folders;
}

function isFolder(value: unknown): value is KnownFolder {
  if (typeof value !== 'object' || value === null) return false;
  const { id, path, added } = value as Partial<KnownFolder>;
  return [id, path, added].every((field) => typeof field === 'string');
}
