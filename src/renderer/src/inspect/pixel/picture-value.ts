/** Gray of an sRGB pixel, 0 … 255, as the network's input is made: 0.299 R + 0.587 G + 0.114 B, rounded to a byte. */
export function grayOf(r: number, g: number, b: number): number {
  return Math.round((299 * r + 587 * g + 114 * b) / 1000);
}
