import type { TrainOptions, TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import { headOptions } from '../../shared/network-choice';
import { say } from '../../words';
import { settingsOf } from '../train/settings';

/** What a head is trained with. @throws FailureError `train.invalid` for settings that vary the pictures, and as `settingsOf`. */
export function headSettings(options: TrainOptions): TrainSettings {
  const settings = settingsOf({ ...headOptions, ...options });
  const { augmentation, expand } = settings;
  if (expand !== 'none' || Object.values(augmentation).some((value) => value !== 0 && value !== 'none'))
    throw new FailureError('train.invalid', { reason: say('head.no-augmentation') });
  return settings;
}
