import { insideOf, within } from '../../core/data/letterbox';
import type { KernelEnum } from 'sharp';
import type { Preprocessing } from '../../core/model/model';
import type { Fit } from '../../shared/protocol';
import type { Pixels } from './pixels';
import sharp from './sharp';

export interface FitSettings {
  height: number;
  width: number;
  fit: Fit;
  resize: Preprocessing['resize'];
}

/** What sharp calls each filter. */
const KERNELS: Record<Preprocessing['resize'], keyof KernelEnum> = {
  nearest: 'nearest',
  linear: 'linear',
  cubic: 'cubic',
  mitchell: 'mitchell',
  lanczos2: 'lanczos2',
  lanczos3: 'lanczos3',
};

/** A resized picture and its place in the network's input: all of it, or the part between a letterbox's bars. */
export interface Fitted {
  content: Pixels;
  top: number;
  left: number;
}

/**
 * Brings RGB pixels to the network's size. *Stretch* resizes both sides; *crop* takes the largest centered part of the
 * network's proportions, then resizes; *letterbox* resizes the whole to what fits, centered between bars (`frame` draws
 * them). Resizing is libvips's, on 8-bit sRGB values, with the model's kernel; a picture that has the size already is left
 * as it is.
 */
export async function fitContent(pixels: Pixels, settings: FitSettings): Promise<Fitted> {
  const { width, height, fit, resize } = settings;
  if (fit === 'crop')
    return { content: await resized(cropped(pixels, height, width), height, width, resize), top: 0, left: 0 };
  if (fit === 'stretch') return { content: await resized(pixels, height, width, resize), top: 0, left: 0 };
  const inside = insideOf(pixels, settings);
  return {
    content: await resized(pixels, inside.height, inside.width, resize),
    top: inside.top,
    left: inside.left,
  };
}

/** The largest centered part with the proportions of `width` × `height`. */
function cropped(pixels: Pixels, height: number, width: number): Pixels {
  const partWidth = within((pixels.height * width) / height, pixels.width);
  const partHeight = within((pixels.width * height) / width, pixels.height);
  if (partWidth === pixels.width && partHeight === pixels.height) return pixels;
  const top = Math.floor((pixels.height - partHeight) / 2);
  const left = Math.floor((pixels.width - partWidth) / 2);
  const data = new Uint8Array(partWidth * partHeight * pixels.channels);
  for (let y = 0; y < partHeight; y++) {
    const from = ((top + y) * pixels.width + left) * pixels.channels;
    data.set(pixels.data.subarray(from, from + partWidth * pixels.channels), y * partWidth * pixels.channels);
  }
  return { width: partWidth, height: partHeight, channels: pixels.channels, data };
}

/** Draws a letterbox's bars around the content, where it leaves room. */
export function frame(
  fitted: Fitted,
  size: { height: number; width: number },
  bars: readonly [number, number, number],
): Pixels {
  const { content, top, left } = fitted;
  const { height, width } = size;
  if (content.height === height && content.width === width) return content;
  const data = new Uint8Array(height * width * 3);
  for (let i = 0; i < data.length; i++) data[i] = bars[i % 3];
  for (let y = 0; y < content.height; y++) {
    const row = content.data.subarray(y * content.width * 3, (y + 1) * content.width * 3);
    data.set(row, ((top + y) * width + left) * 3);
  }
  return { width, height, channels: 3, data };
}

/** Both sides to the given length, for any proportions. */
export async function resized(
  pixels: Pixels,
  height: number,
  width: number,
  filter: FitSettings['resize'],
): Promise<Pixels> {
  if (pixels.width === width && pixels.height === height) return pixels;
  const raw = { width: pixels.width, height: pixels.height, channels: pixels.channels };
  const { data, info } = await sharp(pixels.data, { raw, limitInputPixels: false })
    .resize(width, height, { fit: 'fill', kernel: KERNELS[filter] })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, channels: info.channels as Pixels['channels'], data };
}
