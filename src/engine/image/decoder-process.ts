/**
 * The decoder process (`out/main/decoder.js`): turns pictures' bytes into pixels, one at a time, for the `Decoder` that
 * forked it. It is a separate process because only a process can be stopped: libvips may never return from a hostile
 * SVG, and a thread inside native code cannot be ended without its process.
 */
import { FailureError, toFailure } from '../../shared/failures';
import { say } from '../../words';
import { readWholeFile } from '../system/files';
import { decode } from './decode';
import type { DecoderMessage, DecoderRequest, DecoderResult } from './decoder-messages';
import { FILE_LIMIT } from './guard';
import { prepare, thumbnail } from './prepare';
import sharp from './sharp';
import { trainingPicture } from './training-picture';
import { twoPaths } from './two-paths';

/** The memory of the process itself, in bytes, and how much a picture may take beyond the guard's estimate. */
const SPARE = 192 * 2 ** 20;

async function answer(request: DecoderRequest): Promise<void> {
  const watch = watchOver(request);
  let message: DecoderMessage;
  try {
    message = { kind: 'result', result: await resultOf(request) };
  } catch (error) {
    message = { kind: 'failure', failure: toFailure(error), ends: false };
  }
  clearInterval(watch);
  process.send?.(message);
}

async function resultOf(request: DecoderRequest): Promise<DecoderResult> {
  switch (request.kind) {
    case 'prepare':
      return prepare(request.image, request.name, request.preprocessing, request.options);
    case 'paths':
      return twoPaths(request.bytes, request.name, request.preprocessing);
    case 'thumbnail':
      return thumbnail(request.bytes, request.name, request.side);
    case 'training': {
      // Several processes decode at once: each keeps to one core.
      sharp.concurrency(1);
      const bytes = await readWholeFile(request.path, FILE_LIMIT, request.name);
      const decoded = await decode(bytes, request.name, request.memory, request.target.scales);
      const { pixels, remarks, scale, width, height } = decoded;
      const picture = await trainingPicture(pixels, request.target);
      return { ...picture, scale, width, height, remarks: [...remarks, ...picture.remarks] };
    }
  }
}

/**
 * Gives up on a picture that takes too much memory or time. libvips works on threads of its own, so this thread is free
 * to check. Processor time is counted, not the clock's: so a busy machine opens the same pictures as an idle one.
 */
function watchOver({ name, seconds, memory }: DecoderRequest): NodeJS.Timeout {
  const started = process.cpuUsage();
  const limit = memory + SPARE;
  return setInterval(() => {
    const { user, system } = process.cpuUsage(started);
    if ((user + system) / 1e6 > seconds) giveUp(new FailureError('image.too-slow', { file: name, seconds }));
    else if (process.memoryUsage.rss() > limit) {
      const reason = say('image.limit.memory', { limit: limit / 2 ** 20 });
      giveUp(new FailureError('file.unreadable', { file: name, reason }));
    }
  }, 50);
}

/** Killed, because an orderly exit would wait for libvips, which may be what does not end. */
const end = (): boolean => process.kill(process.pid, 'SIGKILL');

function giveUp(failure: FailureError): void {
  process.send?.({ kind: 'failure', failure: failure.toJSON(), ends: true } satisfies DecoderMessage, end);
}

process.on('message', (request: DecoderRequest) => void answer(request));
process.on('disconnect', end);
process.send?.({ kind: 'ready' } satisfies DecoderMessage);
