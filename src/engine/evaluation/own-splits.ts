import { say } from '../../words';
import { dataFailure } from '../data/failure';
import type { LoadedData } from '../data/load';
import { chooseSplit, type ChosenSplits } from '../train/evaluate';
import { withValidation } from '../train/prepare';
import type { RunRecord } from '../train/run-record';

/**
 * What a run's data holds that the run never learned from: its test split, else the pictures that it validated on, which for
 * data without such a split are drawn again as the run drew them. Of a run that validated on nothing, what it learned from.
 * @param wanted one of the run's own splits instead. @throws FailureError where the run validated on nothing.
 */
export function ownSplits(
  { settings, data }: Pick<RunRecord, 'settings' | 'data'>,
  loaded: LoadedData,
  wanted?: 'train' | 'validation',
): ChosenSplits {
  if (!wanted && loaded.test) return chooseSplit(loaded, 'test', data.path);
  const { train, validation } = withValidation(loaded, settings, { say: () => undefined });
  const drawn = loaded.validation === null && validation !== null;
  if (wanted === 'validation' && !validation)
    throw dataFailure(data.path, say('evaluation.no-split', { part: say('folders.part.validation') }));
  return validation && wanted !== 'train'
    ? { name: 'validation', splits: [validation], drawn }
    : { name: 'train', splits: [train], drawn };
}

/** @throws FailureError if the run's pictures must be drawn again and its data has changed: they would be different ones. */
export function checkUnchanged({ data }: Pick<RunRecord, 'data'>, loaded: LoadedData): void {
  if (loaded.fingerprint !== data.fingerprint) throw dataFailure(data.path, say('evaluation.changed'));
}
