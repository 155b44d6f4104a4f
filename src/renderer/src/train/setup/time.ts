import { t } from '../../i18n/index.svelte';

/** `40 s left`, from two minutes on in minutes. */
export function timeLeft(seconds: number): string {
  if (seconds >= 5400) return t('setup.left.hours', { hours: (seconds / 3600).toFixed(1) });
  if (seconds >= 120) return t('setup.left.minutes', { minutes: Math.round(seconds / 60) });
  return t('model.left', { seconds: Math.max(1, Math.round(seconds)) });
}
