import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '../../words';
import type { Scale } from '../image/decode';
import { writeFileAtomically } from '../system/files';

/** Where decoded pixels are kept: `CONVSCOPE_CACHE`, or what the operating system has for such things. */
function cacheFolder(): string {
  const { CONVSCOPE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (CONVSCOPE_CACHE) return CONVSCOPE_CACHE;
  if (process.platform === 'win32')
    return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'convscope', 'Cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'convscope');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'convscope');
}

/** A decoded file: its fingerprint when it was decoded, and why it was left out, if it was. Its pixels are the row of its index. */
export interface CachedFile {
  path: string;
  fingerprint: string;
  reason: Message | null;
  /** What it is drawn on, and what people should know of it; see `TrainingPicture`. */
  ground: number;
  size: [height: number, width: number];
  remarks: Message[];
  /** Of samples that are no bytes, see `Decoded`. */
  scale: Scale | null;
}

export interface CachedRows {
  files: CachedFile[];
  /** One row of `rowBytes` for every file, in the same order. */
  pixels: Uint8Array;
}

const MAGIC = 'convscope-rows-5';
/** The sets used last stay; older ones go when all together are larger than this. */
const LIMIT = 8 * 1024 ** 3;

const pathOf = (key: string): string =>
  join(cacheFolder(), 'datasets', `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.rows`);

/** What was kept under the key, or null: absent, cut short, or damaged. */
export async function readRows(key: string, rowBytes: number): Promise<CachedRows | null> {
  const path = pathOf(key);
  const whole = await readFile(path).catch(() => null);
  if (!whole || whole.length < MAGIC.length + 4 || whole.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  const headerEnd = MAGIC.length + 4 + whole.readUInt32LE(MAGIC.length);
  if (headerEnd > whole.length) return null;
  const pixels = whole.subarray(headerEnd);
  try {
    const header = JSON.parse(whole.toString('utf8', MAGIC.length + 4, headerEnd)) as {
      key: string;
      digest: string;
      files: CachedFile[];
    };
    const sound =
      header.key === key && pixels.length === header.files.length * rowBytes && digestOf(pixels) === header.digest;
    if (!sound) return null;
    await utimes(path, new Date(), new Date()).catch(() => undefined);
    return { files: header.files, pixels };
  } catch {
    return null;
  }
}

/** Keeps rows for the next time. @throws FailureError if the cache's folder cannot be written, which callers may ignore. */
export async function writeRows(key: string, { files, pixels }: CachedRows): Promise<void> {
  const header = Buffer.from(JSON.stringify({ key, digest: digestOf(pixels), files }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  await writeFileAtomically(pathOf(key), [Buffer.from(MAGIC, 'latin1'), length, header, pixels]);
  await prune().catch(() => undefined);
}

async function prune(): Promise<void> {
  const folder = join(cacheFolder(), 'datasets');
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => ({ path: join(folder, name), info: await stat(join(folder, name)) })),
  );
  found.sort((a, b) => b.info.mtimeMs - a.info.mtimeMs);
  let total = 0;
  for (const { path, info } of found) {
    total += info.size;
    if (total > LIMIT) await rm(path, { force: true });
  }
}

const digestOf = (pixels: Uint8Array): string => createHash('sha256').update(pixels).digest('hex');
