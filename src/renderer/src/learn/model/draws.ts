import { drawUniform, keyOf } from '../../../../core/random';

/** Draw number `turn` of a stream: a whole number, 0 … below − 1. The same for the same numbers, so that a question is asked again alike. */
export const pick = (turn: number, below: number, stream: number): number =>
  Math.floor(drawUniform(keyOf(stream, turn), 0) * below);
