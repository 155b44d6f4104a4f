import { drawUniform, keyOf, stream, type Key } from '../random';

/** How training pictures are varied. Zero, or `none`, is off. */
export interface Augmentation {
  /** Largest shift in pixels, along each axis, by whole pixels. */
  shift: number;
  flip: 'none' | 'horizontal' | 'vertical' | 'both';
  /** Largest share of the sides that is cut away, 0 … 1; the remaining part is resized to the full picture. */
  crop: number;
  /** Largest angle in degrees, either way. */
  rotate: number;
  /** Largest share by which the picture grows or shrinks, 0 … 1. */
  scale: number;
  /** Largest share by which values grow or shrink, 0 … 1. */
  brightness: number;
  /** The same for distances from the picture's mean gray, and from each pixel's gray. */
  contrast: number;
  saturation: number;
  /** Largest angle in degrees, either way, by which colors are turned around gray. */
  hue: number;
  /** Probability with which a rectangle is filled with noise, 0 … 1. */
  erase: number;
  /** α of the share of a second picture that is blended in, or of which a rectangle is put in (./mixing). */
  mixup: number;
  cutmix: number;
}

export const noAugmentation: Augmentation = {
  shift: 0,
  flip: 'none',
  crop: 0,
  rotate: 0,
  scale: 0,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  hue: 0,
  erase: 0,
  mixup: 0,
  cutmix: 0,
};

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
  contrast: 10,
  saturation: 11,
  hue: 12,
  erase: 13,
  eraseArea: 14,
  eraseAspect: 15,
  eraseX: 16,
  eraseY: 17,
  /** From here on: one number of noise for each value of the picture. */
  noise: 1000,
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
  recolor(settings, frame, key, out);
  if (settings.erase > 0 && drawUniform(key, counter.erase) < settings.erase) erase(frame, key, out);
}

/** Gray of a pixel by Rec. 601, or the mean of its channels where there are not three. */
function grayOf(values: Float32Array, at: number, channels: number): number {
  if (channels === 3) return 0.299 * values[at] + 0.587 * values[at + 1] + 0.114 * values[at + 2];
  let sum = 0;
  for (let c = 0; c < channels; c++) sum += values[at + c];
  return sum / channels;
}

