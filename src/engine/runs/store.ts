import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '../../core/json';
import { check, object, oneOf, optional, orNull, refine, text, type Infer } from '../../core/schema';
import { keptOptions } from '../../core/train/options';
import { FailureError, type Failure } from '../../shared/failures';
import { fit } from '../../shared/inputs';
import { dataInfo, pixelRange } from '../../shared/data-sets';
import { networkChoice } from '../../shared/network-choice';
import { dataFolder } from '../system/data-folder';
import { reasonOf, say } from '../../words';
import { makeFolder, readTextIfThere, writeFileAtomically } from '../system/files';

/**
 * `request.json`: what the window asked for. It is written before the trainer's `run.json`, so that a run that never
 * got that far is not lost.
 */
const runEntry = object(
  {
    format: oneOf(1),
    title: text(),
    /** Null for a run copied from elsewhere: its network is in `run.json`. */
    network: orNull(networkChoice),
    /** If the network comes from a recipe, the recipe's title. Absent in older records. */
    networkTitle: optional(orNull(object({ en: text(), zh: text() }))),
    recipe: orNull(text()),
    data: dataInfo,
    fit: orNull(fit),
    /** Absent if none was given. */
    range: optional(pixelRange),
    /** With the number of epochs that was asked for last. */
    options: keptOptions,
    /** ISO 8601. */
    created: refine(text(), (time) => !Number.isNaN(Date.parse(time)), say('run.expect.time')),
    /** How the last try ended, where `run.json` cannot say. Null while it is under way, and where that can. */
    end: orNull(
      object({
        state: oneOf('stopped', 'interrupted', 'failed', 'diverged'),
        /** Read by `keptFailure`. */
        failure: orNull(check<Failure>((value) => value !== undefined, say('schema.object'))),
      }),
    ),
  },
  'keep',
);
export type RunEntry = Infer<typeof runEntry>;

const FILE = 'request.json';
const ID = /^[a-z0-9][a-z0-9-]*$/;
/** Days after which a run in the trash is deleted. */
const TRASH_DAYS = 30;

export const runsFolder = (): string => join(dataFolder(), 'runs');
const trashFolder = (): string => join(dataFolder(), 'trash');

/**
 * The folder of a run. It may be gone by the time it is read.
 * @throws FailureError `run.invalid` for what is not a run's id.
 */
export function runFolderOf(id: string): string {
  return join(runsFolder(), checked(id));
}

function checked(id: string): string {
  if (!ID.test(id)) throw new FailureError('run.invalid', { run: id, reason: say('run.noId') });
  return id;
}

/** Ids of all runs, newest first. */
export async function runIds(): Promise<string[]> {
  const entries = await readdir(runsFolder(), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new FailureError('file.unreadable', { file: runsFolder(), reason: reasonOf(error) });
  });
  const ids = entries.filter((entry) => entry.isDirectory() && ID.test(entry.name)).map(({ name }) => name);
  return ids.sort((a, b) => (a < b ? 1 : -1));
}

/**
 * Makes the folder of a new run, whole or not at all. @returns its id: date, time, and the part of the title that every
 * file system accepts.
 */
export async function createRun(entry: RunEntry): Promise<string> {
  const folder = runsFolder();
  const fresh = join(folder, `.${randomBytes(6).toString('hex')}.new`);
  try {
    await makeFolder(folder);
    await mkdir(fresh);
    await writeFileAtomically(join(fresh, FILE), jsonOf(entry));
    const wish = idOf(entry);
    for (let number = 1; ; number++) {
      const id = number === 1 ? wish : `${wish}-${number}`;
      const taken = async (): Promise<boolean> =>
        (await exists(join(folder, id))) || (await exists(join(trashFolder(), id)));
      if (await taken()) continue;
      // A folder cannot be renamed onto a non-empty one: if two runs want the same name, the second takes the next.
      const made = await rename(fresh, join(folder, id)).then(
        () => true,
        async (error: unknown) => {
          if (await taken()) return false;
          throw error;
        },
      );
      if (made) return id;
    }
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (error instanceof FailureError) throw error;
    throw new FailureError('file.unwritable', { file: folder, reason: reasonOf(error) });
  }
}

/** `20261122-065651-colors`: of a title in Chinese only the time remains. */
function idOf({ created, title }: RunEntry): string {
  const time = created.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const plain = title.normalize('NFKD').toLowerCase();
  const slug = plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');
  return slug ? `${time}-${slug}` : time;
}

export async function writeEntry(id: string, entry: RunEntry): Promise<void> {
  const folder = runFolderOf(id);
  if (!(await exists(folder))) throw gone(id);
  await writeFileAtomically(join(folder, FILE), jsonOf(entry));
}

const jsonOf = (entry: RunEntry): string => `${JSON.stringify(entry, null, 2)}\n`;

/** Null where the folder has none. @throws FailureError where it is damaged. */
export async function readEntry(id: string): Promise<RunEntry | null> {
  const file = join(runFolderOf(id), FILE);
  const content = await readTextIfThere(file);
  if (content === null) return null;
  try {
    return runEntry.read(parseJson(content));
  } catch (error) {
    throw new FailureError('run.invalid', { run: file, reason: reasonOf(error) });
  }
}

/** @throws FailureError where there is no such run. */
export async function trashRun(id: string): Promise<void> {
  await moveRun(id, runsFolder(), trashFolder());
  const now = new Date();
  await utimes(join(trashFolder(), id), now, now).catch(() => undefined); // its 30 days in the trash count from now
}

/** @throws FailureError where it is not in the trash, or its place is taken. */
export async function restoreRun(id: string): Promise<void> {
  await moveRun(id, trashFolder(), runsFolder());
}

async function moveRun(id: string, from: string, to: string): Promise<void> {
  checked(id);
  if (!(await exists(join(from, id)))) throw gone(id);
  if (await exists(join(to, id))) throw new FailureError('run.invalid', { run: id, reason: say('run.placeTaken') });
  try {
    await makeFolder(to);
    await rename(join(from, id), join(to, id));
  } catch (error) {
    throw new FailureError('file.unwritable', { file: join(from, id), reason: reasonOf(error) });
  }
}

/** Deletes runs that have been in the trash for too long, and folders that a killed process left unfinished. */
export async function sweep(now = Date.now()): Promise<void> {
  for (const [folder, days] of [
    [trashFolder(), TRASH_DAYS],
    [runsFolder(), 1],
  ] as const) {
    for (const name of await readdir(folder).catch(() => [] as string[])) {
      if (folder === runsFolder() && !/^\.[0-9a-f]+\.new$/.test(name)) continue;
      const path = join(folder, name);
      const info = await stat(path).catch(() => null);
      if (info && now - info.mtimeMs > days * 86_400_000) await rm(path, { recursive: true, force: true });
    }
  }
}

export const gone = (id: string): FailureError => new FailureError('run.invalid', { run: id, reason: say('run.gone') });

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
