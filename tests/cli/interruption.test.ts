import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interruption } from '../../src/cli/interruption';
import { ProgressLine } from '../../src/cli/progress-line';

/** Who hears the signals: nobody means that the system ends the process on the spot. */
const line = new ProgressLine({ print: () => undefined, warn: () => undefined, setExitCode: () => undefined });
let interruption: Interruption;
let before: number;
const heard = (): number => process.listenerCount('SIGTERM') - before;
beforeEach(() => {
  before = process.listenerCount('SIGTERM');
  interruption = new Interruption(line, () => Promise.resolve());
});
afterEach(() => interruption.end());

describe('an interruption', () => {
  it('is heard while data is read and between short updates, and left to the system while nothing could hear it', async () => {
    expect(heard()).toBe(1);
    await interruption.deaf();
    expect(heard()).toBe(0);
    await interruption.updated(0.01);
    expect(heard()).toBe(1);
    await interruption.updated(7);
    expect(heard()).toBe(0);
    await interruption.updated(0.01);
    expect(heard()).toBe(1);
    interruption.end();
    expect(heard()).toBe(0);
  });

  it('that came during a long update is heard after it: the run stops at a checkpoint', async () => {
    await interruption.updated(0.01);
    // As the system tells it: in a turn after the update.
    setImmediate(() => process.emit('SIGTERM'));
    await interruption.updated(7);
    expect(interruption.signal.aborted).toBe(true);
    expect(heard()).toBe(1); // a second one ends at once
  });
});
