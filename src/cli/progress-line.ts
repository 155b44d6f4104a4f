import { printable } from '../words/printable';
import type { RunProgress } from '../shared/runs';
import type { Io } from './command';
import { percent, thousands } from './table';

/** Without a terminal, lines come this many milliseconds apart. */
const LOG_EVERY = 10_000;

/**
 * One line on standard error that is overwritten; other lines push it down. If standard error is a file, a line every
 * few seconds.
 */
export class ProgressLine {
  private readonly live = process.stderr.isTTY === true;
  private shown = false;
  private last = performance.now();
  private counted = { what: '', since: 0, shown: 0 };

  constructor(private readonly io: Io) {}

  say(text: string): void {
    this.clear();
    this.io.warn(text);
  }

  show(progress: RunProgress): void {
    this.write(words(progress));
  }

  /** Counted work with the time left. */
  count(what: string, done: number, total: number): void {
    const now = performance.now();
    if (what !== this.counted.what) this.counted = { what, since: now, shown: now };
    if (now - this.counted.shown < 200) return;
    this.counted.shown = now;
    const rate = done / ((now - this.counted.since) / 1000);
    this.write(
      `${what} ${thousands(done)} of ${thousands(total)}, ${thousands(Math.round(rate))} images/s, ${duration((total - done) / rate)} left`,
    );
  }

  private write(text: string): void {
    if (this.live) {
      process.stderr.write(`\r\x1b[K${printable(text).slice(0, (process.stderr.columns || 80) - 1)}`);
      this.shown = true;
    } else if (performance.now() - this.last >= LOG_EVERY) {
      this.last = performance.now();
      this.io.warn(text);
    }
  }

  end(): void {
    this.clear();
  }

  private clear(): void {
    if (this.shown) process.stderr.write('\r\x1b[K');
    this.shown = false;
  }
}

function words({ phase, epoch, epochs, done, total, imagesPerSecond, secondsLeft, score }: RunProgress): string {
  const speed = `${thousands(Math.round(imagesPerSecond))} images/s`;
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
  if (phase === 'reading') return `reading pictures: ${thousands(done)} of ${thousands(total)}, ${speed}${left}`;
  if (phase === 'features') return `computing features: ${thousands(done)} of ${thousands(total)}, ${speed}${left}`;
  const share = `${Math.floor((100 * done) / Math.max(1, total))} %`;
  if (phase !== 'training') return `epoch ${epoch}/${epochs} ${phase} ${share}${left}`;
  const figures = score ? `, loss ${score.loss.toFixed(4)}, accuracy ${percent(score.accuracy)}` : '';
  return `epoch ${epoch}/${epochs} ${share}${figures}, ${speed}${left}`;
}

/** 75 as `1:15`, 3700 as `1:01:40`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
