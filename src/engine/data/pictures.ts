import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError } from '../../shared/failures';
import { decode } from '../image/decode';
import { fitPixels } from '../image/fit';
import { flatten } from '../image/pixels';
import { sniff } from '../image/sniff';
import { reasonOf, say, type Message } from '../../words';
import { readRows, writeRows, type CachedFile } from './cache';
import { fileSystemPath, realPath, shownPath } from './entries';
import { toChannels, type Target } from './fit';
import type { LeftOut } from './raw';

/** How many pictures are on their way at a time: libuv has four threads, and reading overlaps with decoding. */
const AT_A_TIME = 8;
/** Larger files are no training pictures; their neighbours at work have to fit the memory too. */
const LARGEST_FILE = 64 * 2 ** 20;

/**
 * Training pictures are decoded in this process, which cannot be stopped in the middle of one. Drawings are the only pictures that
 * take more time than their size shows: those that repeat or filter parts of themselves are refused, and long ones.
 */
const LONGEST_SVG = 256 * 2 ** 10;
const COSTLY_SVG = /<!ENTITY|<(\w+:)?(use|pattern|filter|mask|image|foreignObject|marker)[\s/>]/i;

const WHITE = [255, 255, 255] as const;

export interface Progress {
  (done: number, total: number): void;
}

export interface DecodedPictures {
  /** One row `[height, width, channels]` for every path; zeros for one that was left out. */
  pixels: Uint8Array;
  /** By index of the path: why it was left out. */
  broken: Map<number, Message>;
}

/**
 * Decodes picture files to the target's size, several at a time, and keeps the result in the app's cache. A file whose
 * size or times differ from those at its last decoding is decoded anew, and only that one.
 * @param paths from `root`, with `/`.
 */
export async function decodePictures(
  root: string,
  paths: string[],
  target: Target,
  progress: Progress,
  signal?: AbortSignal,
): Promise<DecodedPictures> {
  const size = target.height * target.width * target.channels;
  const key = JSON.stringify([
    await realPath(root),
    target.height,
    target.width,
    target.channels,
    target.fit,
    target.resize,
  ]);
  const cached = await readRows(key, size);
  const fingerprints = await Promise.all(paths.map((path) => fingerprintOf(join(root, path))));
  if (
    cached &&
    cached.files.length === paths.length &&
    cached.files.every((file, i) => file.path === paths[i] && file.fingerprint === fingerprints[i])
  ) {
    progress(paths.length, paths.length);
    return { pixels: cached.pixels, broken: brokenOf(cached.files) };
  }
  const known = new Map(cached?.files.map((file, row) => [file.path, { ...file, row }]));
  const pixels = new Uint8Array(paths.length * size);
  const files: CachedFile[] = new Array(paths.length);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < paths.length) {
      signal?.throwIfAborted();
      const i = next++;
      const before = known.get(paths[i]);
      const row = pixels.subarray(i * size, (i + 1) * size);
      if (before && before.fingerprint === fingerprints[i]) {
        row.set(cached!.pixels.subarray(before.row * size, (before.row + 1) * size));
        files[i] = { path: paths[i], fingerprint: fingerprints[i], reason: before.reason };
      } else {
        files[i] = {
          path: paths[i],
          fingerprint: fingerprints[i],
          reason: await decodeInto(join(root, paths[i]), paths[i], target, row),
        };
      }
      progress(++done, paths.length);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  // Without a cache the pictures are decoded again the next time: slower, not wrong.
  await writeRows(key, { files, pixels }).catch(() => undefined);
  return { pixels, broken: brokenOf(files) };
}

/** Decodes one picture into its row. @returns why it cannot be, or null. */
async function decodeInto(path: string, name: string, target: Target, row: Uint8Array): Promise<Message | null> {
  try {
    const info = await stat(fileSystemPath(path));
    // A pipe or a device may never end.
    if (!info.isFile()) return say('folders.picture.irregular');
    const { size } = info;
    if (size > LARGEST_FILE)
      return say('folders.picture.file-size', { size: Math.round(size / 2 ** 20), limit: LARGEST_FILE / 2 ** 20 });
    const bytes = await readFile(fileSystemPath(path));
    const tooCostly = costlyDrawing(bytes);
    if (tooCostly) return tooCostly;
    const { pixels } = await decode(bytes, name);
    row.set(toChannels((await fitPixels(flatten(pixels, WHITE), target)).data, 3, target.channels));
    return null;
  } catch (error) {
    return error instanceof FailureError ? withoutFile(error) : reasonOf(error);
  }
}

/** What is wrong with a picture whose name stands beside it already. */
function withoutFile({ code, values, reason }: FailureError): Message {
  const known = {
    'file.empty': 'folders.picture.empty',
    'image.format': 'folders.picture.format',
    'image.broken': 'folders.picture.broken',
    'image.too-large': 'folders.picture.too-large',
    'image.too-slow': 'folders.picture.too-slow',
  }[code as string];
  return known ? { code: known, values } : reason;
}

/** Why a drawing is refused, or null; null too for what is none. */
function costlyDrawing(bytes: Buffer): Message | null {
  if (sniff(bytes).format !== 'SVG') return null;
  if (bytes.length > LONGEST_SVG)
    return say('folders.picture.long-svg', { size: Math.round(bytes.length / 1024), limit: LONGEST_SVG / 1024 });
  const found = COSTLY_SVG.exec(bytes.toString('latin1').replaceAll('\0', ''));
  return found ? say('folders.picture.costly-svg', { element: found[0].replace(/[\s/>]+$/, '') }) : null;
}

/** What changes when a file does: its size, the times of its content and of its entry, its place on the disk. */
async function fingerprintOf(path: string): Promise<string> {
  const info = await stat(fileSystemPath(path), { bigint: true }).catch(() => null);
  return info ? [info.size, info.mtimeNs, info.ctimeNs, info.ino].join(' ') : 'absent';
}

function brokenOf(files: CachedFile[]): Map<number, Message> {
  return new Map(files.flatMap(({ reason }, i) => (reason === null ? [] : [[i, reason]])));
}

/** Broken pictures in the words of the list of what was left out. */
export function leftOutOf(paths: string[], broken: ReadonlyMap<number, Message>): LeftOut[] {
  return [...broken].map(([i, reason]) => ({ file: shownPath(paths[i]), reason }));
}
