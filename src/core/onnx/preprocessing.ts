import type { Preprocessing } from '../model/model';
import { floatTensor, integerTensor } from './encode';
import { ElementType, type OnnxGraph, type OnnxValue } from './proto';
import { nodeOf } from './write';

/** The input of a graph that takes pixels: upright sRGB pictures without transparency, uint8 `[N, height, width, 3]`. */
export const PIXELS = 'pixels';
/** The first operator set whose Resize has antialiasing. */
export const RESIZE_OPSET = 18;

export const pixelsValue: OnnxValue = {
  name: PIXELS,
  elementType: ElementType.uint8,
  dims: ['N', 'height', 'width', 3],
};

/** ONNX's Resize has three filters; the others take the nearest of them. */
const MODES: Record<Preprocessing['resize'], { mode: 'nearest' | 'linear' | 'cubic'; a?: number }> = {
  nearest: { mode: 'nearest' },
  linear: { mode: 'linear' },
  cubic: { mode: 'cubic', a: -0.5 },
  mitchell: { mode: 'cubic', a: -0.5 },
  lanczos2: { mode: 'cubic', a: -0.5 },
  lanczos3: { mode: 'cubic', a: -0.5 },
};

/** The filter by which the graph resizes. */
export const graphFilter = (resize: Preprocessing['resize']): 'nearest' | 'linear' | 'cubic' => MODES[resize].mode;

/** Nodes and initializers to be put before those of a graph. */
export type GraphPart = Pick<OnnxGraph, 'nodes' | 'initializers'>;

/**
 * The steps from decoded pixels to the network's input as ONNX operators (18 and newer): crop or letterbox, Resize (half-pixel, antialiased),
 * whole bytes, gray, (pixel × scale − mean) ÷ deviation. Reads value `pixels`, uint8 `[N, h, w, 3]`, gives value `output`, float32 `[N, C, H, W]`.
 * Inverting pictures on the other ground is no part of it. Names begin with `preprocessing/`.
 */
export function preprocessingPart(preprocessing: Preprocessing, output: string): GraphPart {
  const part: GraphPart = { nodes: [], initializers: [] };
  const name = (value: string): string => `preprocessing/${value}`;
  const node = (
    opType: string,
    inputs: string[],
    to: string,
    attributes: Record<string, number | number[] | string> = {},
  ): string => {
    part.nodes.push(nodeOf({ opType, inputs, outputs: [to], attributes }, to.includes('/') ? to : name(to)));
    return to;
  };
  const integers = (value: string, ...data: number[]): string => {
    part.initializers.push(integerTensor(name(value), data));
    return name(value);
  };
  const floats = (value: string, dims: number[], data: readonly number[]): string => {
    part.initializers.push(floatTensor(name(value), dims, Float32Array.from(data)));
    return name(value);
  };
  const { height, width, fit, resize, scale, mean, deviation, colour } = preprocessing;

  const cast = node('Cast', [PIXELS], name('float'), { to: ElementType.float32 });
  let maps = node('Transpose', [cast], name('channels-first'), { perm: [0, 3, 1, 2] });

  const [one, two] = [integers('1', 1), integers('2', 2)];
  const [H, W] = [integers('height', height), integers('width', width)];
  let sizes = integers('size', height, width);
  const axes = integers('axes', 2, 3);
  let bars: string | null = null;
  if (fit !== 'stretch') {
    const shape = node('Shape', [maps], name('shape'));
    const h = node('Slice', [shape, two, integers('3', 3)], name('picture-height'));
    const w = node('Slice', [shape, name('3'), integers('4', 4)], name('picture-width'));
    /** min(most, max(1, a · b ÷ c rounded half up)). */
    const ratio = (a: string, b: string, c: string, most: string, to: string): string => {
      const product = node('Mul', [node('Mul', [a, b], name(`${to}-product`)), two], name(`${to}-twice`));
      const rounded = node('Add', [product, c], name(`${to}-half`));
      const whole = node('Div', [rounded, node('Mul', [c, two], name(`${to}-divisor`))], name(`${to}-whole`));
      return node('Min', [most, node('Max', [whole, one], name(`${to}-positive`))], name(to));
    };
    const half = (outer: string, inner: string, to: string): string =>
      node('Div', [node('Sub', [outer, inner], name(`${to}-room`)), two], name(to));
    if (fit === 'crop') {
      const partWidth = ratio(h, W, H, w, 'part-width');
      const partHeight = ratio(w, H, W, h, 'part-height');
      const top = half(h, partHeight, 'top');
      const left = half(w, partWidth, 'left');
      const starts = node('Concat', [top, left], name('starts'), { axis: 0 });
      const bottom = node('Add', [top, partHeight], name('bottom'));
      const right = node('Add', [left, partWidth], name('right'));
      const ends = node('Concat', [bottom, right], name('ends'), { axis: 0 });
      maps = node('Slice', [maps, starts, ends, axes], name('cropped'));
    } else {
      const insideWidth = ratio(w, H, h, W, 'inside-width');
      const insideHeight = ratio(h, W, w, H, 'inside-height');
      sizes = node('Concat', [insideHeight, insideWidth], name('inside'), { axis: 0 });
      const top = half(H, insideHeight, 'top');
      const left = half(W, insideWidth, 'left');
      const rest = (outer: string, before: string, inner: string, to: string): string =>
        node('Sub', [node('Sub', [outer, before], name(`${to}-rest`)), inner], name(to));
      const bottom = rest(H, top, insideHeight, 'bottom');
      const right = rest(W, left, insideWidth, 'right');
      const zero = integers('0', 0);
      bars = node('Concat', [zero, zero, top, left, zero, zero, bottom, right], name('bars'), { axis: 0 });
    }
  }

  const { mode, a } = MODES[resize];
  maps = node('Resize', [maps, '', '', sizes], name('resized'), {
    mode,
    axes: [2, 3],
    coordinate_transformation_mode: 'half_pixel',
    ...(mode === 'nearest' ? { nearest_mode: 'round_prefer_floor' } : { antialias: 1 }),
    ...(a !== undefined && { cubic_coeff_a: a }),
  });
  const point5 = floats('half', [1], [0.5]);
  const round = (value: string, to: string): string =>
    node('Floor', [node('Add', [value, point5], name(`${to}-half`))], name(to));
  part.initializers.push(floatTensor(name('black'), [], Float32Array.of(0)));
  part.initializers.push(floatTensor(name('white'), [], Float32Array.of(255)));
  maps = node('Clip', [round(maps, 'rounded'), name('black'), name('white')], name('bytes'));
  if (colour === 'grey') {
    const weighted = node('Mul', [maps, floats('gray-weights', [1, 3, 1, 1], [299, 587, 114])], name('weighted'));
    const sum = node('ReduceSum', [weighted, one], name('weighted-sum'));
    maps = round(node('Div', [sum, floats('thousand', [1], [1000])], name('mean-gray')), 'gray');
  }
  if (bars !== null) maps = node('Pad', [maps, bars], name('framed'));
  const scaled = node('Mul', [maps, floats('scale', [1], [scale])], name('scaled'));
  const perChannel = [1, mean.length, 1, 1];
  const centered = node('Sub', [scaled, floats('mean', perChannel, mean)], name('centered'));
  node('Div', [centered, floats('deviation', perChannel, deviation)], output);
  return part;
}