/** Contrast about the picture's mean gray, then saturation about each pixel's gray, then hue: a turn of color in the plane of YIQ's I and Q. Values are cut at 0 and 255. */
function recolor(settings: Augmentation, { channels }: Frame, key: Key, out: Float32Array): void {
  const cut = (value: number): number => Math.min(255, Math.max(0, value));
  if (settings.contrast > 0) {
    const factor = 1 + settings.contrast * between(key, counter.contrast);
    let mean = 0;
    for (let at = 0; at < out.length; at += channels) mean += grayOf(out, at, channels);
    mean /= out.length / channels;
    for (let i = 0; i < out.length; i++) out[i] = cut(mean + (out[i] - mean) * factor);
  }
  if (channels !== 3) return;
  if (settings.saturation > 0) {
    const factor = 1 + settings.saturation * between(key, counter.saturation);
    for (let at = 0; at < out.length; at += 3) {
      const gray = grayOf(out, at, 3);
      for (let c = 0; c < 3; c++) out[at + c] = cut(gray + (out[at + c] - gray) * factor);
    }
  }
  if (settings.hue > 0) {
    const angle = (settings.hue * between(key, counter.hue) * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (let at = 0; at < out.length; at += 3) {
      const [r, g, b] = [out[at], out[at + 1], out[at + 2]];
      const y = grayOf(out, at, 3);
      const [i, q] = [0.595716 * r - 0.274453 * g - 0.321263 * b, 0.211456 * r - 0.522591 * g + 0.311135 * b];
      const [turnedI, turnedQ] = [cos * i - sin * q, sin * i + cos * q];
      out[at] = cut(y + 0.9563 * turnedI + 0.621 * turnedQ);
      out[at + 1] = cut(y - 0.2721 * turnedI - 0.6474 * turnedQ);
      out[at + 2] = cut(y - 1.107 * turnedI + 1.7046 * turnedQ);
    }
  }
}

/**
 * Fills a rectangle with noise: 2 to 33 % of the area, sides in a ratio from 0.3 to 1 ÷ 0.3, cut to the picture's sides.
 * Source: Zhong, Zheng, Kang, Li & Yang 2020, "Random erasing data augmentation".
 */
function erase({ height, width, channels }: Frame, key: Key, out: Float32Array): void {
  const area = height * width * (0.02 + 0.31 * drawUniform(key, counter.eraseArea));
  const aspect = 0.3 ** between(key, counter.eraseAspect);
  const side = (length: number, most: number): number => Math.min(most, Math.max(1, Math.round(length)));
  const [rows, columns] = [side(Math.sqrt(area * aspect), height), side(Math.sqrt(area / aspect), width)];
  const top = Math.floor(drawUniform(key, counter.eraseY) * (height - rows + 1));
  const left = Math.floor(drawUniform(key, counter.eraseX) * (width - columns + 1));
  for (let y = top; y < top + rows; y++) {
    const first = (y * width + left) * channels;
    for (let i = first; i < first + columns * channels; i++)
      out[i] = Math.floor(256 * drawUniform(key, counter.noise + i));
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
  const cropX = (1 - kept) * (width * drawUniform(key, counter.cropX) - 0.5);
  const cropY = (1 - kept) * (height * drawUniform(key, counter.cropY) - 0.5);
  return affineOf({ shiftX, shiftY, flipX, flipY, angle, zoom, kept, cropX, cropY }, { height, width });
}

/** A change of a picture about its middle: `angle` in radians, `kept` the share of its sides that a crop leaves. */
interface Change {
  shiftX: number;
  shiftY: number;
  /** 1, or −1 for mirrored. */
  flipX: number;
  flipY: number;
  angle: number;
  zoom: number;
  kept: number;
  cropX: number;
  cropY: number;
}

/** From the new picture back to the old one: undo the shift, rotate and zoom about the center, mirror, and map into the crop. */
function affineOf(change: Change, { height, width }: Pick<Frame, 'height' | 'width'>): Drawn {
  const { shiftX, shiftY, flipX, flipY, angle, zoom, kept, cropX, cropY } = change;
  const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const [a, b, d, e] = [kept * flipX * cos, kept * flipX * sin, -kept * flipY * sin, kept * flipY * cos];
  const [fromX, fromY] = [middleX + shiftX, middleY + shiftY];
  const c = kept * middleX + (kept < 1 ? cropX : 0) - a * fromX - b * fromY;
  const f = kept * middleY + (kept < 1 ? cropY : 0) - d * fromX - e * fromY;
  return { a, b, c, d, e, f, cropped: kept < 1 };
}

/**
 * One change that is chosen, not drawn, by the arithmetic of `augment`.
 * @param shift pixels to the right and down. @param turn degrees. @param zoom what its sides are multiplied by.
 * @param pixels `[H, W, C]` bytes. @param out `[H, W, C]` values 0 … 255, not rounded.
 */
export function moved(
  { shift: [shiftX, shiftY], turn, zoom }: { shift: readonly [number, number]; turn: number; zoom: number },
  pixels: Uint8Array,
  frame: Frame,
  ground: Ground,
  out: Float32Array,
): void {
  const whole = { flipX: 1, flipY: 1, kept: 1, cropX: 0, cropY: 0 } as const;
  const map = affineOf({ ...whole, shiftX, shiftY, angle: (turn * Math.PI) / 180, zoom }, frame);
  moveBilinear(map, pixels, frame, ground, out);
}

/** True for mirrors and shifts by whole pixels: nothing has to be interpolated. */
const isWhole = ({ a, b, c, d, e, f }: Affine): boolean =>
  Math.abs(a) === 1 && b === 0 && d === 0 && Math.abs(e) === 1 && Number.isInteger(c) && Number.isInteger(f);

/**
 * Moves a picture by mirrors and whole pixels alone: x ↦ a·x + c, y ↦ e·y + f, a and e 1 or −1.
 * @param pixels `[H, W, C]`. @param out `[H, W, C]`.
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
