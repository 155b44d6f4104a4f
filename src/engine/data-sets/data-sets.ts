import { realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, resolve } from 'node:path';
import { FailureError } from '../../shared/failures';
import type { DataInfo } from '../../shared/data-sets';
import { detect } from '../data/detect';
import { GENERATED } from '../data/formats/generated';
import { reasonOf, say, type Message } from '../../words';
import { folderId, readFolders, writeFolders, type KnownFolder } from './known-folders';
import { Uploads, type Upload } from './uploads';

/** The app's data sets: generated ones, folders chosen by the user, uploads. The list is kept in the app's data folder. */
export class DataSets {
  readonly uploads = new Uploads();
  /** How many users each data set has right now. */
  private readonly inUse = new Map<string, number>();
  /** Changes of the list, one after the other. */
  private turn: Promise<unknown> = Promise.resolve();

  private readonly notices: FailureError[] = [];

  /** @param needing the titles of runs that need a data set to go on. */
  constructor(private readonly needing: (data: string) => Promise<string[]> = async () => []) {}

  /** Notices that stop nothing; each is given once. */
  takeNotices(): FailureError[] {
    return this.notices.splice(0);
  }

  /** Generated ones first, then the newest first. */
  async list(): Promise<DataInfo[]> {
    const [folders, uploads] = await Promise.all([this.folders(), this.uploads.list()]);
    const known = [
      ...(await Promise.all(
        folders.map(async (folder) => ({ at: Date.parse(folder.added), info: await ofFolder(folder) })),
      )),
      ...uploads.map((upload) => ({ at: upload.added, info: ofUpload(upload) })),
    ];
    known.sort((a, b) => b.at - a.at);
    return [...GENERATED.map(ofGenerated), ...known.map(({ info }) => info)];
  }

  /** @throws FailureError `data.unknown`. */
  async find(id: string): Promise<DataInfo> {
    const found = (await this.list()).find((info) => info.id === id);
    if (!found) throw new FailureError('data.unknown', { id });
    return found;
  }

  /**
   * A data set as it is now. If its folder is gone, the newest existing one of the same name, in case it was chosen or
   * uploaded again.
   */
  async whereNow(data: DataInfo): Promise<DataInfo> {
    const list = await this.list();
    const now = list.find(({ id }) => id === data.id) ?? (await asItIs(data));
    if (now.present) return now;
    const again = list.find(({ kind, name, present }) => present && kind !== 'generated' && name === now.name);
    return again ?? now;
  }

  /** The data set at a path (or a generated one by its name), on the list or not. */
  async at(source: string): Promise<DataInfo> {
    const known = (await this.list()).find((info) => sourceOf(info) === source);
    return known ?? ofFolder({ id: folderId(source), path: source });
  }

  /**
   * Adds a folder, or a file that is a data set, to the list; a known one moves to the front. @throws FailureError for
   * what is none.
   */
  async add(path: string): Promise<DataInfo> {
    if (!isAbsolute(path)) throw new FailureError('data.invalid', { file: path, reason: say('sets.no-path') });
    await detect(path);
    const real = await realpath(path).catch((error: unknown) => {
      throw new FailureError('file.unreadable', { file: path, reason: reasonOf(error) });
    });
    const folder = { id: folderId(real), path: resolve(path), added: new Date().toISOString() };
    await this.inTurn(async () => {
      const others = (await this.folders()).filter(({ id }) => id !== folder.id);
      await writeFolders([...others, folder]);
    });
    return ofFolder(folder);
  }

  /**
   * Removes it from the list. A folder is left unchanged, an upload is deleted.
   * @throws FailureError for a generated one, one that is at work, and an upload that a run needs to go on.
   */
  async forget(id: string): Promise<void> {
    const info = await this.find(id);
    const refuse = (reason: Message): never => {
      throw new FailureError('data.invalid', { file: info.name, reason });
    };
    if (info.kind === 'generated') refuse(say('sets.generated'));
    if (info.kind === 'folder')
      return this.inTurn(async () => writeFolders((await this.folders()).filter((folder) => folder.id !== id)));
    if (this.inUse.has(id)) refuse(say('sets.in-use'));
    const runs = await this.needing(id);
    if (runs.length > 0) {
      const named = runs.slice(0, 3).map((title) => say('sets.run', { title }));
      const more = runs.length > 3 ? [say('sets.more-runs', { count: runs.length - 3 })] : [];
      refuse(say('sets.needed', { runs: [...named, ...more] }));
    }
    const upload = (await this.uploads.list()).find((each) => each.id === id);
    if (upload) await this.uploads.remove(upload);
  }

  /** Adds a complete upload to the list. */
  async ended(upload: string): Promise<DataInfo> {
    return ofUpload(await this.uploads.end(upload));
  }

  /** Keeps an upload from being deleted while `work` runs. */
  async using<T>(id: string, work: () => Promise<T>): Promise<T> {
    this.inUse.set(id, (this.inUse.get(id) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = this.inUse.get(id)! - 1;
      if (left > 0) this.inUse.set(id, left);
      else this.inUse.delete(id);
    }
  }

  private folders(): Promise<KnownFolder[]> {
    return readFolders((failure) => this.notices.push(failure));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

/** What `loadData` takes. */
export const sourceOf = (info: Pick<DataInfo, 'id' | 'path'>): string => info.path ?? info.id;

const ofGenerated = (id: string): DataInfo => ({ id, name: id, kind: 'generated', path: null, present: true });

const ofUpload = ({ id, name, path }: Upload): DataInfo => ({ id, name, kind: 'uploaded', path, present: true });

/** Of a folder or an upload, whether it is there. */
export async function asItIs<T extends Pick<DataInfo, 'path'>>(data: T): Promise<T & { present: boolean }> {
  const present =
    data.path === null ||
    (await stat(data.path).then(
      () => true,
      () => false,
    ));
  return { ...data, present };
}

const ofFolder = ({ id, path }: Pick<KnownFolder, 'id' | 'path'>): Promise<DataInfo> =>
  asItIs({ id, name: basename(path) || path, kind: 'folder', path });
