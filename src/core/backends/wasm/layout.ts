import { asMap } from '../../geometry';
import type { FeatureShape } from '../../tensor';

/** Rows and columns of zeros around a feature map. */
export interface Halo {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export const NO_HALO: Halo = { top: 0, left: 0, bottom: 0, right: 0 };

/**
 * How the images of one tensor lie in memory: NHWC, with a halo that stays zero and, where it pays, with more lanes than
 * channels (the surplus is zero too). Flat features are a map of one pixel. All distances in floats.
 */
export interface Layout {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Distance between neighboring pixels: channels, or that rounded up. */
  readonly lanes: number;
  readonly halo: Halo;
  /** Distance between rows. */
  readonly row: number;
  /** Distance between images. */
  readonly image: number;
  /** From an image's start, halo included, to its first pixel. */
  readonly offset: number;
}

export function makeLayout(shape: FeatureShape, lanes = 0, halo: Halo = NO_HALO): Layout {
  const [height, width, channels] = asMap(shape);
  const stored = lanes || channels;
  const row = (width + halo.left + halo.right) * stored;
  return {
    height,
    width,
    channels,
    lanes: stored,
    halo,
    row,
    image: (height + halo.top + halo.bottom) * row,
    offset: halo.top * row + halo.left * stored,
  };
}

/** The smallest halo that holds both. */
export function joinHalos(a: Halo, b: Halo): Halo {
  return {
    top: Math.max(a.top, b.top),
    left: Math.max(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  };
}

/** True where images are dense `[H, W, C]` without gaps: what the reference layers and flat kernels take. */
export function isDense(layout: Layout): boolean {
  return layout.lanes === layout.channels && layout.image === layout.height * layout.width * layout.channels;
}

/** True where pixels, rows and images of both lie at the same distances. */
export function isSame(a: Layout, b: Layout): boolean {
  return a.lanes === b.lanes && a.row === b.row && a.image === b.image && a.offset === b.offset;
}

/** Copies images out of `layout` (`from` starts at image 0, halo included) into dense NHWC. */
export function gather(layout: Layout, from: Float32Array, n: number, to: Float32Array): void {
  const { height, width, channels, lanes, row, image, offset } = layout;
  if (isDense(layout)) {
    to.set(from.subarray(0, n * image));
    return;
  }
  let place = 0;
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < height; y++) {
      let pixel = i * image + offset + y * row;
      for (let x = 0; x < width; x++, pixel += lanes) {
        for (let c = 0; c < channels; c++) to[place++] = from[pixel + c];
      }
    }
  }
}

/** The reverse of `gather`: writes the pixels and leaves the halo and surplus lanes alone. `add` adds to what is there. */
export function scatter(layout: Layout, from: Float32Array, n: number, to: Float32Array, add = false): void {
  const { height, width, channels, lanes, row, image, offset } = layout;
  if (isDense(layout) && !add) {
    to.set(from.subarray(0, n * image));
    return;
  }
  let place = 0;
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < height; y++) {
      let pixel = i * image + offset + y * row;
      for (let x = 0; x < width; x++, pixel += lanes) {
        if (add) for (let c = 0; c < channels; c++) to[pixel + c] += from[place++];
        else for (let c = 0; c < channels; c++) to[pixel + c] = from[place++];
      }
    }
  }
}
