import type { Model } from '../../core/model/model';
import { augmentOfText, scheduleOfText } from '../../core/train/options';
import { resolveSettings, type TrainOptions, type TrainSettings } from '../../core/train/settings';

/**
 * How a network was trained, for scripts that train on: a run's own settings, else what its file says of them, else the defaults.
 * @param kept of the run. @throws SettingError for a file whose record names what no setting knows.
 */
export function settingsFor({ metadata }: Model, kept: TrainSettings | null): TrainSettings {
  const { training } = metadata;
  if (kept || !training) return kept ?? resolveSettings({});
  const { epochs, batch, optimizer, learningRate: lr, schedule, seed, augmentation } = training;
  const [expands, varies] = [true, false].map((is) => augmentation.filter((text) => text.startsWith('expand=') === is));
  const options: TrainOptions = {
    epochs,
    batch,
    optimizer,
    lr,
    schedule: scheduleOfText(schedule),
    seed,
    augment: augmentOfText(varies.join()),
    ...(expands.length > 0 && { expand: 'shifts' }),
  };
  return resolveSettings(options);
}
