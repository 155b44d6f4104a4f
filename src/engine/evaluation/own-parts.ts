import { dataFailure } from '../data/failure';
import type { LoadedData } from '../data/load';
import type { ChosenParts } from '../train/evaluate';
import { withValidation } from '../train/prepare';
import type { RunRecord } from '../train/run-folder';

/**
 * What a run's data holds that the run never learned from: its test part, else the pictures that it validated on, which for
 * data without such a part are drawn again as the run drew them. Of a run that validated on nothing, what it learned from.
 */
export function ownParts(record: Pick<RunRecord, 'settings'>, loaded: LoadedData): ChosenParts {
  if (loaded.test) return { name: 'test', parts: [loaded.test] };
  const { train, validation } = withValidation(loaded, record.settings, { say: () => undefined });
  return validation ? { name: 'validation', parts: [validation] } : { name: 'train', parts: [train] };
}

/** @throws FailureError where the run's pictures are to be drawn again and its data has changed: they would be others. */
export function checkUnchanged({ data }: Pick<RunRecord, 'data'>, loaded: LoadedData): void {
  if (loaded.test || loaded.validation || loaded.fingerprint === data.fingerprint) return;
  throw dataFailure(
    data.path,
    'has changed since the run learned from it: which pictures it did not see cannot be told any more',
  );
}
