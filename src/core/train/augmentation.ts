import { drawUniform, keyOf, stream, type Key } from '../random';

/** How training pictures are varied. Zero, or `none`, is off. */
export interface Augmentation {
  /** Largest shift in pixels, along each axis, by whole pixels. */
  shift: number;
  flip: 'none' | 'horizontal' | 'vertical' | 'both';
  /** Largest share of the sides that is cut away, 0 … 1; what is left fills the picture again. */
  crop: number;
  /** Largest angle in degrees, either way. */
  rotate: number;
  /** Largest share by which the picture grows or shrinks, 0 … 1. */
  scale: number;
  /** Largest share by which values grow or shrink, 0 … 1. */
  brightness: number;
}

export const noAugmentation: Augmentation = { shift: 0, flip: 'none', crop: 0, rotate: 0, scale: 0, brightness: 0 };

/** What shows where the picture was moved away: a value for every channel, or the picture's own edge. */
export type Ground = number | 'edge';

export interface Frame {
  height: number;
  width: number;
  channels: number;
}

/** Every use has its own counters, so that switching one on does not change the draws of the others. */
const counter = {
  shiftX: 0,
  shiftY: 1,
  flipX: 2,
  flipY: 3,
  crop: 4,
  cropX: 5,
  cropY: 6,
  rotate: 7,
  scale: 8,
  brightness: 9,
} as const;

/** Maps a place in the new picture to one in the old: x ↦ a·x + b·y + c, y ↦ d·x + e·y + f, pixel centers at whole numbers. */
interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
}

/** A drawn map, and whether it reads from a cropped part of the picture. */
interface Drawn extends Affine {
  cropped: boolean;
}

/**
 * Varies one picture. What is drawn depends on (seed, epoch, sample) alone.
 * @param pixels `[H, W, C]` bytes. @param out `[H, W, C]` values 0 … 255, not rounded.
 */
export function augment(
  settings: Augmentation,
  pixels: Uint8Array,
  frame: Frame,
  ground: Ground,
  seed: number,
  epoch: number,
  sample: number,
  out: Float32Array,
): void {
  const key = keyOf(seed, stream.augmentation, epoch, sample);
  const map = drawAffine(settings, frame, key);
  const whole = isWhole(map);
  if (whole) moveWhole(map, pixels, frame, ground, out);
  else moveBilinear(map, pixels, frame, ground, out);
  if (settings.brightness > 0) {
    const factor = 1 + settings.brightness * between(key, counter.brightness);
    for (let i = 0; i < out.length; i++) out[i] = Math.min(255, out[i] * factor);
  }
}

/** Draw `at` as a number from −1 to 1. */
const between = (key: Key, at: number): number => 2 * drawUniform(key, at) - 1;

function drawAffine(settings: Augmentation, { height, width }: Frame, key: Key): Drawn {
  const shift = (at: number): number => Math.floor(drawUniform(key, at) * (2 * settings.shift + 1)) - settings.shift;
  const [shiftX, shiftY] = settings.shift > 0 ? [shift(counter.shiftX), shift(counter.shiftY)] : [0, 0];
  const flips = (axis: 'horizontal' | 'vertical', at: number): number =>
    (settings.flip === axis || settings.flip === 'both') && drawUniform(key, at) < 0.5 ? -1 : 1;
  const [flipX, flipY] = [flips('horizontal', counter.flipX), flips('vertical', counter.flipY)];
  const angle = (settings.rotate * between(key, counter.rotate) * Math.PI) / 180;
  const zoom = 1 + settings.scale * between(key, counter.scale);
  const kept = 1 - settings.crop * drawUniform(key, counter.crop);
  const [cos, sin] = settings.rotate > 0 ? [Math.cos(angle) / zoom, Math.sin(angle) / zoom] : [1 / zoom, 0];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  // From the new picture back to the old one: undo the shift, rotate and zoom about the center, mirror, and map into
  // the crop.
  const cropX = (1 - kept) * (width * drawUniform(key, counter.cropX) - 0.5);
  const cropY = (1 - kept) * (height * drawUniform(key, counter.cropY) - 0.5);
  const [a, b, d, e] = [kept * flipX * cos, kept * flipX * sin, -kept * flipY * sin, kept * flipY * cos];
  const [fromX, fromY] = [middleX + shiftX, middleY + shiftY];
  const c = kept * middleX + (kept < 1 ? cropX : 0) - a * fromX - b * fromY;
  const f = kept * middleY + (kept < 1 ? cropY : 0) - d * fromX - e * fromY;
  return { a, b, c, d, e, f, cropped: kept < 1 };
}

/** True for mirrors and shifts by whole pixels: nothing has to be interpolated. */
const isWhole = ({ a, b, c, d, e, f }: Affine): boolean =>
  Math.abs(a) === 1 && b === 0 && d === 0 && Math.abs(e) === 1 && Number.isInteger(c) && Number.isInteger(f);

/**
 * Moves a picture by mirrors and whole pixels alone: x ↦ a·x + c, y ↦ e·y + f, a and e 1 or −1.
 * @param pixels `[H, W, C]`. @param out likewise.
 */
export function moveWhole(
  { a, c, e, f }: Pick<Affine, 'a' | 'c' | 'e' | 'f'>,
  pixels: Uint8Array,
  { height, width, channels }: Frame,
  ground: Ground,
  out: Float32Array | Uint8Array,
): void {
  for (let y = 0, to = 0; y < height; y++) {
    let fromY = e * y + f;
    const rowOutside = fromY < 0 || fromY >= height;
    fromY = Math.min(height - 1, Math.max(0, fromY));
    for (let x = 0; x < width; x++, to += channels) {
      let fromX = a * x + c;
      const outside = rowOutside || fromX < 0 || fromX >= width;
      fromX = Math.min(width - 1, Math.max(0, fromX));
      const from = (fromY * width + fromX) * channels;
      for (let k = 0; k < channels; k++) out[to + k] = outside && ground !== 'edge' ? ground : pixels[from + k];
    }
  }
}

/**
 * Moves a picture by any affine map, values between pixels interpolated linearly. In a cropped picture, a place within
 * its area (half a pixel beyond the outermost centers) takes the nearest pixels, never the ground, as when a part is
 * resized.
 */
function moveBilinear(
  { a, b, c, d, e, f, cropped }: Drawn,
  pixels: Uint8Array,
  { height, width, channels }: Frame,
  ground: Ground,
  out: Float32Array,
): void {
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      let fromX = a * x + b * y + c;
      let fromY = d * x + e * y + f;
      if (cropped && fromX >= -0.5 && fromX <= width - 0.5 && fromY >= -0.5 && fromY <= height - 0.5) {
        fromX = Math.min(width - 1, Math.max(0, fromX));
        fromY = Math.min(height - 1, Math.max(0, fromY));
      }
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      const [shareX, shareY] = [fromX - left, fromY - top];
      for (let k = 0; k < channels; k++) {
        let value = 0;
        for (let corner = 0; corner < 4; corner++) {
          const [right, bottom] = [corner & 1, corner >> 1];
          const weight = (right ? shareX : 1 - shareX) * (bottom ? shareY : 1 - shareY);
          if (weight === 0) continue;
          const [px, py] = [left + right, top + bottom];
          const outside = px < 0 || px >= width || py < 0 || py >= height;
          if (outside && ground !== 'edge') value += weight * ground;
          else {
            const cx = Math.min(width - 1, Math.max(0, px));
            const cy = Math.min(height - 1, Math.max(0, py));
            value += weight * pixels[(cy * width + cx) * channels + k];
          }
        }
        out[to + k] = value;
      }
    }
  }
}
