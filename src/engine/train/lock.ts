import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { FailureError } from '../../shared/failures';
import { reasonOf, say } from '../../words';
import { readTextIfThere } from '../system/files';

/**
 * The process that works in a folder. Process ids are reused, so, where the system provides it, the start time is part
 * of its identity.
 */
interface Owner {
  pid: number;
  started: string | null;
}

/**
 * A process may be killed between creating the file and writing into it: an empty file older than this, in
 * milliseconds, belongs to no process.
 */
const WRITTEN_BY = 2000;

/**
 * Takes a folder for this process: two that write to one run would spoil it. A lock whose process is gone, however it ended, is
 * taken over. Processes on other machines (a folder on the network) are not seen.
 * @returns what gives it free.
 * @throws FailureError where a living process has it, or it cannot be written.
 */
export async function lock(folder: string, file: string): Promise<() => Promise<void>> {
  const own = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) } satisfies Owner);
  for (;;) {
    if (await make(file, own)) return () => rm(file, { force: true }).catch(() => undefined);
    const found = await readTextIfThere(file);
    if (found === null) continue; // it was released this very moment
    await refuseLiving(folder, file, found);
    await takeAway(file, found);
  }
}

async function make(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(content).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new FailureError('file.unwritable', { file, reason: reasonOf(error) });
  }
}

/** The living process that holds a lock; 0 if one has just created it and not yet written its id; null if none does. */
export async function holder(file: string): Promise<number | null> {
  const content = await readTextIfThere(file).catch(() => null);
  return content === null ? null : livingOwner(file, content);
}

async function livingOwner(file: string, content: string): Promise<number | null> {
  const owner = parse(content);
  if (owner) return (await isAlive(owner)) ? owner.pid : null;
  return Date.now() - (await madeAt(file)) > WRITTEN_BY ? null : 0;
}

async function refuseLiving(folder: string, file: string, content: string): Promise<void> {
  const pid = await livingOwner(file, content);
  if (pid === null) return;
  const who = pid > 0 ? say('run.locked.process', { pid: String(pid) }) : say('run.locked.another');
  throw new FailureError('run.invalid', {
    run: folder,
    reason: say('run.locked', { who, file }),
  });
}

/**
 * Removes a dead process's lock. Only one process at a time does so, so that none removes a lock that another has just
 * created.
 */
async function takeAway(file: string, dead: string): Promise<void> {
  const guard = `${file}.0.tmp`;
  if (!(await make(guard, ''))) {
    // Held only while a file is removed, unless its process was killed just then.
    if (Date.now() - (await madeAt(guard)) > WRITTEN_BY) await rm(guard, { force: true });
    else await setTimeout(20);
    return;
  }
  const found = await readTextIfThere(file).catch(() => null);
  if (found === dead) await rm(file, { force: true });
  await rm(guard, { force: true });
}

async function madeAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(), // it was removed this very moment
  );
}

function parse(content: string): Owner | null {
  try {
    const { pid, started } = JSON.parse(content) as Partial<Owner>;
    return Number.isInteger(pid) && pid! > 0 ? { pid: pid!, started: started ?? null } : null;
  } catch {
    return null;
  }
}

async function isAlive({ pid, started }: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is alive and belongs to another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (process.platform !== 'linux' || started === null) return true;
  return (await startOf(pid)) === started;
}

/** When a process started, in the kernel's ticks (Linux only); null for a zombie process. */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name, in brackets, may hold anything. After it come state, …, and the start time as field 22.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19];
}
