/**
 * Color pictures that lie plane by plane and column by column, MATLAB's order, as `[count, height, width, 3]`.
 * @param data `[count, 3, width, height]`.
 */
export function fromColumns(
  data: Uint8Array,
  { count, height, width }: { count: number; height: number; width: number },
): Uint8Array<ArrayBuffer> {
  const size = height * width * 3;
  const pixels = new Uint8Array(count * size);
  let from = 0;
  for (let picture = 0; picture < count; picture++)
    for (let channel = 0; channel < 3; channel++)
      for (let column = 0; column < width; column++)
        for (let row = 0; row < height; row++)
          pixels[picture * size + (row * width + column) * 3 + channel] = data[from++];
  return pixels;
}
