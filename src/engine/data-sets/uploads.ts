import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asError, FailureError } from '../../shared/failures';
import { uploadLimits } from '../../shared/upload-limits';
import { dataFailure } from '../data/failure';
import { detect } from '../data/detect';
import { dataFolder } from '../system/data-folder';
import { reasonOf, say } from '../../words';
import { makeFolder } from '../system/files';
import { uploadPath } from './upload-path';

/** A complete upload. */
export interface Upload {
  /** Made from its name and content: the same folder twice is one. */
  id: string;
  name: string;
  path: string;
  /** When it arrived, in milliseconds since 1970. */
  added: number;
}

/** An upload in progress. */
interface Coming {
  name: string;
  files: number;
  bytes: number;
  folder: string;
  /** Content of each path, SHA-256; empty while it is being written. */
  digests: Map<string, string>;
  received: number;
  writing: Set<Promise<void>>;
}

const uploadsFolder = (): string => join(dataFolder(), 'uploads');

/**
 * The folder of an unfinished upload. It belongs to the process whose number is in its name, and is removed once that
 * process has ended.
 */
const HALF = /^\.half-(\d+)-[0-9a-f]+$/;
const WHOLE = /^[0-9a-f]{24}$/;

const MiB = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

/**
 * Folders that come file by file, for a host that cannot name one: into `uploads` in the app's data folder. A failure
 * ends an upload and removes what has arrived.
 */
export class Uploads {
  private readonly coming = new Map<string, Coming>();

  /** The complete uploads. */
  async list(): Promise<Upload[]> {
    const found: Upload[] = [];
    for (const digest of await namesIn(uploadsFolder())) {
      if (!WHOLE.test(digest)) continue;
      const folder = join(uploadsFolder(), digest);
      const [name] = await namesIn(folder);
      if (!name) continue;
      const info = await stat(folder).catch(() => null);
      if (info) found.push({ id: `upload-${digest}`, name, path: join(folder, name), added: info.mtimeMs });
    }
    return found;
  }

