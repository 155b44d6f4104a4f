import type { Explanation, Window } from '../../../../shared/explanation';

/** The one layer that a unit reads, −1 the input; null where branches join. */
export function sourceOf({ body }: Pick<Explanation, 'body'>): number | null {
  switch (body.kind) {
    case 'conv':
    case 'maxpool':
    case 'avgpool':
      return body.window.source;
    case 'add':
      return null;
    default:
      return body.source;
  }
}

/** The window on the source: its own, the whole map for a dense unit folded back to maps, none for the others. */
export function windowOf(
  { body }: Pick<Explanation, 'body'>,
  folded: readonly [number, number, number] | null,
): Window | null {
  if (body.kind === 'conv' || body.kind === 'maxpool' || body.kind === 'avgpool') return body.window;
  if (body.kind !== 'dense' || !folded || folded[1] * folded[2] === 1) return null;
  return { source: body.source, top: 0, left: 0, height: folded[1], width: folded[2], dilation: [1, 1] };
}
