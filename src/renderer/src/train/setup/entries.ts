import { FailureError } from '../../../../shared/failures';

/** A file that is to be uploaded, `path` inside the folder with `/`. */
export interface PickedFile {
  path: string;
  file: File;
}

/** A folder chosen or dropped, its files not read yet. */
export interface PickedFolder {
  name: string;
  /** Walks it. `found` is told how many files there are so far. */
  list(signal: AbortSignal, found: (count: number) => void): Promise<PickedFile[]>;
}

/** Deeper than any data set: a link that leads in a circle ends here. */
const DEEPEST = 32;
const LARGEST = 500_000;

/** Files that lie at the end of a data set's path and are read as they are: arrays, idx, CIFAR binaries. */
export const isDataFile = (name: string): boolean => /\.(npz|bin|idx|gz)$|idx[134]-ubyte/i.test(name);
export const isPicture = (name: string): boolean => /\.(png|jpe?g|jfif|webp|avif|gif|tiff?|svg|bmp|heic)$/i.test(name);

/** A dropped folder, through the browser's entries. */
export function droppedFolder(entry: FileSystemDirectoryEntry): PickedFolder {
  return {
    name: entry.name,
    async list(signal, found) {
      const files: PickedFile[] = [];
      await walk(entry, '', 1, files, signal, found);
      return files;
    },
  };
}

/** What `<input webkitdirectory>` brought: all files of one folder, each with its path from that folder's parent. */
export function chosenFolder(list: readonly File[]): PickedFolder {
  const name = list[0]?.webkitRelativePath.split('/')[0] ?? '';
  return {
    name,
    list: async (_, found) => {
      found(list.length);
      return list.map((file) => ({ path: file.webkitRelativePath.slice(name.length + 1), file }));
    },
  };
}

/** Single data files, as a folder that holds nothing else. */
export function dataFiles(list: readonly File[]): PickedFolder {
  return {
    name: list[0].name.replace(/\.(npz|bin|idx|gz)(\.gz)?$/i, ''),
    list: async (_, found) => {
      found(list.length);
      return list.map((file) => ({ path: file.name, file }));
    },
  };
}

async function walk(
  folder: FileSystemDirectoryEntry,
  under: string,
  depth: number,
  files: PickedFile[],
  signal: AbortSignal,
  found: (count: number) => void,
): Promise<void> {
  if (depth > DEEPEST)
    throw invalid(under, `has more than ${DEEPEST} folders inside each other: a link may lead in a circle`);
  const reader = folder.createReader();
  for (;;) {
    signal.throwIfAborted();
    // A call brings at most 100; none left is an empty list.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    ).catch((error: Error) => {
      throw new FailureError('file.unreadable', { file: under || folder.name, reason: error.message });
    });
    if (entries.length === 0) return;
    for (const entry of entries) {
      signal.throwIfAborted();
      const path = under + entry.name;
      if (entry.isDirectory) {
        await walk(entry as FileSystemDirectoryEntry, `${path}/`, depth + 1, files, signal, found);
      } else {
        files.push({ path, file: await fileOf(entry as FileSystemFileEntry, path) });
        if (files.length > LARGEST) throw invalid(folder.name, `holds more than ${LARGEST} files`);
      }
    }
    found(files.length);
  }
}

function fileOf(entry: FileSystemFileEntry, path: string): Promise<File> {
  return new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch((error: Error) => {
    throw new FailureError('file.unreadable', { file: path, reason: error.message });
  });
}

const invalid = (file: string, reason: string): FailureError => new FailureError('data.invalid', { file, reason });
