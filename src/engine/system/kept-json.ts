import { FailureError } from '../../shared/failures';
import { MessageError, type Message } from '../../words';
import { readIfThere } from './files';
import { parseJsonBytes } from './json';

/**
 * What the app kept in a JSON file of its own; null where there is none.
 * @param longest bytes; a larger file is damage. @param damaged what is said of a file that is not as `schema` has it.
 * @throws FailureError `file.…` for a file that cannot be read.
 */
export async function keptJson<T>(
  path: string,
  schema: { read(value: unknown): T },
  longest: number,
  damaged: (reason: Message) => Message,
): Promise<T | null> {
  const bytes = await readIfThere(path, longest);
  if (!bytes) return null;
  try {
    return schema.read(parseJsonBytes(bytes));
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    throw new FailureError('file.unreadable', { file: path, reason: damaged(error.reason) });
  }
}
