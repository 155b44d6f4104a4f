/**
 * The decoder process (`out/main/decoder.js`): turns pictures' bytes into pixels, one at a time, for the `Decoder` that
 * forked it. It is a process of its own because nothing less can be stopped: libvips does not return from a hostile
 * SVG, and a thread inside native code cannot be ended without the process around it.
 */
import { FailureError, type Failure } from '../../shared/failures';
import type { DecoderMessage, DecoderRequest } from './decoder-messages';
import { MEMORY_LIMIT } from './guard';
import { prepare, thumbnail } from './prepare';

/** Resident memory at which the process ends itself, should a picture take more than the guard foresaw. */
const RESIDENT_LIMIT = MEMORY_LIMIT + 192 * 2 ** 20;

async function answer(request: DecoderRequest): Promise<void> {
  const watch = watchOver(request);
  let message: DecoderMessage;
  try {
    const result =
      request.kind === 'prepare'
        ? await prepare(request.image, request.name, request.preprocessing, request.options)
        : await thumbnail(request.bytes, request.name, request.side);
    message = { kind: 'result', result };
  } catch (error) {
    message = { kind: 'failure', failure: failureOf(error), ends: false };
  }
  clearInterval(watch);
  process.send?.(message);
}

/**
 * Gives up a picture that takes too much. libvips works on threads of its own, so that this one is free to look.
 * Processor time is counted, not the clock's: a busy machine refuses nothing that an idle one opens.
 */
function watchOver({ name, seconds }: DecoderRequest): NodeJS.Timeout {
  const started = process.cpuUsage();
  return setInterval(() => {
    const { user, system } = process.cpuUsage(started);
    if ((user + system) / 1e6 > seconds) giveUp(new FailureError('image.too-slow', { file: name, seconds }));
    else if (process.memoryUsage.rss() > RESIDENT_LIMIT) {
      const reason = `decoding it took more than ${RESIDENT_LIMIT / 2 ** 20} MiB and was stopped`;
      giveUp(new FailureError('file.unreadable', { file: name, reason }));
    }
  }, 50);
}

/** Killed, not exited: an orderly end would wait for libvips, which may be the very thing that does not end. */
const end = (): boolean => process.kill(process.pid, 'SIGKILL');

function giveUp(failure: FailureError): void {
  process.send?.({ kind: 'failure', failure: failure.toJSON(), ends: true } satisfies DecoderMessage, end);
}

function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.toJSON();
  const reason = error instanceof Error ? error.message : String(error);
  return new FailureError('internal', { reason }).toJSON();
}

process.on('message', (request: DecoderRequest) => void answer(request));
process.on('disconnect', end);
process.send?.({ kind: 'ready' } satisfies DecoderMessage);
