import { say, type Message } from '../../../words';
import type { Reading } from '../bytes';
import type { ClassNames } from '../class-names';
import { shownPath, type Entry } from '../entries';
import type { LeftOut, RawSplit, RawSet } from '../raw';
import type { Range } from '../scale';

/**
 * A format of labeled pictures. Each is one file of this folder, listed in `list.ts`; everything else asks the
 * list, so that a new one is read, named and expected everywhere.
 */
export interface DataFormat {
  /** Kept in the record of a run, and never changed. */
  id: string;
  /** True for what is no file or folder: what stands for the path is what the data is called. */
  generated?: true;
  /** What to bring, as part of "expected …" in a refusal; null for what is no file. */
  expects: Message | null;
  /** The names of its files, without regard to capitals; null where it has none of its own. One of them may be named or dropped instead of its folder. */
  files: RegExp | null;
  /** True where such a file often lies beside other data: a folder is no data set for holding one. */
  beside?: true;
  /**
   * Says by names alone whether this format reads what lies at a place; nothing is opened.
   * @throws FailureError for half of a set, and for several sets beside each other.
   */
  claims(place: Place): Claim | null;
}

/** Where a data set may lie: a folder, or one file in it. */
export interface Place {
  /** The folder. Of a generated set its name, which no folder has. */
  root: string;
  /** The file that was named, or null for the whole folder. */
  only: string | null;
  entries: readonly Entry[];
  /** Names of all entries but the folders. */
  files: readonly string[];
  /** The file that names the classes, one a line; null where there is none. */
  names: string | null;
}

export type Claim = ArraysClaim | PicturesClaim;

/** Pictures of one size that lie many in a file: they are read whole, then brought to the network's size. */
export interface ArraysClaim {
  /** What messages call the set: its folder, or the one file that has all. */
  name: string;
  /** What lies beside it. */
  leftOut: LeftOut[];
  /** @throws FailureError for files that do not hold what their names say. */
  read(reading: DataReading): Promise<Arrays>;
}

/** Pictures in files of their own: they are listed, then decoded at the network's size. */
export interface PicturesClaim {
  /** @param purpose to learn from, all classes have to be there; to look at, one picture is enough. */
  list(purpose: 'learn' | 'look'): Promise<PictureList>;
}

export interface DataReading extends Reading {
  /** Which values are black and white; null: found from the data. */
  range: Range | null;
}

export interface Arrays {
  /** Bytes from black 0 to white 255, `[count, height, width, channels]`, and a number of a class for each picture. */
  splits: Partial<Record<RawSplit, RawSet>>;
  /** Null where the classes have numbers only. */
  names: ClassNames | null;
}

/** A picture file of a class. */
export interface ImageFile {
  /** Path from the data set's folder, with `/`. */
  path: string;
  /** Index into the names of the classes. */
  label: number;
}

export interface PictureList {
  /** Class names in order of their code units, in Unicode's composed form (NFC). */
  labels: string[];
  splits: Partial<Record<RawSplit, ImageFile[]>>;
  leftOut: LeftOut[];
  /** Warnings to show before training on it. */
  warnings: Message[];
}

/** All that lies in the folder and is no part of the set: nothing where one file was named. @param what the set is. */
export function leftBeside({ only, entries, names }: Place, used: (name: string) => boolean, what: Message): LeftOut[] {
  if (only !== null) return [];
  return entries
    .filter(({ name }) => !used(name) && name !== names)
    .map(({ name }) => ({ file: shownPath(name), reason: say('folders.left.foreign', { what }) }));
}
