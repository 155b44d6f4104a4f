import type { Explanation, Window } from '../../../../core/explain/types';

/** The one layer that a unit reads, −1 the input; null where branches join. */
export function sourceOf({ body }: Pick<Explanation, 'body'>): number | null {
  return body.kind === 'join' ? null : body.source;
}

/** The window on the source: its own, the whole map for a sum over all features folded back to maps, none for the others. */
export function windowOf(
  { body }: Pick<Explanation, 'body'>,
  folded: readonly [number, number, number] | null,
): Window | null {
  if ('window' in body && body.window) return body.window;
  if (body.kind !== 'sum' || !folded || folded[1] * folded[2] === 1) return null;
  const [, height, width] = folded;
  return { source: body.source, top: 0, left: 0, height, width, stride: [1, 1], dilation: [1, 1] };
}
