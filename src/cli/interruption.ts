import type { ProgressLine } from './progress-line';

/** Milliseconds after which one who interrupts is told what is being waited for. */
const TELL_AFTER = 1500;

/**
 * Ctrl-C and SIGTERM while a network is trained: the first asks for a stop at a checkpoint, the second ends the process at once. Until
 * `listen` is called nothing is lost by an end, so the system's own takes place: at once, even inside a read that never returns.
 */
export class Interruption {
  private readonly abort = new AbortController();
  private listening = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly line: ProgressLine) {}

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  listen(): void {
    if (this.listening) return;
    this.listening = true;
    process.on('SIGINT', this.interrupt);
    process.on('SIGTERM', this.interrupt);
  }

  end(): void {
    clearTimeout(this.timer);
    process.off('SIGINT', this.interrupt);
    process.off('SIGTERM', this.interrupt);
  }

  private readonly interrupt = (signal: NodeJS.Signals): void => {
    if (this.signal.aborted) {
      // The last checkpoint stands. Not `process.exit`, which waits for reads that are under way.
      this.end();
      process.kill(process.pid, signal);
      return;
    }
    this.abort.abort();
    const tell = (): void => this.line.say('stopping at a checkpoint; Ctrl-C once more ends at once');
    this.timer = setTimeout(tell, TELL_AFTER);
    this.timer.unref();
  };
}
