import type { Failure } from '../../shared/failures';
import type { Message } from '../../words';

/** To a work process: its task, once; then orders of the task's own, and at most one `cancel`. */
export type ToWork =
  { kind: 'start'; task: string; request: unknown } | { kind: 'order'; order: unknown } | { kind: 'cancel' };

/** From a work process: `ready` once; `keeps` where the task does (see `WorkHost`); what the task tells while it runs; one result or failure, then it ends. */
export type FromWork =
  | { kind: 'ready' }
  | { kind: 'keeps' }
  | { kind: 'progress'; done: number; total: number; phase: string | null }
  | { kind: 'say'; message: Message }
  | { kind: 'news'; news: unknown }
  | { kind: 'result'; result: unknown }
  | { kind: 'failure'; failure: Failure };

/**
 * The connection of a task with the process that asked for it. `News` go to that process, `Orders` come from it; most
 * tasks have neither.
 */
export interface WorkHost<News = never, Order = never> {
  progress(done: number, total: number, phase?: string): void;
  /** A log line. */
  say(message: Message): void;
  tell(news: News): void;
  /** One listener; orders that arrived before it was set are passed to it at once. */
  onOrder(listener: (order: Order) => void): void;
  /**
   * From now on, ending the process at once would lose work: cancelling gives it time to stop, and so do SIGTERM and
   * Ctrl-C once it `hears` them. Before that, and in a task that never calls this, they end it immediately.
   */
  keeps(): void;
  /**
   * Whether a task with work to keep currently reacts to stop requests; while it does not, SIGTERM and Ctrl-C end it
   * immediately, too.
   */
  hears(soon: boolean): Promise<void>;
  /** Aborted (FailureError `cancelled`) when the result is no longer wanted, or the process that wanted it is gone. */
  signal: AbortSignal;
}

/** Long work. Request, news and result cross between processes: data, no functions. */
export type Task<Request, Result, News = never, Order = never> = (
  request: Request,
  host: WorkHost<News, Order>,
) => Promise<Result>;
