/**
 * A work process (`out/main/work.js`): does one task of ./tasks for whoever forked it (./work), and ends. It is a process of
 * its own so that the engine answers meanwhile, its memory goes back afterwards, and a fault or the system's out-of-memory killer
 * ends nothing else.
 */
import { constants, setPriority } from 'node:os';
import { FailureError, toFailure } from '../../shared/failures';
import { say } from '../../words';
import { Abandoned } from '../train/request';
import { turns } from '../train/stopwatch';
import type { FromWork, Task, ToWork } from './messages';
import { tasks } from './tasks';

// Before any thread is started, which take over the priority of the one that starts them: with every core at work the window
// still comes first.
try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // A sandbox may forbid it; then the work goes on beside the others.
}

/** Milliseconds that a task may take to stop when whoever asked for it is gone: one that keeps something, and any other. */
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
        // A terminal sends Ctrl-C to everything that was started from it; whoever asked gets it too, and says what is to be.
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
          if (soon) process.on(signal, abandon);
          else process.off(signal, abandon);
      },
      signal: cancelled.signal,
    });
    answer = { kind: 'result', result };
  } catch (error) {
    // Nothing that a person did: the place where it happened goes to the log.
    if (!(error instanceof FailureError)) console.error(error);
    answer = { kind: 'failure', failure: toFailure(error) };
  }
  try {
    send(answer, () => process.exit());
  } catch (error) {
    // What cannot cross is told of; without any answer it would look like a crash.
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
// Whoever asked is gone: the task stops as it would when cancelled, at a checkpoint where it has one. One that cannot is ended.
process.on('disconnect', () => {
  abandon();
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), keeps ? ORPHANED.keeps : ORPHANED.keepsNothing).unref();
});
send({ kind: 'ready' });
