import { setImmediate as turn } from 'node:timers/promises';

/** Milliseconds between two turns of the event loop (signals, messages) and between two progress reports. */
const TURN = 20;
const REPORT = 200;

/** Seconds of a run, and images trained on in one. */
export interface Pace {
  seconds: number;
  imagesPerSecond: number;
}

/**
 * Lets pending events be handled. It takes two turns, because a signal is delivered in the turn after the one that
 * notices it.
 */
export async function turns(): Promise<void> {
  await turn();
  await turn();
}

/** The clock of a run: elapsed time, speed, and when something is due. No model depends on it. */
export class Stopwatch {
  private begun = performance.now();
  private lastSaved = this.begun;
  private lastTurn = this.begun;
  private lastReport = -Infinity;
  private lastShown = -Infinity;
  private lastStep = this.begun;
  private images = 0;
  private training = 0;

  /** @param before of earlier processes. */
  constructor(private readonly before: Pace = { seconds: 0, imagesPerSecond: 0 }) {}

  /** Seconds of the run, earlier processes included. */
  seconds(): number {
    return this.before.seconds + (performance.now() - this.begun) / 1000;
  }

  /** After each update: its pictures, and the time since the last thing that was timed. @returns that time in seconds. */
  trained(images: number): number {
    const now = performance.now();
    const took = now - this.lastStep;
    this.images += images;
    this.training += took;
    this.lastStep = now;
    return took / 1000;
  }

  /** Waits for something outside the run; that time does not count. */
  async apart(wait: () => Promise<void>): Promise<void> {
    const from = performance.now();
    await wait();
    this.begun += performance.now() - from;
    this.resume();
  }

  /** After work that is no training: its time does not count. */
  resume(): void {
    this.lastStep = performance.now();
  }

  /** The speed of this process, or of the earlier ones while this one has trained nothing yet. */
  figures(): Pace {
    const rate = this.training > 0 ? this.images / (this.training / 1000) : this.before.imagesPerSecond;
    return { seconds: round(this.seconds()), imagesPerSecond: round(rate) };
  }

  saved(): void {
    this.lastSaved = performance.now();
  }

  sinceSaved(): number {
    return (performance.now() - this.lastSaved) / 1000;
  }

  shown(): void {
    this.lastShown = performance.now();
  }

  /** Seconds since something was shown for the last time; infinite before the first. */
  sinceShown(): number {
    return (performance.now() - this.lastShown) / 1000;
  }

  /** Whether a progress report is due; asking counts as reporting. */
  due(): boolean {
    const now = performance.now();
    if (now - this.lastReport < REPORT) return false;
    this.lastReport = now;
    return true;
  }

  /** Lets signals and messages in from time to time. What happens here is not training: its time does not count. @returns whether a report is due. */
  async pause(): Promise<boolean> {
    if (performance.now() - this.lastTurn > TURN) {
      await turn();
      this.lastTurn = performance.now();
    }
    const due = this.due();
    this.resume();
    return due;
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
