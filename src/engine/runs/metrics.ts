import type { MetricsLine, Score } from '../../shared/runs';
import { readTextIfThere } from '../system/files';
import { parseLine } from '../train/run-folder';

/** A summary of a run's metrics lines. */
export interface Summary {
  /** Epochs through. */
  epochs: number;
  /** The epoch whose weights are kept; null before the first has ended. */
  best: { epoch: number; validation: Score | null } | null;
  seconds: number;
}

export const nothingYet: Summary = { epochs: 0, best: null, seconds: 0 };

/** Adds a line. One that was counted already changes nothing. */
export function addLine(summary: Summary, line: MetricsLine): Summary {
  const seconds = Math.max(summary.seconds, line.seconds);
  if (line.type === 'step') return { ...summary, seconds };
  const { epoch, best, validation } = line;
  const epochs = Math.max(summary.epochs, epoch);
  return { epochs, seconds, best: best && epoch >= (summary.best?.epoch ?? 0) ? { epoch, validation } : summary.best };
}

/** Lines may arrive in order or overlap. */
export function joined(a: Summary, b: Summary): Summary {
  const best = (b.best?.epoch ?? 0) >= (a.best?.epoch ?? 0) ? b.best : a.best;
  return { epochs: Math.max(a.epochs, b.epochs), best, seconds: Math.max(a.seconds, b.seconds) };
}

/** The whole lines of `metrics.jsonl`; none where there is no such file. @throws FailureError `file.unreadable` */
export async function readMetrics(file: string): Promise<MetricsLine[]> {
  const text = (await readTextIfThere(file)) ?? '';
  // The text after the last line break is still being written, or was when the process was killed.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').flatMap((each) => parseLine(each) ?? []);
}
