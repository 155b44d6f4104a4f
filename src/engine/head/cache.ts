import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { list, object, text, whole } from '../../core/schema';
import { dataFolder } from '../system/data-folder';
import { writeFileAtomically } from '../system/files';
import { parseJsonBytes } from '../system/json';

/** What a body made of pictures: `[F]` each, by the SHA-256 of the picture's pixels at the body's size. */
export type Features = Map<string, Float32Array>;

const MAGIC = 'convscope-features-1';
/** The bodies used last stay; older ones go when all together are larger than this, in bytes. */
const LIMIT = 2 ** 30;
/** Bytes that a picture's digest takes, and its share of the rest. */
const NAMED = 80;

const header = object({ key: text(), digest: text(), width: whole(1), pictures: list(text()) });

const folder = (): string => join(dataFolder(), 'features');
const pathOf = (key: string): string =>
  join(folder(), `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.features`);

/** What was kept under a key, which names all that the values depend on but the pictures; nothing where that is absent or damaged. */
export async function readFeatures(key: string): Promise<Features> {
  const path = pathOf(key);
  const whole = await readFile(path).catch(() => null);
  const found: Features = new Map();
  if (!whole || whole.length < MAGIC.length + 4 || whole.toString('latin1', 0, MAGIC.length) !== MAGIC) return found;
  const end = MAGIC.length + 4 + whole.readUInt32LE(MAGIC.length);
  try {
    const { width, pictures, digest, ...kept } = header.read(parseJsonBytes(whole.subarray(MAGIC.length + 4, end)));
    const bytes = new Uint8Array(whole.subarray(end));
    if (kept.key !== key || bytes.length !== pictures.length * width * 4 || digestOf(bytes) !== digest) return found;
    const values = new Float32Array(bytes.buffer);
    pictures.forEach((picture, i) => found.set(picture, values.subarray(i * width, (i + 1) * width)));
  } catch {
    // Cut short or written over: the values are computed again.
    return new Map();
  }
  await utimes(path, new Date(), new Date()).catch(() => undefined);
  return found;
}

/** Keeps values for the next time. @throws FailureError `file.unwritable`. */
export async function writeFeatures(key: string, features: Features, limit = LIMIT): Promise<void> {
  const [first] = features.values();
  if (first === undefined) return;
  const width = first.length;
  // The newest are at the end.
  const kept = [...features].slice(-Math.max(1, Math.floor(limit / (4 * width + NAMED))));
  const values = new Float32Array(kept.length * width);
  kept.forEach(([, row], i) => values.set(row, i * width));
  const bytes = new Uint8Array(values.buffer);
  const pictures = kept.map(([picture]) => picture);
  const head = Buffer.from(JSON.stringify({ key, digest: digestOf(bytes), width, pictures }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  await writeFileAtomically(pathOf(key), [Buffer.from(MAGIC, 'latin1'), length, head, bytes]);
  await prune(limit);
}

async function prune(limit: number): Promise<void> {
  const names = await readdir(folder()).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder(), name);
      return { path, info: await stat(path).catch(() => null) };
    }),
  );
  let total = 0;
  for (const { path, info } of found.sort((a, b) => (b.info?.mtimeMs ?? 0) - (a.info?.mtimeMs ?? 0))) {
    total += info?.size ?? 0;
    if (total > limit) await rm(path, { force: true }).catch(() => undefined);
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
