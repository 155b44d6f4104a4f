import type { FloatArray } from '../../tensor';

/** Calls `visit` for every unit of y, with the index in `x` of the piece that wins: the first NaN if there is one, on a tie the first. */
function eachWinner<A extends FloatArray>(
  pieces: number,
  channels: number,
  x: A,
  visit: (out: number, winner: number) => void,
): void {
  const size = x.length / pieces;
  for (let out = 0; out < size; out++) {
    const channel = out % channels;
    let best = (out - channel) * pieces + channel;
    for (let piece = 1, index = best; piece < pieces; piece++) {
      index += channels;
      if (x[index] > x[best] || (Number.isNaN(x[index]) && !Number.isNaN(x[best]))) best = index;
    }
    visit(out, best);
  }
}

/** y[c] = max over the pieces j of x[j · channels + c], place by place: x `[…, pieces · channels]`, y `[…, channels]`. */
export function maxoutForward<A extends FloatArray>(pieces: number, channels: number, x: A, y: A): void {
  eachWinner(pieces, channels, x, (out, winner) => (y[out] = x[winner]));
}

/** dx[winner] += dy. */
export function maxoutBackward<A extends FloatArray>(pieces: number, channels: number, x: A, dy: A, dx: A): void {
  eachWinner(pieces, channels, x, (out, winner) => (dx[winner] += dy[out]));
}
