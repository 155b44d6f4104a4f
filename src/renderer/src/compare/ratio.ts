import type { NetworkDiff } from '../../../shared/diff';
import { measured } from '../format';
import { t } from '../i18n/index.svelte';

/** A signal-to-noise ratio for people. */
export const ratioText = (snr: number | null): string => (snr === null ? t('values.same') : `${snr.toFixed(1)} dB`);

/** A difference for people; where only one of the numbers is finite it is infinite. */
export const differenceText = (value: number): string => (Number.isFinite(value) ? measured(value) : '∞');

/** What of the plot stands for no difference: above the highest ratio that float32 leaves. */
export const TOP = 160;

/** Where a ratio lies between 0 (top, no difference) and 1 (0 dB or less). */
export const depthOf = (snr: number | null): number =>
  snr === null ? 0 : 1 - Math.min(TOP - 10, Math.max(0, snr)) / TOP;

/** Where a value stands after a key on the plot; null for a key that is not the plot's. */
export function keyed(key: string, at: number, { tensors, begins }: NetworkDiff): number | null {
  const to: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    PageUp: at - 10,
    PageDown: at + 10,
    Home: 0,
    End: tensors.length - 1,
    Enter: begins ?? at,
  };
  return key in to ? Math.max(0, Math.min(tensors.length - 1, to[key])) : null;
}
