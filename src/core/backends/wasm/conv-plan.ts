import { asMap, type PlaneWindow } from '../../geometry';
import type { Node } from './fuse';
import type { Halo } from './layout';
import { planeOf } from './plane';

/** A convolution over rows and columns. */
export interface ConvShape {
  readonly window: PlaneWindow;
  readonly groups: number;
  readonly channels: number;
  readonly filters: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/**
 * How a convolution is computed, chosen by its shape alone. `channels` and `filters` are those stored, rounded up to
 * lanes where that pays; `outHeight` and `outWidth` leave out a last row and column that no pooling window reads.
 */
export interface ConvPlan extends ConvShape {
  readonly trimmed: boolean;
  readonly forward: 'planar' | 'winograd' | 'row' | 'direct' | 'general' | 'depthwise';
  /** Winograd's output tile, 4 or 2. */
  readonly tile: 4 | 2;
  readonly inputGradient: 'winograd' | 'rotated' | 'scatter' | 'general' | 'depthwise';
  /** Zeros that the kernels read around x and around dy. */
  readonly inputHalo: Halo;
  readonly errorHalo: Halo;
  /** True where dX comes with its padding, which then holds garbage. */
  readonly paddedGradient: boolean;
  /** Height and width of x with its padding (and what Winograd's tiles add). */
  readonly padded: readonly [height: number, width: number];
}

export function convShape(node: Node): ConvShape {
  const { spec } = node;
  const [height, width, channels] = asMap(spec.inputShapes[0]);
  const [outHeight, outWidth, filters] = asMap(spec.outputShape);
  const window = planeOf(spec);
  if (!window) throw new Error(`layer '${spec.name}' has no window over rows and columns`);
  const { groups } = spec.traits;
  return { window, groups, channels, filters, height, width, outHeight, outWidth };
}

/** Fewer channels than this gain nothing from Winograd. */
const WINOGRAD_CHANNELS = 16;
/** What a multiplication in the Winograd domain costs, transforms included, against one of the direct kernel. */
const WINOGRAD_COST = 1.35;

const all = (pair: readonly number[], value: number): boolean => pair.every((each) => each === value);

/** Stride 1, dilation 1, one group: what the fast kernels take. */
function isPlain({ window, groups }: ConvShape): boolean {
  return all(window.stride, 1) && all(window.dilation, 1) && groups === 1;
}

/** The Winograd tile that computes this shape with the fewest multiplications; 0 where the direct kernel needs fewer. */
export function winogradTile(shape: ConvShape): 4 | 2 | 0 {
  const { window, channels, filters, outHeight, outWidth } = shape;
  if (!isPlain(shape) || !all(window.kernel, 3)) return 0;
  if (Math.min(channels, filters) < WINOGRAD_CHANNELS) return 0;
  const work = (tile: number): number =>
    Math.ceil(outHeight / tile) * Math.ceil(outWidth / tile) * (tile + 2) ** 2 * WINOGRAD_COST;
  const [four, two] = [work(4), work(2)];
  if (outHeight * outWidth * 9 < Math.min(four, two)) return 0;
  return four <= two ? 4 : 2;
}

/** Whether the planar kernel for a first layer, together with the pooling after it, supports this shape. */
export function isPlanar(shape: ConvShape): boolean {
  const { window, channels, filters } = shape;
  const fits = all(window.kernel, 3) || (all(window.kernel, 5) && filters <= 6);
  return isPlain(shape) && channels === 1 && fits;
}

export function planConv(
  shape: ConvShape,
  options: { channels: number; filters: number; planar: boolean; trim: boolean },
): ConvPlan {
  const { window, groups, height, width } = shape;
  const { kernel, pad } = window;
  const { channels, filters, planar } = options;
  const trimmed = options.trim && !planar && (shape.outHeight % 2 === 1 || shape.outWidth % 2 === 1);
  const outHeight = trimmed ? shape.outHeight & ~1 : shape.outHeight;
  const outWidth = trimmed ? shape.outWidth & ~1 : shape.outWidth;
  const [top, left, bottom, right] = pad;
  const tile = channels % 8 === 0 && filters % 8 === 0 ? winogradTile({ ...shape, outHeight, outWidth }) : 0;

  const plain = isPlain(shape);
  const depthwise = !plain && groups === channels && groups === filters && groups > 1;
  const reach =
    tile && !planar ? [Math.ceil(outHeight / tile) * tile, Math.ceil(outWidth / tile) * tile] : [outHeight, outWidth];
  const padded = tile
    ? ([Math.max(height + top + bottom, reach[0] + 2), Math.max(width + left + right, reach[1] + 2)] as const)
    : ([height + top + bottom, width + left + right] as const);
  const inputHalo = { top, left, bottom: padded[0] - height - top, right: padded[1] - width - left };

  const unrolled = [9, 30].includes(kernel[1] * channels) && filters % 8 === 0 && outWidth % 2 === 0 && outWidth >= 4;
  const forward = planar
    ? 'planar'
    : tile
      ? 'winograd'
      : depthwise
        ? 'depthwise'
        : !plain
          ? 'general'
          : unrolled
            ? 'row'
            : 'direct';

  const rotatable = plain && top < kernel[0] && left < kernel[1] && bottom < kernel[0] && right < kernel[1];
  const inputGradient = tile
    ? 'winograd'
    : depthwise
      ? 'depthwise'
      : !plain
        ? 'general'
        : scatterPays(kernel, channels, filters, height * width, outHeight, outWidth)
          ? 'scatter'
          : rotatable
            ? 'rotated'
            : 'general';
  const [kh, kw] = kernel;
  const errorHalo =
    inputGradient === 'winograd'
      ? { top: 0, left: 0, bottom: reach[0] - outHeight, right: reach[1] - outWidth }
      : inputGradient === 'rotated'
        ? { top: kh - 1 - top, left: kw - 1 - left, bottom: height + top - outHeight, right: width + left - outWidth }
        : { top: 0, left: 0, bottom: 0, right: 0 };
  return {
    ...shape,
    channels,
    filters,
    outHeight,
    outWidth,
    trimmed,
    forward,
    tile: tile || 4,
    inputGradient,
    inputHalo,
    errorHalo,
    paddedGradient: inputGradient !== 'rotated',
    padded,
  };
}

/** What adding the columns up costs, against the GEMM that makes them. */
const SCATTER_COST = 1.15;

/** dX as GEMM and scatter, where the rotated convolution wastes lanes (few channels) and computes more pixels than there are outputs. */
function scatterPays(
  kernel: readonly [number, number],
  channels: number,
  filters: number,
  pixels: number,
  outHeight: number,
  outWidth: number,
): boolean {
  if (filters % 8 !== 0 || outWidth % 2 !== 0 || outWidth < 4 || kernel[0] * kernel[1] === 1) return false;
  const lanes = (count: number): number => Math.ceil(count / 8) * 8;
  const scatter = outHeight * outWidth * kernel[0] * lanes(kernel[1] * channels) * SCATTER_COST;
  return scatter < pixels * kernel[0] * kernel[1] * lanes(channels);
}
