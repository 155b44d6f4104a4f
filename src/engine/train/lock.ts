import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { FailureError } from '../../shared/failures';
import { reasonOf, say } from '../../words';

/** The process that works in a folder. Ids are given again: where the system tells it, the time of its start is part of who it is. */
interface Owner {
  pid: number;
  started: string | null;
}

/** Between making the file and writing into it a process may be killed: an empty one that is older is nobody's. In milliseconds. */
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
    const found = await readFile(file, 'utf8').catch(() => null);
    if (found === null) continue; // given free this moment
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

/** The living process that holds a lock, 0 where one has just made it and has not said who it is; null where nobody does. */
export async function holder(file: string): Promise<number | null> {
  const content = await readFile(file, 'utf8').catch(() => null);
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
  const who = pid > 0 ? say('run.locked.process', { pid }) : say('run.locked.another');
  throw new FailureError('run.invalid', {
    run: folder,
    reason: say('run.locked', { who, file }),
  });
}

/** Removes a dead process's lock. One at a time, so that nobody removes what another has just put there. */
async function takeAway(file: string, dead: string): Promise<void> {
  const guard = `${file}.0.tmp`;
  if (!(await make(guard, ''))) {
    // Held for as long as it takes to remove a file, unless its process was killed just then.
    if (Date.now() - (await madeAt(guard)) > WRITTEN_BY) await rm(guard, { force: true });
    else await setTimeout(20);
    return;
  }
  const found = await readFile(file, 'utf8').catch(() => null);
  if (found === dead) await rm(file, { force: true });
  await rm(guard, { force: true });
}

async function madeAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(), // gone this moment
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
    // EPERM: it lives, and is somebody else's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (process.platform !== 'linux' || started === null) return true;
  return (await startOf(pid)) === started;
}

/** When a process began, in the kernel's ticks (Linux); null for one that has ended and only waits to be noticed, and elsewhere. */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name, in brackets, may hold anything; behind it: state, …, as field 22 the start.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19];
}
