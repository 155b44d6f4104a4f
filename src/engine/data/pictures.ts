import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scales } from '../../core/model/model';
import { FailureError } from '../../shared/failures';
import { isMessage, say, type Message } from '../../words';
import { withTrainingDecoders, type DecodeFile } from '../image/training-decoders';
import { readRows, writeRows, type CachedFile } from './cache';
import { fileSystemPath, realPath, shownPath } from './entries';
import type { Target } from './fit';
import type { LeftOut, Progress } from './raw';

export interface DecodedPictures {
  /** One row `[height, width, channels]` for every path; zeros for one that was left out. */
  pixels: Uint8Array;
  /** By index of the path: why it was left out. */
  broken: Map<number, Message>;
  /** What each is drawn on, a byte of `ground`. */
  grounds: Uint8Array;
  /** 1 for each with colors that a gray target does not keep. */
  colored: Uint8Array;
  /** Height and width of each before it was fitted, `[pictures, 2]`. */
  sizes: Int32Array;
  /** Warnings about the pictures, each once for all pictures that it is about. */
  warnings: Message[];
  /** The scale that all samples of a kind were read on, where there are others than bytes. */
  scales: Scales | null;
}

/**
 * Decodes picture files to the target's size, several at a time in guarded processes of their own, and keeps the result in the app's cache. A file whose
 * size or times differ from those at its last decoding is decoded anew, and only that one.
 * @param paths from `root`, with `/`. @param oneScale whether pictures of the same kind of samples are all read on one scale, the largest that one of
 * them needs: a dark picture stays dark. Otherwise each is read on its own, or on the target's.
 */
export async function decodePictures(
  root: string,
  paths: string[],
  target: Target,
  oneScale: boolean,
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
    ...(target.scales || oneScale ? [target.scales ?? {}, oneScale] : []),
  ]);
  const cached = await readRows(key, size);
  const fingerprints = await Promise.all(paths.map((path) => fingerprintOf(join(root, path))));
  if (
    cached &&
    cached.files.length === paths.length &&
    cached.files.every((file, i) => file.path === paths[i] && file.fingerprint === fingerprints[i])
  ) {
    progress(paths.length, paths.length);
    return resultOf(cached.files, cached.pixels);
  }
  const known = new Map(cached?.files.map((file, row) => [file.path, { ...file, row }]));
  const pixels = new Uint8Array(paths.length * size);
  const files: CachedFile[] = new Array(paths.length);
  const anew: number[] = [];
  let done = 0;
  paths.forEach((path, i) => {
    const before = known.get(path);
    if (!before || before.fingerprint !== fingerprints[i]) return void anew.push(i);
    pixels.set(cached!.pixels.subarray(before.row * size, (before.row + 1) * size), i * size);
    files[i] = { ...before, path };
    progress(++done, paths.length);
  });
  const decodeAll = async (indices: readonly number[], to: Target): Promise<void> => {
    let next = 0;
    await withTrainingDecoders(indices.length, signal, async (decode) => {
      while (next < indices.length) {
        signal?.throwIfAborted();
        const i = indices[next++];
        const row = pixels.subarray(i * size, (i + 1) * size);
        const told = await decodeInto(decode, join(root, paths[i]), paths[i], to, row);
        files[i] = { path: paths[i], fingerprint: fingerprints[i], ...told };
        progress(Math.min(++done, paths.length), paths.length);
      }
    });
  };
  await decodeAll(anew, target);
  if (oneScale) {
    const scales = scalesOf(files, target.scales);
    const otherwise = files.flatMap(({ scale }, i) => (scale && scale.most !== scales[scale.depth] ? [i] : []));
    await decodeAll(otherwise, { ...target, scales });
  }
  // Without a cache the pictures are decoded again the next time: slower, not wrong.
  await writeRows(key, { files, pixels }).catch(() => undefined);
  return resultOf(files, pixels);
}

