import type { Preprocessing } from '../../core/model/model';
import type { Pixels } from './pixels';

/**
 * Grey of an sRGB pixel: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) on the sRGB values, not rounded. In thousandths,
 * so that a grey pixel keeps exactly its own value.
 */
export const grey = (red: number, green: number, blue: number): number => (299 * red + 587 * green + 114 * blue) / 1000;

/**
 * What the network gets: RGB pixels to `[H, W, C]` float32, input = (pixel × scale − mean[c]) ÷ deviation[c], grey first
 * where the network is grey, 255 − pixel where it is inverted.
 */
export function toInput(
  pixels: Pick<Pixels, 'width' | 'height' | 'data'>,
  preprocessing: Pick<Preprocessing, 'colour' | 'scale' | 'mean' | 'deviation'>,
  inverted = false,
): Float32Array {
  const { data } = pixels;
  const { scale, mean, deviation } = preprocessing;
  const count = pixels.width * pixels.height;
  const channels = preprocessing.colour === 'grey' ? 1 : 3;
  const input = new Float32Array(count * channels);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) {
      const value = channels === 1 ? grey(data[3 * i], data[3 * i + 1], data[3 * i + 2]) : data[3 * i + c];
      input[i * channels + c] = ((inverted ? 255 - value : value) * scale - mean[c]) / deviation[c];
    }
  }
  return input;
}

/**
 * Whether inverting is suggested: a grey network trained on bright things on a dark ground meets a picture whose ground
 * is bright, or the other way round. The picture's ground is the median grey of its border, and most of the picture
 * must be on the same side of the middle. Colours are never suggested to be inverted: that would change their hue.
 */
export function suggestInvert(pixels: Pixels, preprocessing: Pick<Preprocessing, 'colour' | 'ground'>): boolean {
  if (preprocessing.colour !== 'grey' || preprocessing.ground === 'mixed') return false;
  const { width, height, data } = pixels;
  const border: number[] = [];
  let bright = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const value = grey(data[at], data[at + 1], data[at + 2]);
      if (value > 127.5) bright++;
      if (y === 0 || x === 0 || y === height - 1 || x === width - 1) border.push(value);
    }
  }
  border.sort((a, b) => a - b);
  const ground = border[border.length >> 1];
  const share = bright / (width * height);
  return preprocessing.ground === 'dark' ? ground > 127.5 && share > 0.5 : ground < 127.5 && share < 0.5;
}