  /** @throws FailureError if it exceeds the limits or the free space. */
  async begin(name: string, files: number, bytes: number): Promise<string> {
    if (uploadPath(name).length > 1) throw dataFailure(name, say('upload.no-name'));
    if (files === 0) throw dataFailure(name, say('upload.nothing'));
    if (files > uploadLimits.files)
      throw dataFailure(name, say('upload.files', { count: files, limit: uploadLimits.files }));
    if (bytes > uploadLimits.bytes)
      throw dataFailure(name, say('upload.bytes', { size: MiB(bytes), limit: MiB(uploadLimits.bytes) }));
    const upload = randomBytes(8).toString('hex');
    const folder = join(uploadsFolder(), `.half-${process.pid}-${upload}`);
    try {
      await makeFolder(folder);
      const { bavail, bsize } = await statfs(folder);
      if (bytes > bavail * bsize)
        throw new FailureError('file.unwritable', {
          file: name,
          reason: say('upload.room', { size: MiB(bytes), free: Math.floor((bavail * bsize) / 2 ** 20) }),
        });
    } catch (error) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      if (error instanceof FailureError) throw error;
      throw new FailureError('file.unwritable', { file: uploadsFolder(), reason: reasonOf(error) });
    }
    this.coming.set(upload, { name, files, bytes, folder, digests: new Map(), received: 0, writing: new Set() });
    return upload;
  }

  /** Several at a time are fine. @returns the bytes received so far. */
  async put(upload: string, path: string, bytes: Uint8Array): Promise<number> {
    const coming = this.get(upload);
    try {
      const names = uploadPath(path);
      if (coming.digests.has(path)) throw dataFailure(path, say('upload.twice'));
      // Counted before the first `await`, so that concurrent calls cannot exceed the limits together.
      coming.digests.set(path, '');
      coming.received += bytes.length;
      if (coming.digests.size > coming.files || coming.received > coming.bytes) throw tooMuch(coming);
      const writing = write(join(coming.folder, ...names), path, bytes);
      coming.writing.add(writing);
      await writing.finally(() => coming.writing.delete(writing));
      coming.digests.set(path, createHash('sha256').update(bytes).digest('hex'));
      return coming.received;
    } catch (error) {
      await this.drop(upload);
      throw error;
    }
  }

  /** @throws FailureError if something is missing, or it is not a data set. */
  async end(upload: string): Promise<Upload> {
    const coming = this.get(upload);
    try {
      await Promise.all(coming.writing);
      const { name, digests, files, bytes, received } = coming;
      if (digests.size !== files || received !== bytes)
        throw dataFailure(
          name,
          say('upload.short', { files: digests.size, bytes: received, allFiles: files, allBytes: bytes }),
        );
      const digest = digestOf(coming);
      const path = join(uploadsFolder(), digest, name);
      const known = (await this.list()).find(({ id }) => id === `upload-${digest}`);
      if (known) return known;
      await detect(coming.folder).catch((error: unknown) => {
        throw error instanceof FailureError ? underItsName(error, coming) : error;
      });
      await makeFolder(dirname(path));
      await rename(coming.folder, path);
      return { id: `upload-${digest}`, name, path, added: Date.now() };
    } catch (error) {
      if (error instanceof FailureError) throw error;
      throw new FailureError('file.unwritable', { file: coming.name, reason: reasonOf(error) });
    } finally {
      await this.drop(upload);
    }
  }

  /** Removes what has arrived. Does nothing if it no longer exists. */
  async cancel(upload: string): Promise<void> {
    await this.drop(upload);
  }

  async remove({ path }: Upload): Promise<void> {
    try {
      // Renamed first, which removes it from the list at once; deleting then takes as long as it takes.
      const half = join(uploadsFolder(), `.half-${process.pid}-${randomBytes(8).toString('hex')}`);
      await rename(dirname(path), half);
      await rm(half, { recursive: true, force: true });
    } catch (error) {
      throw new FailureError('file.unwritable', { file: path, reason: reasonOf(error) });
    }
  }

  /** Removes unfinished uploads that will never be completed: of ended processes, and of earlier runs of this one. */
  async clear(): Promise<void> {
    const mine = new Set([...this.coming.values()].map(({ folder }) => folder));
    for (const name of await namesIn(uploadsFolder())) {
      const owner = HALF.exec(name)?.[1];
      const folder = join(uploadsFolder(), name);
      if (owner === undefined || mine.has(folder) || (Number(owner) !== process.pid && isAlive(Number(owner))))
        continue;
      await rm(folder, { recursive: true, force: true }).catch(() => undefined); // the next start tries again
    }
  }

  /** Cancels all uploads in progress. */
  async close(): Promise<void> {
    await Promise.all([...this.coming.keys()].map((upload) => this.drop(upload)));
  }

  private get(upload: string): Coming {
    const coming = this.coming.get(upload);
    if (!coming) throw new FailureError('handle.gone', { what: 'upload', handle: upload });
    return coming;
  }

  private async drop(upload: string): Promise<void> {
    const coming = this.coming.get(upload);
    if (!coming) return;
    this.coming.delete(upload);
    // A write in progress would recreate its folder.
    await Promise.allSettled(coming.writing);
    await rm(coming.folder, { recursive: true, force: true }).catch(() => undefined); // the next start tries again
  }
}

/** Users know the folder by its name, not by its temporary path. */
function underItsName({ code, values }: FailureError, { folder, name }: Coming): FailureError {
  return asError({ code, values: { ...values, file: String(values.file).replace(folder, name) } });
}

function tooMuch({ name, files, bytes }: Coming): FailureError {
  return dataFailure(name, say('upload.beyond', { files, bytes }));
}

/**
 * Not synced file by file, which would take minutes for a large folder. A picture damaged by a power cut is reported as
 * broken.
 */
async function write(file: string, path: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, 'wx');
    await handle.writeFile(bytes).finally(() => handle.close());
  } catch (error) {
    // For file systems that do not distinguish A from a, or composed from decomposed ä.
    if ((error as NodeJS.ErrnoException).syscall === 'open' && (error as NodeJS.ErrnoException).code === 'EEXIST')
      throw dataFailure(path, say('upload.same-name'));
    throw new FailureError('file.unwritable', { file: path, reason: reasonOf(error) });
  }
}

function digestOf({ name, digests }: Coming): string {
  const hash = createHash('sha256').update(JSON.stringify(name));
  for (const path of [...digests.keys()].sort()) hash.update(JSON.stringify([path, digests.get(path)]));
  return hash.digest('hex').slice(0, 24);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw new FailureError('file.unreadable', { file: folder, reason: reasonOf(error) });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
