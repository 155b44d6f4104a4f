import sharp from '../engine/image/sharp';
import { colormap, entryOf, ZERO } from '../shared/colormap';

/** The least side of an enlarged map, the side of one flat feature, and the gap between maps, in pixels. */
const LEAST_SIDE = 56;
const CELL = 14;
const GAP = 2;
const GAP_GRAY = 128;

/**
 * All maps of a layer side by side as a PNG: diverging colors centered on zero, ± the layer's largest value at the ends.
 * @param data a layer's output as files have it, of shape `[C, H, W]` or `[C]`.
 */
export async function layerPicture(data: Float32Array, shape: readonly number[]): Promise<Uint8Array> {
  const [maps, height, width] = shape.length === 3 ? shape : [shape[0], 1, 1];
  const flat = shape.length === 1;
  const zoom = flat ? CELL : Math.max(1, Math.ceil(LEAST_SIDE / Math.max(height, width)));
  const columns = Math.ceil(Math.sqrt((maps * height) / width));
  const rows = Math.ceil(maps / columns);
  const size = {
    width: columns * (width * zoom + GAP) + GAP,
    height: rows * (height * zoom + GAP) + GAP,
  };
  const scale = data.reduce((largest, value) => Math.max(largest, Math.abs(value) || 0), 0);
  const colors = colormap('light');
  const rgb = new Uint8Array(size.width * size.height * 3).fill(GAP_GRAY);
  for (let map = 0; map < maps; map++) {
    const top = GAP + Math.floor(map / columns) * (height * zoom + GAP);
    const left = GAP + (map % columns) * (width * zoom + GAP);
    for (let y = 0; y < height * zoom; y++) {
      for (let x = 0; x < width * zoom; x++) {
        const value = data[(map * height + Math.floor(y / zoom)) * width + Math.floor(x / zoom)];
        const entry = (scale > 0 ? entryOf(value, scale) : ZERO) * 3;
        rgb.set(colors.subarray(entry, entry + 3), ((top + y) * size.width + left + x) * 3);
      }
    }
  }
  return sharp(rgb, { raw: { ...size, channels: 3 }, limitInputPixels: false })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
