/** The engine's worker thread (`out/main/engine.js`): answers its holder's requests, see src/shared/messages.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { FailureError, toFailure } from '../../shared/failures';
import type { FromEngine, ToEngine } from '../../shared/messages';
import type { CallContext, EngineMethod, Params } from '../../shared/protocol';
import { reasonOf, say } from '../../words';
import { createEngine } from '../engine';
import { arraysIn, movable } from '../system/transfer';
import type { EngineOptions } from '../system/options';

if (!parentPort) throw new Error('the engine runs as a worker thread');
const port = parentPort;
const engine = createEngine(workerData as EngineOptions);
const gone = new Set<number>();
let underWay = 0;
let closing = false;

function send(message: FromEngine): void {
  // Results are copies made for the caller, so their memory is transferred.
  port.postMessage(message, movable(arraysIn(message)));
}

async function answer({ id, method, params, window }: Extract<ToEngine, { id: number }>): Promise<void> {
  underWay++;
  const context: CallContext = { window, emit: (event, payload) => send({ event, payload } as FromEngine) };
  let reply: FromEngine;
  try {
    const result = await engine.call(method, params as Params<EngineMethod>, context);
    reply = { id, ok: true, result } as FromEngine;
  } catch (error) {
    // A fault of the program, not of the user: its stack goes to the log.
    if (!(error instanceof FailureError)) console.error(error);
    reply = { id, ok: false, failure: toFailure(error) };
  }
  try {
    send(reply);
  } catch (error) {
    console.error(error);
    const reason = say('call.answer-cannot-cross', { method, reason: reasonOf(error) });
    send({ id, ok: false, failure: new FailureError('internal', { reason }).toJSON() });
  }
  underWay--;
  // Releases what was opened for a window that closed meanwhile.
  if (gone.has(window)) engine.release(window);
  endWhenIdle();
}

/** The thread ends by itself, and only when idle: ending it inside onnxruntime would end the whole process. */
function endWhenIdle(): void {
  if (closing && underWay === 0) port.close();
}

// It is unknown whose request failed: the thread ends, and the host starts another one and fails every waiting call.
port.on('messageerror', (error) => {
  throw error;
});
port.on('message', (message: ToEngine) => {
  if (message === 'close') {
    closing = true;
    engine.close();
    endWhenIdle();
  } else if ('gone' in message) {
    gone.add(message.gone);
    engine.release(message.gone);
  } else void answer(message);
});
