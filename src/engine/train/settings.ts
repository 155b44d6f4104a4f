import { resolveSettings, SettingError, type TrainOptions, type TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';

/** The settings that options come to, defaults filled in. @throws FailureError `train.invalid` */
export function settingsOf(options: TrainOptions): TrainSettings {
  try {
    return resolveSettings(options);
  } catch (error) {
    if (error instanceof SettingError) throw new FailureError('train.invalid', { reason: error.reason });
    throw error;
  }
}
