// The engine of `out/` in its worker thread, as the app holds it.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const worker = new Worker(fileURLToPath(new URL('../out/main/engine.js', import.meta.url)), {
  workerData: { open: { model: null, image: null } },
});
const waiting = new Map();
let lastId = 0;
worker.on('message', (message) => {
  if (!('id' in message)) return;
  const { resolve, reject } = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.ok) resolve(message.result);
  else reject(new Error(message.failure.message));
});

/** Calls a method of the protocol. */
export const call = (method, params) =>
  new Promise((resolve, reject) => {
    waiting.set(++lastId, { resolve, reject });
    worker.postMessage({ id: lastId, method, params });
  });

export const close = () => worker.postMessage('close');
