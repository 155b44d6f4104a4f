import { convBackward, convForward, type ConvGeometry } from '../../../../core/kernels/reference/conv';
import { eachWindow } from '../../../../core/kernels/reference/windows';
import { spread, windowOutput } from '../../../../core/layers/window';

/** A convolution of a scene: both axes have the same stride and dilation. */
export interface Convolution {
  channels: number;
  filters: number;
  /** Rows and columns. */
  input: readonly [number, number];
  kernel: readonly [number, number];
  stride: number;
  /** Around the input, or before and after its rows and its columns. */
  padding: number | readonly [rows: number, columns: number];
  dilation: number;
}

/** One product of the sum behind an output: which input is multiplied by which weight. Indices as in `convolve`. */
export interface Product {
  output: number;
  input: number;
  weight: number;
}

/** Cells along one axis of the output, as the core's layers have it; 0 where the kernel does not fit. */
export function outputSize(input: number, kernel: number, stride = 1, padding = 0, dilation = 1): number {
  if (spread(kernel, dilation) > input + 2 * padding) return 0;
  const geometry = { kernel: [kernel], stride: [stride], dilation: [dilation], pad: [padding, padding] };
  return windowOutput(geometry, [input, 1], false, 'scene')[0];
}

const sides = (padding: Convolution['padding']): readonly [number, number] =>
  typeof padding === 'number' ? [padding, padding] : padding;

/** Rows and columns of the output. */
export const outputOf = ({ input, kernel, stride, padding, dilation }: Convolution): [number, number] => [
  outputSize(input[0], kernel[0], stride, sides(padding)[0], dilation),
  outputSize(input[1], kernel[1], stride, sides(padding)[1], dilation),
];

function geometryOf(conv: Convolution): ConvGeometry {
  const { channels, filters, input, kernel, stride, padding, dilation } = conv;
  const [rows, columns] = sides(padding);
  return {
    window: {
      kernel,
      stride: [stride, stride],
      dilation: [dilation, dilation],
      pad: [rows, columns, rows, columns],
    },
    n: 1,
    input: [...input, channels],
    output: [...outputOf(conv), filters],
    groups: 1,
  };
}

/**
 * The core's cross-correlation. Everything here is channel-major, as people draw it: `input` `[C, H, W]`, `weights`
 * `[F, C, KH, KW]`, `bias` `[F]`; returns `[F, OH, OW]`.
 */
export function convolve(
  conv: Convolution,
  input: ArrayLike<number>,
  weights: ArrayLike<number>,
  bias?: ArrayLike<number>,
): Float64Array {
  const [rows, columns] = outputOf(conv);
  const y = new Float64Array(rows * columns * conv.filters);
  const x = channelsLast(input, 1, conv.channels);
  const w = channelsLast(weights, conv.filters, conv.channels);
  convForward(geometryOf(conv), x, w, bias && Float64Array.from(bias), y);
  return channelsFirst(y, 1, conv.filters);
}

/** The core's gradients of a loss, from the gradient of the output: all channel-major. */
export function convolveBack(
  conv: Convolution,
  input: ArrayLike<number>,
  weights: ArrayLike<number>,
  error: ArrayLike<number>,
): { input: Float64Array; weights: Float64Array; bias: Float64Array } {
  const dx = new Float64Array(input.length);
  const dw = new Float64Array(weights.length);
  const bias = new Float64Array(conv.filters);
  const x = channelsLast(input, 1, conv.channels);
  const w = channelsLast(weights, conv.filters, conv.channels);
  convBackward(geometryOf(conv), x, w, channelsLast(error, 1, conv.filters), dx, dw, bias);
  return {
    input: channelsFirst(dx, 1, conv.channels),
    weights: channelsFirst(dw, conv.filters, conv.channels),
    bias,
  };
}

/** The products behind every output, in the order in which they are added; cells of padding have none. */
export function productsOf(conv: Convolution): Product[] {
  const { channels, filters, input, kernel } = conv;
  const [rows, columns] = outputOf(conv);
  const area = kernel[0] * kernel[1];
  const list: Product[] = [];
  for (let f = 0; f < filters; f++)
    eachWindow(geometryOf(conv), (out, _first, cells) => {
      for (let c = 0; c < channels; c++)
        for (let i = 0; i < cells.count; i++)
          list.push({
            output: f * rows * columns + out,
            input: c * input[0] * input[1] + cells.places[i],
            weight: (f * channels + c) * area + cells.cells[i],
          });
    });
  return list;
}

/** The core has channels last: `[N, C, …]` becomes `[N, …, C]`. */
function channelsLast(values: ArrayLike<number>, n: number, channels: number): Float64Array {
  const area = values.length / n / channels;
  return Float64Array.from({ length: values.length }, (_, i) => {
    const [sample, place, channel] = [Math.floor(i / (area * channels)), Math.floor(i / channels) % area, i % channels];
    return values[(sample * channels + channel) * area + place];
  });
}

/** And back. */
function channelsFirst(values: ArrayLike<number>, n: number, channels: number): Float64Array {
  const area = values.length / n / channels;
  return Float64Array.from({ length: values.length }, (_, i) => {
    const [sample, channel, place] = [Math.floor(i / (area * channels)), Math.floor(i / area) % channels, i % area];
    return values[(sample * area + place) * channels + channel];
  });
}
