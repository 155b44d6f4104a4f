import type { Range } from './points';

/**
 * The part of `whole` that is `factor` times what is seen now, about one place; null where that is all of it again. What is
 * too little to be told apart stays as it is.
 */
export function zoomed(whole: Range, zoom: Range | null, about: number, factor: number): Range | null {
  const { min, max } = zoom ?? whole;
  const from = Math.max(whole.min, about - (about - min) * factor);
  const to = Math.min(whole.max, about + (max - about) * factor);
  if (from <= whole.min && to >= whole.max) return null;
  return to - from > (whole.max - whole.min) / 1e5 ? { min: from, max: to } : zoom;
}

/**
 * The place that a key moves the reading to, of the sorted `xs` those between `min` and `max`: ← → one by one, with Shift ten,
 * Home and End. Without a reading it begins at the end that is moved away from. Null where the key is no such key or nothing is seen.
 */
export function movedTo(
  xs: ArrayLike<number>,
  { min, max }: Range,
  read: number | null,
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
): number | null {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step === undefined && key !== 'Home' && key !== 'End') return null;
  const seen = Array.from(xs).filter((x) => x >= min && x <= max);
  const last = seen.length - 1;
  if (last < 0) return null;
  if (step === undefined) return seen[key === 'Home' ? 0 : last];
  if (read === null) return seen[step === 1 ? 0 : last];
  const at = seen.findIndex((x) => x >= read);
  // Read beyond what is seen now: on from its end.
  if (at < 0) return seen[last];
  return seen[Math.max(0, Math.min(last, at + step * (shiftKey ? 10 : 1)))];
}
