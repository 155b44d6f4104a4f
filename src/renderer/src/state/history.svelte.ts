import { createSubscriber } from 'svelte/reactivity';
import type { MetricsLine } from '../../../shared/runs';

export type StepLine = Extract<MetricsLine, { type: 'step' }>;
export type EpochLine = Extract<MetricsLine, { type: 'epoch' }>;

/**
 * A run's metrics as they grow. The file's lines and the lines said meanwhile meet here, in any order: a line that is
 * there already is dropped. A run that goes on from a checkpoint says steps anew: what it said of them before, and of all
 * that came after, is gone.
 */
export class RunHistory {
  #steps: readonly StepLine[] = [];
  #epochs: readonly EpochLine[] = [];
  #lines: readonly MetricsLine[] | null = null;
  #loaded = false;
  /** What was said while the file was on its way. */
  #waiting: MetricsLine[] = [];
  #ticket = 0;
  #changed = (): void => {};
  readonly #subscribe = createSubscriber((update) => {
    this.#changed = update;
    return () => (this.#changed = () => {});
  });

  /** Every few updates, by step. */
  get steps(): readonly StepLine[] {
    this.#subscribe();
    return this.#steps;
  }

  /** By epoch. */
  get epochs(): readonly EpochLine[] {
    this.#subscribe();
    return this.#epochs;
  }

  /** All of them in order; null before the file has come. */
  get lines(): readonly MetricsLine[] | null {
    this.#subscribe();
    if (!this.#loaded) return null;
    this.#lines ??= [...this.#steps, ...this.#epochs].sort(inOrder);
    return this.#lines;
  }

  /** The file: everything up to some moment not long ago. What was asked for before the newest `reload` is out of date. */
  load(lines: readonly MetricsLine[], ticket: number): void {
    if (ticket !== this.#ticket) return;
    const waiting = this.#waiting;
    this.#steps = [];
    this.#epochs = [];
    this.#waiting = [];
    this.#loaded = true;
    this.#take(lines);
    this.#take(waiting);
    this.#touch();
  }

  /** Lines as they are said. */
  add(lines: readonly MetricsLine[]): void {
    if (!this.#loaded) this.#waiting.push(...lines);
    else {
      this.#take(lines);
      this.#touch();
    }
  }

  /** The file is asked for anew; what was known stays until it is there. Returns the ticket that `load` wants. */
  reload(): number {
    this.#loaded = false;
    this.#waiting = [];
    return ++this.#ticket;
  }

  #take(lines: readonly MetricsLine[]): void {
    const steps = [...this.#steps];
    const epochs = [...this.#epochs];
    for (const line of lines) {
      const same = line.type === 'step' ? lineAt(steps, line.step) : lineAt(epochs, line.step);
      if (same && same.step === line.step && same.seconds === line.seconds) continue;
      if (line.type === 'step') {
        while (steps.length > 0 && steps[steps.length - 1].step >= line.step) steps.pop();
        // An epoch's line follows its steps: one for the same step belongs to the way that is left.
        while (epochs.length > 0 && epochs[epochs.length - 1].step >= line.step) epochs.pop();
        steps.push(line);
      } else {
        while (epochs.length > 0 && epochs[epochs.length - 1].step >= line.step) epochs.pop();
        while (steps.length > 0 && steps[steps.length - 1].step > line.step) steps.pop();
        epochs.push(line);
      }
    }
    this.#steps = steps;
    this.#epochs = epochs;
  }

  #touch(): void {
    this.#lines = null;
    this.#changed();
  }
}

const inOrder = (a: MetricsLine, b: MetricsLine): number =>
  a.step - b.step || (a.type === b.type ? 0 : a.type === 'step' ? -1 : 1);

/** The first line at or behind a step, in lines sorted by step. */
function lineAt<T extends { step: number }>(lines: readonly T[], step: number): T | null {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle].step < step) low = middle + 1;
    else high = middle;
  }
  return lines[low] ?? null;
}
