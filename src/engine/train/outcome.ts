import type { RunRecord } from './run-record';

/** How a training ended. */
export interface TrainOutcome {
  /** `untouched`: it was finished already. */
  end: 'finished' | 'stopped' | 'untouched';
  record: RunRecord;
}
