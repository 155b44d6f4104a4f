import type { FloatArray } from '../../tensor';

interface LrnSettings {
  size: number;
  alpha: number;
  beta: number;
  bias: number;
}

/** How many channels before and after its own a unit reads. */
export function reachOf(size: number): { before: number; after: number } {
  return { before: Math.floor((size - 1) / 2), after: Math.ceil((size - 1) / 2) };
}

/** bias + alpha ÷ size · Σ x² around each channel of the pixel that starts at `at`. */
function bases({ size, alpha, bias }: LrnSettings, channels: number, x: FloatArray, at: number): Float64Array {
  const { before, after } = reachOf(size);
  return Float64Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = Math.max(0, c - before); i <= Math.min(channels - 1, c + after); i++) sum += x[at + i] ** 2;
    return bias + (alpha / size) * sum;
  });
}

/** y = x ÷ base^beta; pixels of `channels`. */
export function lrnForward<A extends FloatArray>(settings: LrnSettings, channels: number, x: A, y: A): void {
  for (let at = 0; at < x.length; at += channels)
    bases(settings, channels, x, at).forEach((base, c) => (y[at + c] = x[at + c] * base ** -settings.beta));
}

/** dx[j] += dy[j] · base[j]^−beta − 2 · alpha · beta ÷ size · x[j] · Σ dy[i] · x[i] · base[i]^(−beta − 1), over the i that read j. */
export function lrnBackward<A extends FloatArray>(settings: LrnSettings, channels: number, x: A, dy: A, dx: A): void {
  const { size, alpha, beta } = settings;
  const { before, after } = reachOf(size);
  for (let at = 0; at < x.length; at += channels) {
    const all = bases(settings, channels, x, at);
    const shares = all.map((base, i) => dy[at + i] * x[at + i] * base ** (-beta - 1));
    all.forEach((base, j) => {
      let sum = 0;
      for (let i = Math.max(0, j - after); i <= Math.min(channels - 1, j + before); i++) sum += shares[i];
      dx[at + j] += dy[at + j] * base ** -beta - ((2 * alpha * beta) / size) * x[at + j] * sum;
    });
  }
}
