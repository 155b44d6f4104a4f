/** The engine's worker thread (`out/main/engine.js`): answers its holder's requests, see src/shared/messages.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { FailureError, toFailure } from '../shared/failures';
import type { FromEngine, ToEngine } from '../shared/messages';
import type { CallContext } from '../shared/protocol';
import { createEngine } from './engine';
import { arraysIn, messageSize } from './message-size';
import type { EngineOptions } from './options';

if (!parentPort) throw new Error('the engine runs as a worker thread');
const port = parentPort;
const engine = createEngine(workerData as EngineOptions);
const traffic = { received: 0, sent: 0 };
let underWay = 0;
let closing = false;

function send(message: FromEngine): void {
  traffic.sent += messageSize(message);
  // Results are the engine's copies, made for the asker: their memory moves with them. A view into a larger buffer is
  // copied instead, it may not be the only one.
  const own = [...arraysIn(message)].filter((array) => array.byteLength === array.buffer.byteLength);
  const transfer = own.map((array) => array.buffer).filter((buffer) => buffer instanceof ArrayBuffer);
  port.postMessage(message, [...new Set(transfer)]);
}

const context: CallContext = { emit: (event, payload) => send({ event, payload } as FromEngine) };

async function answer(id: number, method: string, params: unknown): Promise<void> {
  underWay++;
  try {
    const result = await engine.call(method as 'traffic', params as Record<string, never>, context);
    send({ id, ok: true, result: method === 'traffic' ? { ...result, ...traffic } : result });
  } catch (error) {
    // Nothing that a person did: the place where it happened goes to the log.
    if (!(error instanceof FailureError)) console.error(error);
    send({ id, ok: false, failure: toFailure(error) });
  } finally {
    underWay--;
    endWhenIdle();
  }
}

/** The thread ends by itself, and only when nothing runs: ending it inside onnxruntime would end the whole process. */
function endWhenIdle(): void {
  if (closing && underWay === 0) port.close();
}

port.on('message', (message: ToEngine) => {
  if (message === 'close') {
    closing = true;
    engine.close();
    endWhenIdle();
  } else {
    traffic.received += messageSize(message);
    void answer(message.id, message.method, message.params);
  }
});