/** Decodes one picture into its row. @returns why it cannot be, or what there is to say of it. */
async function decodeInto(
  decode: DecodeFile,
  path: string,
  name: string,
  target: Target,
  row: Uint8Array,
): Promise<Pick<CachedFile, 'reason' | 'ground' | 'size' | 'remarks' | 'scale'>> {
  try {
    const picture = await decode(fileSystemPath(path), name, target);
    row.set(picture.row);
    return { reason: null, ground: picture.ground, size: picture.size, remarks: picture.remarks, scale: picture.scale };
  } catch (error) {
    if (!(error instanceof FailureError) || error.code === 'cancelled' || error.code === 'internal') throw error;
    return { reason: withoutFile(error), ground: 0, size: [0, 0], remarks: [], scale: null };
  }
}

/** What is wrong with a picture whose name stands beside it already. */
export function withoutFile({ code, values, reason }: FailureError): Message {
  if (code === 'file.unreadable' && isMessage(values.reason)) return values.reason;
  const known = {
    'file.empty': 'folders.picture.empty',
    'image.format': 'folders.picture.format',
    'image.broken': 'folders.picture.broken',
    'image.refused': 'image.left.refused',
    'image.too-large': 'folders.picture.too-large',
    'image.too-slow': 'folders.picture.too-slow',
  }[code as string];
  return known ? { code: known, values } : reason;
}

/** What changes when a file does: its size, the times of its content and of its entry, its place on the disk. */
async function fingerprintOf(path: string): Promise<string> {
  const info = await stat(fileSystemPath(path), { bigint: true }).catch(() => null);
  return info ? [info.size, info.mtimeNs, info.ctimeNs, info.ino].join(' ') : 'absent';
}

function resultOf(files: CachedFile[], pixels: Uint8Array): DecodedPictures {
  return {
    pixels,
    broken: new Map(files.flatMap(({ reason }, i) => (reason === null ? [] : [[i, reason]]))),
    grounds: Uint8Array.from(files, ({ ground }) => ground),
    colored: Uint8Array.from(files, ({ remarks }) =>
      Number(remarks.some(({ code }) => code === 'image.warn.colorDropped')),
    ),
    sizes: Int32Array.from(files.flatMap(({ size }) => size)),
    warnings: [...warningsOf(files), ...scaleWarnings(files)],
    scales: files.some(({ scale }) => scale) ? scalesOf(files) : null,
  };
}

/** Of each kind of samples the largest scale that a picture needs, and no less than `least`. */
function scalesOf(files: readonly CachedFile[], least: Scales = {}): Scales {
  const scales = { ...least };
  for (const { scale } of files) if (scale) scales[scale.depth] = Math.max(scales[scale.depth] ?? 0, scale.own);
  return scales;
}

/** That pictures are darker than they would be by themselves, for the others' sake. */
function scaleWarnings(files: readonly CachedFile[]): Message[] {
  const darker = files.filter(({ scale }) => scale && scale.own < scale.most);
  const depths = new Set(darker.map(({ scale }) => scale!.depth));
  return [...depths].map((depth) => {
    const own = darker.filter(({ scale }) => scale!.depth === depth);
    const { most } = own[0].scale!;
    return say('image.scale.one', {
      count: own.length,
      file: shownPath(own[0].path),
      more: own.length > 1 ? say('image.some.more') : '',
      samples: say(`image.samples.${depth}`),
      own: own[0].scale!.own,
      most,
    });
  });
}

/** Remarks on pictures, each once, with how many it is true of and the first of them. */
function warningsOf(files: readonly CachedFile[]): Message[] {
  const found = new Map<string, { what: Message; file: string; count: number }>();
  for (const { path, remarks } of files) {
    for (const what of remarks) {
      // Which range or which bands were read matters; of blank pictures one stands for all.
      const key = what.code.startsWith('image.note.') ? JSON.stringify(what) : what.code;
      const entry = found.get(key) ?? { what, file: shownPath(path), count: 0 };
      entry.count++;
      found.set(key, entry);
    }
  }
  return [...found.values()].map(({ what, file, count }) =>
    say('image.some', { count, file, more: count > 1 ? say('image.some.more') : '', what }),
  );
}

/** Broken pictures in the words of the list of what was left out. */
export function leftOutOf(paths: string[], broken: ReadonlyMap<number, Message>): LeftOut[] {
  return [...broken].map(([i, reason]) => ({ file: shownPath(paths[i]), reason }));
}
