import type { TrainSettings } from '../../../../shared/training';
import { language, t, type Key } from '../../i18n/index.svelte';

const comma = (): string => (language.current === 'zh' ? '，' : ', ');

/** A setting within a sentence: `shift 2`. */
const amount = (name: Key, value: string | number): string => `${t(name).toLowerCase()} ${value}`;

/** What a schedule's amounts are called. */
const amountKeys = {
  every: 'setup.set.every',
  factor: 'setup.set.stepFactor',
  final: 'setup.set.final',
} as const;

/** The settings of a run that decide how it goes, in words: what is off is left out. */
export function settingRows(settings: TrainSettings): { name: string; value: string }[] {
  const { optimizer, schedule, augmentation } = settings;
  const rows: { name: string; value: string }[] = [
    { name: t('model.epochs'), value: String(settings.epochs) },
    { name: t('model.batch'), value: String(settings.batch) },
    { name: t('model.learningRate'), value: String(settings.learningRate) },
    { name: t('model.optimizer'), value: t(`setup.choice.optimizer.${optimizer.kind}`) },
  ];
  const add = (name: string, value: string | number): void => void rows.push({ name, value: String(value) });
  if (optimizer.kind === 'momentum' || optimizer.kind === 'nesterov') add(t('details.momentum'), optimizer.momentum);
  if (optimizer.weightDecay > 0) add(t('details.weightDecay'), optimizer.weightDecay);
  if (optimizer.clipNorm > 0) add(t('details.clip'), optimizer.clipNorm);
  const { kind, ...amounts } = schedule;
  const pairs = Object.entries(amounts).map(([name, value]) =>
    amount(amountKeys[name as keyof typeof amountKeys], value),
  );
  add(t('details.schedule'), [t(`details.schedule.${kind}`), ...pairs].join(comma()));
  if (settings.warmup > 0) add(t('details.warmup'), settings.warmup);
  if (settings.patience > 0) add(t('details.patience'), settings.patience);
  const varied = Object.entries(augmentation)
    .filter(([, value]) => value !== 0 && value !== 'none')
    .map(([name, value]) => {
      const shown = name === 'flip' ? t(`setup.choice.flip.${value as typeof augmentation.flip}`) : value;
      return amount(`setup.set.${name as keyof typeof augmentation}`, shown);
    });
  add(t('details.augmentation'), varied.length > 0 ? varied.join(comma()) : t('details.none'));
  add(t('details.normalize'), t(`details.normalize.${settings.normalize}`));
  add(t('details.initializer'), t(`setup.choice.initializer.${settings.initializer}`));
  add(t('model.seed'), settings.seed);
  return rows;
}
