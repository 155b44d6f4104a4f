/**
 * A work process (`out/main/work.js`): does one task of ./tasks for the process that forked it (./work), and ends. It
 * is a separate process so that the engine keeps answering, its memory goes back afterwards, and a fault or the
 * system's out-of-memory killer ends nothing else.
 */
import { constants, setPriority } from 'node:os';
import { FailureError, toFailure } from '../../shared/failures';
import { say } from '../../words';
import { Abandoned } from '../train/request';
import { turns } from '../train/stopwatch';
import type { FromWork, Task, ToWork } from './messages';
import { tasks } from './tasks';

// Set before any thread is started, because threads inherit the priority: even with every core busy, the window comes
// first.
try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // A sandbox may forbid it; then the work runs at normal priority.
}

/** Milliseconds that a task may take to stop when its parent is gone: one with work to keep, and any other. */
const ORPHANED = { keeps: 60_000, keepsNothing: 2000 };

const cancelled = new AbortController();
const early: unknown[] = [];
let keeps = false;
let hears = false;
let order: (order: unknown) => void = (given) => void early.push(given);

function send(message: FromWork, sent?: () => void): void {
  if (process.connected) process.send!(message, undefined, undefined, sent);
  else sent?.();
}

async function work(name: string, request: unknown): Promise<void> {
  let answer: FromWork;
  try {
    if (!Object.hasOwn(tasks, name)) throw new FailureError('internal', { reason: say('work.task', { name }) });
    const task = tasks[name as keyof typeof tasks] as unknown as Task<unknown, unknown, unknown, unknown>;
    const result = await task(request, {
      progress: (done, total, phase) => send({ kind: 'progress', done, total, phase: phase ?? null }),
      say: (message) => send({ kind: 'say', message }),
      tell: (news) => send({ kind: 'news', news }),
      onOrder(listener) {
        order = listener;
        for (const given of early.splice(0)) listener(given);
      },
      keeps() {
        if (keeps) return;
        keeps = true;
        send({ kind: 'keeps' });
      },
      async hears(soon) {
        if (soon === hears) return;
        if (!soon) await turns();
        hears = soon;
        // A terminal sends Ctrl-C to every process started from it. The parent gets it too and decides what to do.
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
          if (soon) process.on(signal, abandon);
          else process.off(signal, abandon);
      },
      signal: cancelled.signal,
    });
    answer = { kind: 'result', result };
  } catch (error) {
    // Not caused by the user: the stack goes to the log.
    if (!(error instanceof FailureError)) console.error(error);
    answer = { kind: 'failure', failure: toFailure(error) };
  }
  try {
    send(answer, () => process.exit());
  } catch (error) {
    // If the result cannot be sent, a failure is; without an answer it would look like a crash.
    send({ kind: 'failure', failure: toFailure(error) }, () => process.exit());
  }
}

function receive(message: ToWork): void {
  if (message.kind === 'start') void work(message.task, message.request);
  else if (message.kind === 'order') order(message.order);
  else cancel();
}

const cancel = (): void => cancelled.abort(new FailureError('cancelled'));
const abandon = (): void => cancelled.abort(new Abandoned());

process.on('message', receive);
// The parent is gone: the task stops as if cancelled, at a checkpoint if it has one. A task that does not stop is
// ended.
process.on('disconnect', () => {
  abandon();
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), keeps ? ORPHANED.keeps : ORPHANED.keepsNothing).unref();
});
send({ kind: 'ready' });
