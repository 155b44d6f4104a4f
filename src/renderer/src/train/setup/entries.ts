import { FailureError } from '../../../../shared/failures';
import { uploadLimits } from '../../../../shared/upload-limits';
import { reasonOf, say, type Message } from '../../../../words';

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

/** Networks, and weights of torchvision's for a classic network. */
export const isNetworkFile = (name: string): boolean => /\.(onnx|safetensors)$/i.test(name);

export const isPicture = (name: string): boolean => /\.(png|jpe?g|jfif|webp|avif|gif|tiff?|svg|bmp|heic)$/i.test(name);

/** A dropped folder, through the browser's entries. */
export function droppedFolder(entry: FileSystemDirectoryEntry): PickedFolder {
  return {
    name: entry.name,
    async list(signal, found) {
      const files: PickedFile[] = [];
      await walk(entry.name, entry, '', 1, files, signal, found);
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
    name: list[0].name.replace(/\.[^.]+(\.gz)?$/i, ''),
    list: async (_, found) => {
      found(list.length);
      return list.map((file) => ({ path: file.name, file }));
    },
  };
}

async function walk(
  root: string,
  folder: FileSystemDirectoryEntry,
  under: string,
  depth: number,
  files: PickedFile[],
  signal: AbortSignal,
  found: (count: number) => void,
): Promise<void> {
  if (depth > DEEPEST) throw invalid(root, say('upload.deep', { limit: DEEPEST }));
  const reader = folder.createReader();
  for (;;) {
    signal.throwIfAborted();
    // A call brings at most 100; none left is an empty list.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    ).catch((error: Error) => {
      throw new FailureError('file.unreadable', { file: under || root, reason: reasonOf(error) });
    });
    if (entries.length === 0) return;
    for (const entry of entries) {
      signal.throwIfAborted();
      const path = under + entry.name;
      if (entry.isDirectory) {
        await walk(root, entry as FileSystemDirectoryEntry, `${path}/`, depth + 1, files, signal, found);
      } else {
        files.push({ path, file: await fileOf(entry as FileSystemFileEntry, path) });
        if (files.length > uploadLimits.files)
          throw invalid(root, say('upload.files.more', { limit: uploadLimits.files }));
      }
    }
    found(files.length);
  }
}

function fileOf(entry: FileSystemFileEntry, path: string): Promise<File> {
  return new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch((error: Error) => {
    throw new FailureError('file.unreadable', { file: path, reason: reasonOf(error) });
  });
}

/** What an upload of these comes to, in bytes. @throws FailureError for more than the engine takes, before anything is sent. */
export function checkSize(name: string, list: readonly PickedFile[]): number {
  const { files, bytes, fileBytes } = uploadLimits;
  if (list.length > files) throw invalid(name, say('upload.files', { count: list.length, limit: files }));
  const large = list.find(({ file }) => file.size > fileBytes);
  if (large) throw invalid(large.path, say('upload.file-bytes', { size: MiB(large.file.size), limit: MiB(fileBytes) }));
  const all = list.reduce((sum, { file }) => sum + file.size, 0);
  if (all > bytes) throw invalid(name, say('upload.bytes', { size: MiB(all), limit: MiB(bytes) }));
  return all;
}

const MiB = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
export const invalid = (file: string, reason: Message): FailureError =>
  new FailureError('data.invalid', { file, reason });
