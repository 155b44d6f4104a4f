import { join } from 'node:path';
import { parseJson } from '../../core/json';
import { FailureError } from '../../shared/failures';
import { runNotes, type RunNotes } from '../../shared/runs';
import { reasonOf } from '../../words';
import { readTextIfThere, writeFileAtomically } from '../system/files';

/** In a run's folder: what people wrote of it. The trainer neither reads nor writes it. */
const FILE = 'notes.json';
export const noNotes: RunNotes = { title: '', tags: [], note: '' };

/** Of a run's folder; nothing where it has none. @throws FailureError `run.invalid` where the file is damaged. */
export async function readNotes(folder: string): Promise<RunNotes> {
  const file = join(folder, FILE);
  const content = await readTextIfThere(file);
  if (content === null) return noNotes;
  try {
    return runNotes.read(parseJson(content));
  } catch (error) {
    throw new FailureError('run.invalid', { run: file, reason: reasonOf(error) });
  }
}

/** @throws FailureError where it cannot be written. */
export async function writeNotes(folder: string, { title, tags, note }: RunNotes): Promise<void> {
  const told = tags.map((tag) => tag.trim()).filter((tag) => tag !== '');
  const kept: RunNotes = { title: title.trim(), tags: [...new Set(told)], note: note.trim() };
  await writeFileAtomically(join(folder, FILE), `${JSON.stringify(kept, null, 2)}\n`);
}
