import { FailureError } from '../../shared/failures';
import { DEFAULT_SETTINGS, type ComputeChoices, type ComputeSettings } from '../../shared/settings';
import { readSettings, writeSettings } from '../system/settings';
import { offeredProviders } from './provider';
import { forcedMemory, usualMemory } from './runner';

let offered: Promise<ComputeChoices['providers']> | null = null;

/** What is set, and what may be on this machine. @throws FailureError as `readSettings`. */
export async function computeChoices(): Promise<ComputeChoices> {
  const [settings, providers] = await Promise.all([readSettings(), (offered ??= offeredProviders())]);
  return {
    ...settings,
    providers,
    memoryDefault: Math.round(usualMemory() / 2 ** 20),
    memoryForced: forcedMemory(),
  };
}

/** Networks that are opened from now on follow it. What cannot be read is replaced. @throws FailureError `file.unwritable`. */
export async function changeSettings(change: Partial<ComputeSettings>): Promise<void> {
  const settings = await readSettings().catch((error: unknown) => {
    if (error instanceof FailureError && error.code === 'file.unreadable') return DEFAULT_SETTINGS;
    throw error;
  });
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  await writeSettings({ ...settings, ...given });
}
