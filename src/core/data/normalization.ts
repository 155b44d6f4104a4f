import { flush } from '../kernels/reference/flush';
import type { Preprocessing } from '../model/model';

export type Normalization = Pick<Preprocessing, 'scale' | 'mean' | 'deviation'>;

/**
 * A lookup table of the network's input for every byte of every channel, `[256, C]`: (byte × scale − mean[c]) ÷
 * deviation[c], computed in doubles, kept in float32. Training, evaluation, Inspect and verification all take pixels
 * from here.
 */
export function normalizationTable({ scale, mean, deviation }: Normalization): Float32Array {
  const channels = mean.length;
  const table = new Float32Array(256 * channels);
  for (let value = 0; value < 256; value++) {
    for (let c = 0; c < channels; c++) table[value * channels + c] = flush((value * scale - mean[c]) / deviation[c]);
  }
  return table;
}

/** Interleaved bytes to float32 by a table. @param pixels `[…, C]`. @param out as long. */
export function normalize(pixels: Uint8Array, table: Float32Array, out: Float32Array): void {
  const channels = table.length / 256;
  for (let from = 0; from < pixels.length; from += channels) {
    for (let c = 0; c < channels; c++) out[from + c] = table[pixels[from + c] * channels + c];
  }
}
