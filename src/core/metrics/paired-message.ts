import { accuracyDifference, mcnemar, type PairedCounts } from './paired';
import { say, type Message } from '../../words';

/** From this p-value on a difference is called open: the usual 5 %. */
const LEVEL = 0.05;

/** What the pictures tell of two networks: the one that is right more often first, and no more than can be said. */
export function pairedMessage(a: string, b: string, counts: PairedCounts): Message {
  const { both, onlyA, onlyB, neither } = counts;
  const images = both + onlyA + onlyB + neither;
  if (onlyA === 0 && onlyB === 0) return say('evaluation.difference.none', { a, b, images });
  if (onlyB > onlyA) return pairedMessage(b, a, { both, onlyA: onlyB, onlyB: onlyA, neither });
  const p = mcnemar(counts);
  const { difference, low, high } = accuracyDifference(counts);
  const [points, from, to] = [difference, low, high].map((share) => (100 * share).toFixed(2));
  const values = { a, b, images, onlyA, onlyB, points, from, to, p: p < 0.0001 ? '< 0.0001' : `= ${p.toPrecision(2)}` };
  return say(p < LEVEL ? 'evaluation.difference.told' : 'evaluation.difference.open', values);
}
