import { join } from 'node:path';
import { FailureError } from '../../shared/failures';
import { dataFolder } from '../data-folder';

/**
 * The folder of a run. It may be gone by the time it is read.
 * @throws FailureError `run.invalid` for what is no run's id.
 */
export function runFolderOf(id: string): string {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id)) throw new FailureError('run.invalid', { run: id, reason: 'is no run' });
  return join(dataFolder(), 'runs', id);
}
