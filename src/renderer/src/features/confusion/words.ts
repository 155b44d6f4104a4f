import { num, pct } from '../../format';
import { t } from '../../i18n/index.svelte';
import type { Cell } from './matrix';
import type { MatrixView } from './view';

export const signed = (value: number, places = 0): string => (value > 0 ? '+' : '') + num(value, places);

/** What a cell counts. */
export function cellText({ cells, difference }: MatrixView, labels: readonly string[], cell: Cell): string {
  const names = { truth: labels[cell.truth], predicted: labels[cell.predicted] };
  const value = cells[cell.truth][cell.predicted];
  return t('confusion.cell', { ...names, count: difference ? signed(value) : value });
}

/** The same with its share, for the status bar. */
export function cellProbe(view: MatrixView, labels: readonly string[], cell: Cell): string {
  const share = view.shares[cell.truth][cell.predicted];
  const part = view.difference
    ? t('confusion.points', { value: signed(share * 100, 1) })
    : t('confusion.ofRow', { share: pct(share), total: view.totals[cell.truth] });
  return `${cellText(view, labels, cell)}   ${part}`;
}

/** The recall of a class: its share of correct predictions, or how much two networks differ in it. */
export function recallText({ recall, difference }: MatrixView, truth: number): string {
  const value = recall[truth];
  if (value === null) return '–';
  return difference ? signed(value * 100, 1) : pct(value);
}
