import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { list, object, orNull, text } from '../../core/schema';
import { pictureInput, type PictureInput } from '../../shared/inputs';
import { say } from '../../words';
import { dataFolder } from '../system/data-folder';
import { writeFileAtomically } from '../system/files';
import { keptJson } from '../system/kept-json';

/** What the user set for a foreign model's file, in place of the guessed input and of its classes' numbers. */
export interface KeptInput {
  picture: PictureInput | null;
  labels: string[] | null;
}

export const NOTHING_KEPT: KeptInput = { picture: null, labels: null };

const schema = object({ picture: orNull(pictureInput), labels: orNull(list(text(0, 1000), 1)) });

/** Larger ones are damage. */
const LONGEST = 16 * 2 ** 20;

const pathOf = (digest: string): string => join(dataFolder(), 'networks', `${digest}.json`);

/** By which a file is known again, whatever its name. */
export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What was kept for a file. @throws FailureError `file.…` for a record that cannot be read. */
export const keptInput = async (digest: string): Promise<KeptInput> =>
  (await keptJson(pathOf(digest), schema, LONGEST, (reason) => say('guess.kept-damaged', { reason }))) ?? NOTHING_KEPT;

/** Keeps it; nothing is left where nothing is set. @throws FailureError `file.unwritable`. */
export async function keepInput(digest: string, kept: KeptInput): Promise<void> {
  const path = pathOf(digest);
  if (kept.picture || kept.labels) await writeFileAtomically(path, JSON.stringify(kept));
  else await rm(path, { force: true });
}
