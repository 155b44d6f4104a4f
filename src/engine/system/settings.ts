import { join } from 'node:path';
import { computeSettings, DEFAULT_SETTINGS, type ComputeSettings } from '../../shared/settings';
import { say } from '../../words';
import { dataFolder } from './data-folder';
import { writeFileAtomically } from './files';
import { keptJson } from './kept-json';

/** A larger file is damage. */
const LONGEST = 2 ** 16;

const pathOf = (): string => join(dataFolder(), 'settings.json');

/** What was set in the app's window. @throws FailureError `file.unreadable` for a file that cannot be read as settings. */
export const readSettings = async (): Promise<ComputeSettings> =>
  (await keptJson(pathOf(), computeSettings, LONGEST, (reason) => say('settings.damaged', { reason }))) ??
  DEFAULT_SETTINGS;

/** @throws FailureError `file.unwritable`. */
export const writeSettings = (settings: ComputeSettings): Promise<void> =>
  writeFileAtomically(pathOf(), JSON.stringify(settings));
