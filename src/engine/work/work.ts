import { fork, type ChildProcess } from 'node:child_process';
import { asError, FailureError } from '../../shared/failures';
import { reasonOf, say, type Message } from '../../words';
import { owned } from '../system/owned';
import { built } from '../system/root';
import type { FromWork, ToWork } from './messages';
import type { TaskName, Tasks } from './tasks';

/** A work process ended without an answer. */
export class WorkEnded extends FailureError<'internal'> {
  constructor(code: number | null, signal: NodeJS.Signals | null) {
    super('internal', { reason: say('work.ended', { how: signal ?? say('work.ended.code', { code: String(code) }) }) });
  }
}

type RequestOf<N extends TaskName> = Parameters<Tasks[N]>[0];
type ResultOf<N extends TaskName> = Awaited<ReturnType<Tasks[N]>>;
type NewsOf<N extends TaskName> = Parameters<Parameters<Tasks[N]>[1]['tell']>[0];
type OrderOf<N extends TaskName> = Parameters<Parameters<Parameters<Tasks[N]>[1]['onOrder']>[0]>[0];

/** The watcher of a task. */
export interface Watcher<News = unknown> {
  progress?(done: number, total: number, phase: string | null): void;
  /** Log lines. */
  say?(message: Message): void;
  news?(news: News): void;
}

/** A task under way in a process of its own. */
export interface Work<Result, Order> {
  /** Rejects with FailureError: the task's own, `cancelled` also where it had to be killed, or WorkEnded. */
  readonly result: Promise<Result>;
  order(order: Order): void;
  /**
   * Cancels cooperatively; a task that does not end within `seconds` is killed, one without work to keep (see
   * `WorkHost`) within two.
   */
  cancel(seconds?: number): void;
}

/** How long a cancelled task may take to end by itself, in seconds: one with work to keep, and any other. */
const GRACE = { keeps: 10, keepsNothing: 2 };

/** Starts a task of ./tasks in a process of its own. */
export function startTask<N extends TaskName>(
  name: N,
  request: RequestOf<N>,
  watcher: Watcher<NewsOf<N>>,
  script = built('main', 'work.js'),
): Work<ResultOf<N>, OrderOf<N>> {
  const child = fork(script, [], {
    serialization: 'advanced',
    execArgv: [],
    // Electron's binary is Node where this is set; plain Node does not mind.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let killer: NodeJS.Timeout | undefined;
  let keeps = false;
  let patience = GRACE.keeps;
  const killLater = (): void => {
    clearTimeout(killer);
    const seconds = keeps ? patience : Math.min(patience, GRACE.keepsNothing);
    killer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  };
  const result = new Promise<ResultOf<N>>((resolve, reject) => {
    child.on('message', (message: FromWork) => {
      switch (message.kind) {
        case 'ready':
          try {
            return send(child, { kind: 'start', task: name, request });
          } catch (error) {
            child.kill('SIGKILL');
            return reject(new FailureError('internal', { reason: reasonOf(error) }));
          }
        case 'keeps':
          keeps = true;
          if (killer) killLater();
          return;
        case 'progress':
          return watcher.progress?.(message.done, message.total, message.phase);
        case 'say':
          return watcher.say?.(message.message);
        case 'news':
          return watcher.news?.(owned(message.news) as NewsOf<N>);
        case 'result':
          return resolve(owned(message.result) as ResultOf<N>);
        case 'failure':
          return reject(asError(message.failure));
      }
    });
    child.on('error', (error) =>
      reject(new FailureError('internal', { reason: say('work.start', { reason: reasonOf(error) }) })),
    );
    // Comes after every message; rejecting a settled promise has no effect.
    child.on('close', (code, signal) => {
      clearTimeout(killer);
      if (killer) reject(new FailureError('cancelled'));
      else reject(new WorkEnded(code, signal));
    });
  });
  return {
    result,
    order: (order) => send(child, { kind: 'order', order }),
    cancel(seconds = GRACE.keeps) {
      if (killer || child.exitCode !== null || child.signalCode !== null) return;
      send(child, { kind: 'cancel' });
      patience = seconds;
      killLater();
    },
  };
}

/** Runs a task to its end; an aborted signal cancels it. Rejects as `Work.result` does. */
export async function runTask<N extends TaskName>(
  name: N,
  request: RequestOf<N>,
  { signal, ...watcher }: Watcher<NewsOf<N>> & { signal?: AbortSignal } = {},
): Promise<ResultOf<N>> {
  if (signal?.aborted) throw new FailureError('cancelled');
  const work = startTask(name, request, watcher);
  const cancel = (): void => work.cancel();
  signal?.addEventListener('abort', cancel);
  try {
    return await work.result;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function send(child: ChildProcess, message: ToWork): void {
  // A process that has just ended reports it by its exit.
  if (child.connected) child.send(message, () => undefined);
}
