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
 * What a task has to do with the process that asked for it. `News` go up, `Orders` come down; most tasks have neither.
 */
export interface WorkHost<News = never, Order = never> {
  progress(done: number, total: number, phase?: string): void;
  /** A line for people. */
  say(message: Message): void;
  tell(news: News): void;
  /** One listener; orders that came before it was named are handed to it at once. */
  onOrder(listener: (order: Order) => void): void;
  /**
   * From now on something is lost where the process is ended at once: who cancels it gives it time to stop, and so do SIGTERM and
   * Ctrl-C once it `hears` of them. Before, and in a task that never says so, they end it on the spot, whatever it is doing.
   */
  keeps(): void;
  /** Whether a task that keeps something hears soon that it shall stop; while it does not, SIGTERM and Ctrl-C end it on the spot, too. */
  hears(soon: boolean): Promise<void>;
  /** Aborted (FailureError `cancelled`) where nobody wants the result any more, or nobody is left to take it. */
  signal: AbortSignal;
}

/** Long work. Request, news and result cross between processes: data, no functions. */
export type Task<Request, Result, News = never, Order = never> = (
  request: Request,
  host: WorkHost<News, Order>,
) => Promise<Result>;
