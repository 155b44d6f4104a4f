import { stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { reasonOf, say, type Message } from '../../../words';
import { byCodeUnits, entriesIn, fileSystemPath, realPath, type Entry } from '../entries';
import { OTHER_PICTURE, PICTURE, SYSTEM_FOLDER } from '../names';
import type { LeftOut } from '../raw';

export const ENDINGS: readonly string[] = ['.png', '.jpg', '.webp', '.avif', '.gif', '.tiff', '.svg'];

/** What lies in a folder of a set, all names alone. */
export interface Listing {
  /** Links to folders too. */
  folders: string[];
  pictures: string[];
  /** The rest, and why it is neither. */
  others: { name: string; reason: Message }[];
}

/** A set's folders, each read once, on first use. Paths start at its root, with `/`; the root is ''. */
export class Tree {
  private readonly listings = new Map<string, Promise<Listing>>();
  private readonly below = new Map<string, Promise<{ pictures: string[]; leftOut: LeftOut[] }>>();

  constructor(readonly root: string) {}

  /** @throws the system's error. */
  list(folder: string): Promise<Listing> {
    return remembered(this.listings, folder, () => this.read(folder));
  }

  /** All pictures in a folder and in those inside it, in order, and what lies between them. A link to a folder is not followed, so that none leads in circles. */
  pictures(folder: string): Promise<{ pictures: string[]; leftOut: LeftOut[] }> {
    return remembered(this.below, folder, () => this.gather(folder));
  }

  /** Whether there is any picture in it. False for a folder that cannot be read. */
  async holdsPictures(folder: string): Promise<boolean> {
    return this.pictures(folder).then(
      ({ pictures }) => pictures.length > 0,
      () => false,
    );
  }

  private async read(folder: string): Promise<Listing> {
    const listing: Listing = { folders: [], pictures: [], others: [] };
    const parent = join(this.root, folder);
    for (const entry of await entriesIn(parent)) {
      const reason = await reasonAgainst(parent, entry);
      if (reason === 'folder') listing.folders.push(entry.name);
      else if (reason === 'picture') listing.pictures.push(entry.name);
      else listing.others.push({ name: entry.name, reason });
    }
    return listing;
  }

  private async gather(folder: string): Promise<{ pictures: string[]; leftOut: LeftOut[] }> {
    const found: string[] = [];
    const leftOut: LeftOut[] = [];
    for (const entry of await entriesIn(join(this.root, folder))) {
      const path = inside(folder, entry.name);
      if (entry.kind === 'link' && !PICTURE.test(entry.name) && (await leadsToNoFile(join(this.root, path)))) {
        leftOut.push({ file: path, reason: say('folders.left.link-inside') });
        continue;
      }
      if (entry.kind !== 'folder' || hiddenReason(entry.name)) {
        const reason = hiddenReason(entry.name) ?? reasonAgainstPicture(entry.name);
        if (reason === 'picture') found.push(path);
        else leftOut.push({ file: path, reason });
        continue;
      }
      try {
        const further = await this.gather(path);
        found.push(...further.pictures);
        leftOut.push(...further.leftOut);
      } catch (error) {
        leftOut.push({ file: path, reason: say('folders.left.unreadable', { reason: reasonOf(error) }) });
      }
    }
    return { pictures: found, leftOut };
  }
}

/** A path inside a folder of the tree. */
export const inside = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

function remembered<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}

const hiddenReason = (name: string): Message | null => {
  if (name.startsWith('.')) return say('folders.left.hidden');
  return SYSTEM_FOLDER.test(name) ? say('folders.left.system') : null;
};

function reasonAgainstPicture(name: string): 'picture' | Message {
  if (PICTURE.test(name)) return 'picture';
  const other = OTHER_PICTURE.exec(name)?.[1].toUpperCase();
  return other
    ? say('folders.left.kind', { kind: other, endings: ENDINGS })
    : say('folders.left.ending', { endings: ENDINGS });
}

const leadsToNoFile = async (path: string): Promise<boolean> =>
  (await stat(fileSystemPath(path)).catch(() => null))?.isDirectory() !== false;

/** What an entry is, or why it is neither. A link to a folder is one, unless it leads back to a folder it lies in. */
async function reasonAgainst(parent: string, { name, kind }: Entry): Promise<'folder' | 'picture' | Message> {
  const hidden = hiddenReason(name);
  if (hidden) return hidden;
  if (kind === 'folder') return 'folder';
  if (kind !== 'link') return reasonAgainstPicture(name);
  const path = join(parent, name);
  const info = await stat(fileSystemPath(path)).catch((error: Error) => error);
  if (info instanceof Error) return say('folders.left.dangling', { reason: reasonOf(info) });
  if (!info.isDirectory()) return reasonAgainstPicture(name);
  const [here, there] = await Promise.all([realPath(parent), realPath(path)]);
  const leadsBack = `${here}${sep}`.startsWith(there.endsWith(sep) ? there : `${there}${sep}`);
  return leadsBack ? say('folders.left.circle') : 'folder';
}

/** Sorted by where it lies. */
export const byPlace = (a: LeftOut, b: LeftOut): number => byCodeUnits(a.file, b.file);
