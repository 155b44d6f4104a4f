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

const send = (message: DecoderMessage): void => void process.send?.(message);

async function answer(request: DecoderRequest): Promise<DecoderMessage> {
  try {
    const result =
      request.kind === 'prepare'
        ? await prepare(request.image, request.name, request.preprocessing, request.options)
        : await thumbnail(request.bytes, request.name, request.side);
    return { kind: 'result', result };
  } catch (error) {
    return { kind: 'failure', failure: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.toJSON();
  const reason = error instanceof Error ? error.message : String(error);
  return new FailureError('internal', { reason }).toJSON();
}

process.on('message', (request: DecoderRequest) => void answer(request).then(send));
// Killed, not exited: an orderly end would wait for libvips, which may be the very thing that does not end.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
setInterval(() => {
  if (process.memoryUsage.rss() > RESIDENT_LIMIT) process.kill(process.pid, 'SIGKILL');
}, 50).unref();
send({ kind: 'ready' });
