import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { EngineHost } from '../../../src/engine/worker/host';
import type { EventName, Events } from '../../../src/shared/protocol';
import { sentence } from '../../../src/words';

/** Workers that behave as badly as real ones can; the built one is tested in `worker.test.ts`. */
const folder = mkdtempSync(join(tmpdir(), 'convscope-host-'));
let host: EngineHost | undefined;
afterEach(() => host?.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const restarts: string[] = [];
const note = <E extends EventName>(event: E, payload: Events[E]): void => {
  if (event === 'restarted') restarts.push(sentence((payload as Events['restarted']).reason));
};
function hostOf(name: string, body: string): EngineHost {
  const file = join(folder, `${name}.cjs`);
  writeFileSync(file, `const { parentPort: port } = require('node:worker_threads');\n${body}`);
  restarts.length = 0;
  host = new EngineHost({ open: { model: null, image: null } }, note, file);
  return host;
}

/** Answers `runs`, dies of `cancel`, ends when asked to. */
const MORTAL = `port.on('message', (message) => {
  if (message === 'close') return port.close();
  if (message.method === 'cancel') throw new Error('a bug in ' + message.params.job);
  if (message.method === 'runs') port.postMessage({ id: message.id, ok: true, result: 'here' });
});`;

it('starts a crashed worker anew, says so, and answers what was asked of the dead one', async () => {
  const engine = hostOf('mortal', MORTAL);
  await expect(engine.call('runs', {})).resolves.toBe('here');
  const never = engine.call('start', {});
  const killer = engine.call('cancel', { job: 'the kernel' });
  await expect(never).rejects.toMatchObject({ code: 'internal', message: 'the engine stopped: a bug in the kernel' });
  await expect(killer).rejects.toMatchObject({ code: 'internal' });
  await expect(engine.call('runs', {})).resolves.toBe('here');
  expect(restarts).toEqual(['the engine stopped: a bug in the kernel']);
});

it('gives up a worker that keeps dying, and answers every call with the reason', async () => {
  const engine = hostOf('stillborn', `throw new Error('no such instruction');`);
  const told = {
    code: 'internal',
    message: 'the engine stopped 6 times within a minute (no such instruction); start Convscope again',
  };
  // Asked again and again as the window would; nothing is left without an answer.
  let last: unknown;
  for (let i = 0; i < 20; i++) last = await engine.call('start', {}).catch((failure: unknown) => failure);
  expect(last).toMatchObject(told);
  expect(restarts).toHaveLength(5);
  await expect(engine.call('runs', {})).rejects.toMatchObject(told);
  await engine.close();
});

it('refuses what cannot be cloned, and goes on', async () => {
  const engine = hostOf('mortal', MORTAL);
  const function_ = engine.call('start', { bad: () => 1 } as never);
  await expect(function_).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('not be cloned'),
  });
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const endless = engine.call('start', circle as never);
  await expect(endless).rejects.toMatchObject({ message: expect.stringContaining('nested more than 64 deep') });
  await expect(engine.call('runs', {})).resolves.toBe('here');
});

it('answers who waits for what cannot be read', async () => {
  const engine = hostOf('unreadable', MORTAL);
  const never = engine.call('start', {});
  (engine as unknown as { worker: { emit(event: string, error: Error): void } }).worker.emit(
    'messageerror',
    new Error(),
  );
  await expect(never).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('could not be read'),
  });
});

it('answers what is asked once it is closed, and what was never answered', async () => {
  const engine = hostOf('closing', MORTAL);
  const never = engine.call('start', {});
  const told = { code: 'internal', message: 'Convscope is closing' };
  const unanswered = expect(never).rejects.toMatchObject(told);
  await engine.close();
  await unanswered;
  await expect(engine.call('runs', {})).rejects.toMatchObject(told);
});

it('may be asked to end more than once', async () => {
  const engine = hostOf('ended', MORTAL);
  await engine.call('runs', {});
  await Promise.all([engine.close(), engine.close()]);
  await engine.close();
  expect(restarts).toEqual([]);
});
