import type { TrainSettings } from '../../../../shared/training';
import { t } from '../../i18n/index.svelte';

/** The settings of a run that decide how it goes, in words: what is off is left out. */
export function settingRows(settings: TrainSettings): { name: string; value: string }[] {
  const { optimizer, schedule, augmentation } = settings;
  const rows: { name: string; value: string }[] = [
    { name: t('model.epochs'), value: String(settings.epochs) },
    { name: t('model.batch'), value: String(settings.batch) },
    { name: t('model.learningRate'), value: String(settings.learningRate) },
    { name: t('model.optimizer'), value: optimizer.kind },
  ];
  const add = (name: string, value: string | number): void => void rows.push({ name, value: String(value) });
  if (optimizer.kind === 'momentum' || optimizer.kind === 'nesterov') add(t('details.momentum'), optimizer.momentum);
  if (optimizer.weightDecay > 0) add(t('details.weightDecay'), optimizer.weightDecay);
  if (optimizer.clipNorm > 0) add(t('details.clip'), optimizer.clipNorm);
  const { kind, ...amounts } = schedule;
  const pairs = Object.entries(amounts).map(([name, value]) => `${name} ${value}`);
  add(t('details.schedule'), [t(`details.schedule.${kind}`), ...pairs].join(', '));
  if (settings.warmup > 0) add(t('details.warmup'), settings.warmup);
  if (settings.patience > 0) add(t('details.patience'), settings.patience);
  const varied = Object.entries(augmentation)
    .filter(([, value]) => value !== 0 && value !== 'none')
    .map(([name, value]) => `${name} ${value}`);
  add(t('details.augmentation'), varied.length > 0 ? varied.join(', ') : t('details.none'));
  add(t('details.normalize'), t(`details.normalize.${settings.normalize}`));
  add(t('details.initializer'), settings.initializer);
  add(t('model.seed'), settings.seed);
  return rows;
}
