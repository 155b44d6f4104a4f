import { turns } from '../engine/train/stopwatch';
import { SHORT_UPDATE } from '../engine/train/request';
import type { ProgressLine } from './progress-line';

/** Milliseconds after an interrupt until the command line says what it is waiting for. */
const TELL_AFTER = 1500;
/** Milliseconds that the last output may take, in case the disk or pipe is what hangs. */
const LAST_WORDS = 500;

/**
 * Handles Ctrl-C and SIGTERM while a network is trained; neither takes two seconds. While the data is read nothing can
 * be lost: the process says so and ends at once, even inside a read that never returns. Between short updates the first
 * signal asks for a stop at a checkpoint, the second ends at once. No signal is handled during an update: with long
 * updates, and before the length of the first is known, the signal's default action ends the process, and the last
 * checkpoint remains.
 */
export class Interruption {
  private readonly abort = new AbortController();
  private handler: NodeJS.SignalsListener | null = null;
  private leaving = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param farewell printed when it ends before anything was trained. */
  constructor(
    private readonly line: ProgressLine,
    private readonly farewell: () => Promise<void>,
  ) {
    this.handle(this.leave);
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** No signal is handled until the first update is done. */
  async deaf(): Promise<void> {
    await turns();
    if (this.leaving) return new Promise(() => undefined); // nothing more is started
    if (!this.signal.aborted) this.handle(null);
  }

  /** After each update. */
  async updated(seconds: number): Promise<void> {
    const short = seconds < SHORT_UPDATE;
    if (!short && this.handler) await turns();
    if (!this.signal.aborted) this.handle(short ? this.stop : null);
  }

  end(): void {
    clearTimeout(this.timer);
    this.handle(null);
  }

  private handle(handler: NodeJS.SignalsListener | null): void {
    if (handler === this.handler) return;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      if (this.handler) process.off(signal, this.handler);
      if (handler) process.on(signal, handler);
    }
    this.handler = handler;
  }

  private readonly leave = (signal: NodeJS.Signals): void => {
    this.handle(null);
    this.leaving = true;
    const late = new Promise((resolve) => setTimeout(resolve, LAST_WORDS));
    void Promise.race([this.farewell().catch(() => undefined), late]).then(() => this.die(signal));
  };

  private readonly stop = (signal: NodeJS.Signals): void => {
    // The last checkpoint remains.
    if (this.signal.aborted) return this.die(signal);
    this.abort.abort();
    const tell = (): void => this.line.say('stopping at a checkpoint; Ctrl-C once more ends at once');
    this.timer = setTimeout(tell, TELL_AFTER);
    this.timer.unref();
  };

  /** Not `process.exit`, which waits for reads that are under way. */
  private die(signal: NodeJS.Signals): void {
    this.end();
    this.line.end();
    process.kill(process.pid, signal);
  }
}
