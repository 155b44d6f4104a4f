/** Grey of an sRGB pixel, 0 … 255, as the network's input is made: 0.299 R + 0.587 G + 0.114 B. */
export function greyOf(r: number, g: number, b: number): number {
  return r === g && g === b ? r : 0.299 * r + 0.587 * g + 0.114 * b;
}
