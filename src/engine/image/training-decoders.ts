import { availableParallelism } from 'node:os';
import { FailureError } from '../../shared/failures';
import { Decoder } from './decoder';
import { MEMORY_LIMIT } from './guard';
import type { Target, TrainingPicture } from './training-picture';

/** Decoders at work at once, at most: each is a process. */
const MOST = 4;
/** Memory that one picture may take beside others, in bytes; of pictures that need more, only one is decoded at a time. */
const SHARE = 160 * 2 ** 20;
/** Decoders idle for this long are ended, in milliseconds. */
const IDLE = 10_000;

let decoders: Decoder[] = [];
let users = 0;
let idle: NodeJS.Timeout | undefined;
/** Resolves when the last large picture so far is decoded. */
let large: Promise<unknown> = Promise.resolve();

/** Decodes one picture file. @throws FailureError, see `Decoder.training`; the signal's reason when aborted. */
export type DecodeFile = (path: string | Uint8Array, name: string, target: Target) => Promise<TrainingPicture>;

/**
 * Runs `work` several times over, each with a decoder of its own: the same guard, limits and time as Inspect's. The
 * processes are kept for a while for the next data set.
 * @param pictures number of pictures to decode: for a few, fewer processes are started.
 */
export async function withTrainingDecoders(
  pictures: number,
  signal: AbortSignal | undefined,
  work: (decode: DecodeFile) => Promise<void>,
): Promise<void> {
  clearTimeout(idle);
  users++;
  const count = Math.max(1, Math.min(MOST, availableParallelism(), Math.ceil(pictures / 8)));
  while (decoders.length < count) decoders.push(new Decoder());
  try {
    await Promise.all(
      decoders
        .slice(0, count)
        .map((decoder) => work((path, name, target) => decodeBy(decoder, path, name, target, signal))),
    );
  } finally {
    if (--users === 0) idle = setTimeout(closeDecoders, IDLE).unref();
  }
}

function closeDecoders(): void {
  for (const decoder of decoders) decoder.close();
  decoders = [];
}

async function decodeBy(
  decoder: Decoder,
  path: string | Uint8Array,
  name: string,
  target: Target,
  signal: AbortSignal | undefined,
): Promise<TrainingPicture> {
  try {
    return await decoder.training(path, name, target, SHARE, signal);
  } catch (error) {
    if (!(error instanceof FailureError) || !tookTooMuch(error)) throw error;
  }
  const alone = large.then(() => decoder.training(path, name, target, MEMORY_LIMIT, signal));
  large = alone.catch(() => undefined).then(() => decoder.renew());
  return alone;
}

/** Whether a picture needs more memory than its share: it may have all of it, alone. */
const tookTooMuch = ({ code, values }: FailureError): boolean =>
  code === 'image.too-large' ||
  (code === 'file.unreadable' && (values.reason as { code?: string }).code === 'image.limit.memory');
