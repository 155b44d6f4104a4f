import type { Quantized } from '../../core/explain/types';

/** What whole numbers of a type may be. */
export const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint4: [0, 15],
  int4: [-8, 7],
};

/** Rounded, halves to the even neighbor. */
export function even(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low;
}

/** clamp(round(x ÷ scale) + zero, low, high), with the quotient in float32, as it is computed. */
export const quantize = (x: number, { scale, zero, low, high }: NonNullable<Quantized['output']>): number =>
  Math.max(low, Math.min(high, even(Math.fround(x / scale)) + zero));

/** What a quantized sum goes on as. onnxruntime multiplies whole sums by one float32, the product of the scales ÷ the output's. */
export function requantized({ sum, factor, shift, output }: Quantized): number {
  if (!output) return sum * factor + shift;
  if (factor === 1) return quantize(sum + shift, output);
  const { scale, zero, low, high } = output;
  const multiplier = Math.fround(Math.fround(factor) / scale);
  return Math.max(low, Math.min(high, even(Math.fround(Math.fround(sum) * multiplier)) + zero));
}
