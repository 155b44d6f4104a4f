import { say } from '../../words';
import { largestTerms, parts } from '../explain/terms';
import type { Term } from '../explain/types';
import { valueAt } from '../explain/unit';
import { channelsOf, placeAt, planeAt, spatialOf, unravel, type Region, type WindowGeometry } from '../geometry';
import { transposedBackward, transposedForward, type TransposedGeometry } from '../kernels/reference/transposed-conv';
import { SpecError } from '../model/spec';
import { sizeOf, type FeatureShape } from '../tensor';
import { toChannelsFirst, toChannelsLast } from './layout';
import type { LayerDefinition } from './layer';
import { convolutionModule, isEven, sidesOf, slices, tuple } from './pytorch';
import { shortPadding, shortPerAxis } from './settings';
import { plainTraits } from './traits';
import { mapShape, spread, windowAttributes, WINDOW_LIMIT } from './window';

export interface ConvTransposeConfig {
  filters: number;
  kernel: readonly number[];
  stride: readonly number[];
  /** Cells taken off the output: before each axis, then after each. */
  padding: readonly number[];
  /** Cells more after each axis. */
  outputPadding: readonly number[];
  dilation: readonly number[];
  groups: number;
  bias: boolean;
}

/** The window of one x over y. */
export const windowOf = ({ kernel, stride, dilation, padding }: ConvTransposeConfig): WindowGeometry => ({
  kernel,
  stride,
  dilation,
  pad: padding,
});

function geometry(
  config: ConvTransposeConfig,
  n: number,
  input: FeatureShape,
  output: FeatureShape,
): TransposedGeometry {
  return { window: windowOf(config), n, input: output, output: input, groups: config.groups };
}

/** `[F, ...kernel, C / groups]` of the layer and `[C, F / groups, ...kernel]` of the file. */
function fileShapes({ filters, kernel, groups }: ConvTransposeConfig, input: FeatureShape) {
  const channels = channelsOf(input);
  return { depth: channels / groups, own: filters / groups, area: sizeOf(kernel), channels };
}

/**
 * Transposed convolution: each x adds x · w to the cells of y under its window, the way back of a convolution:
 * y[iy·s − p + ky·d, ix·s − p + kx·d, f] += x[iy, ix, c] · w[f, ky, kx, c], and bias[f] once. x `[H, W, C]`, w `[F, KH, KW, C / groups]`,
 * y `[OH, OW, F]`, OH = (H − 1)·s − p + d·(KH − 1) + 1 + outputPadding; signals and volumes likewise. Padding takes cells off the output.
 * Settings: filters, kernel, stride 1, padding 0, outputPadding 0, dilation 1, groups 1, bias true.
 * Source: Zeiler et al. 2010, "Deconvolutional networks"; arithmetic by Dumoulin & Visin 2016; ONNX ConvTranspose.
 */
export const convtranspose: LayerDefinition<ConvTransposeConfig> = {
  kind: 'convtranspose',
  arity: 'one',

  parse(settings, name) {
    const config = {
      filters: settings.integer('filters', undefined, 1, 65536),
      kernel: settings.perAxis('kernel', undefined, 1, WINDOW_LIMIT),
      stride: settings.perAxis('stride', 1, 1, WINDOW_LIMIT),
      padding: settings.sides('padding', 0, WINDOW_LIMIT),
      outputPadding: settings.perAxis('outputPadding', 0, 0, WINDOW_LIMIT),
      dilation: settings.perAxis('dilation', 1, 1, WINDOW_LIMIT),
      groups: settings.integer('groups', 1, 1, 65536),
      bias: settings.boolean('bias', true),
    };
    const { filters, groups, outputPadding, stride, dilation } = config;
    if (filters % groups !== 0) throw new SpecError(name, 'groups', groups, say('spec.divisor-filters', { filters }));
    if (outputPadding.some((cells, axis) => cells >= Math.max(stride[axis], dilation[axis])))
      throw new SpecError(name, 'outputPadding', shortPerAxis(outputPadding), say('spec.output-padding'));
    return config;
  },
  settings: ({ filters, kernel, stride, padding, outputPadding, dilation, groups, bias }) => ({
    filters,
    kernel: shortPerAxis(kernel),
    stride: shortPerAxis(stride),
    padding: shortPadding(padding),
    outputPadding: shortPerAxis(outputPadding),
    dilation: shortPerAxis(dilation),
    groups,
    bias,
  }),

  outputShape({ filters, kernel, stride, padding, outputPadding, dilation, groups }, [input], name) {
    const sizes = spatialOf(mapShape(input, name));
    const channels = channelsOf(input);
    if (channels % groups !== 0)
      throw new SpecError(name, 'groups', groups, say('spec.divisor-channels', { channels }));
    const output = sizes.map((size, axis) => {
      const whole = (size - 1) * stride[axis] + spread(kernel[axis], dilation[axis]) + outputPadding[axis];
      return whole - padding[axis] - padding[axis + sizes.length];
    });
    if (output.some((size) => size < 1))
      throw new SpecError(name, 'padding', shortPadding(padding), say('spec.transposed'));
    return [...output, filters];
  },

  params({ filters, kernel, groups, bias }, [input]) {
    const depth = channelsOf(input) / groups;
    const fans = { fanIn: sizeOf(kernel) * depth, fanOut: (sizeOf(kernel) * filters) / groups };
    const shape = [filters, ...kernel, depth];
    return [
      { name: 'weight', shape, trainable: true, decay: true, init: 'weight', ...fans },
      ...(bias ? [{ name: 'bias', shape: [filters], trainable: true, decay: false, init: 0, ...fans }] : []),
    ];
  },
  macs: ({ filters, kernel, groups }, [input]) => (sizeOf(input) * sizeOf(kernel) * filters) / groups,

  traits: ({ groups }) => ({ ...plainTraits, maps: 'mixed', groups, weights: 'kernel' }),

  forward(config, { n, inputShapes, outputShape, params, x, y }) {
    transposedForward(geometry(config, n, inputShapes[0], outputShape), x[0], params[0], params[1], y);
  },
  backward(config, { n, inputShapes, outputShape, params, x, dy, dx, dParams }) {
    const shapes = geometry(config, n, inputShapes[0], outputShape);
    transposedBackward(shapes, x[0], params[0], dy, dx[0], dParams[0], dParams[1]);
  },

  toOnnx(config, { name, inputs, inputShapes: [input], params, initializer }) {
    const { channels, depth, own, area } = fileShapes(config, input);
    // [F, k, C / g] → [F, C / g, k], then filters and channels of each group change places.
    const planes = toChannelsFirst(params[0], config.filters, [...config.kernel, depth]);
    const weight = exchanged(planes, config.groups, own, depth, area);
    const all = [inputs[0], initializer('weight', [channels, own, ...config.kernel], weight)];
    if (config.bias) all.push(initializer('bias', [config.filters], params[1]));
    const attributes = {
      ...windowAttributes(windowOf(config)),
      output_padding: [...config.outputPadding],
      group: config.groups,
    };
    return [{ opType: 'ConvTranspose', inputs: all, outputs: [name], attributes }];
  },
  inFile: {
    read(config, param, data, [input]) {
      if (param !== 'weight') return data;
      const { depth, own, area } = fileShapes(config, input);
      const planes = exchanged(data, config.groups, depth, own, area);
      return toChannelsLast(planes, config.filters, [...config.kernel, depth]);
    },
  },

  toPyTorch(config, { inputShapes: [input], outputShape }) {
    const { padding, outputPadding } = config;
    const more = [`output_padding=${tuple(outputPadding)}`];
    const inside = isEven(padding) ? '' : slices(sidesOf(padding)[0], spatialOf(outputShape));
    return {
      module: convolutionModule('ConvTranspose', windowOf(config), config, input, more),
      call: (own, [x]) => `${own}(${x})${inside}`,
    };
  },

  reads(config, region, _input, [input]) {
    const { filters, groups } = config;
    const [depth, own] = [channelsOf(input) / groups, filters / groups];
    const first = Math.floor(region.first / own) * depth;
    const last = (Math.floor(region.last / own) + 1) * depth - 1;
    const ranges = spatialOf(input).map((size, axis) => rangeAlong(config, axis, size, region));
    const found = ranges.filter((range) => range !== null);
    if (found.length < ranges.length) return null;
    return { start: found.map(([start]) => start), end: found.map(([, end]) => end), first, last };
  },
  explain(config, { inputs: [input], outputShape, params, channel, y, x }) {
    const { kernel, stride, dilation, padding, filters, groups } = config;
    const [weights, biases] = params;
    const depth = channelsOf(input.shape) / groups;
    const firstChannel = Math.floor(channel / (filters / groups)) * depth;
    const at = placeAt(outputShape, y, x);
    const sizes = spatialOf(input.shape);
    const cells = Array.from({ length: sizeOf(kernel) }, (_, cell) => {
      const place = unravel(cell, kernel).map(
        (each, axis) => (at[axis] + padding[axis] - each * dilation[axis]) / stride[axis],
      );
      const inside = place.every((each, axis) => Number.isInteger(each) && each >= 0 && each < sizes[axis]);
      return inside ? { cell, ...planeAt(input.shape, place) } : null;
    });
    const terms = cells.flatMap((cell): Term[] =>
      Array.from({ length: cell ? depth : 0 }, (_, c) => {
        const { cell: index, ...place } = cell!;
        const value = valueAt(input, firstChannel + c, place.y, place.x);
        const weight = weights[(channel * cells.length + index) * depth + c];
        return { channel: firstChannel + c, ...place, value, weight, product: value * weight };
      }),
    );
    const products = Float64Array.from(terms, ({ product }) => product);
    const largest = largestTerms(products, (i) => terms[i]);
    const told = parts(products, largest);
    const bias = biases ? biases[channel] : 0;
    return {
      value: bias + told.positive + told.negative,
      body: { kind: 'sum', source: input.layer, window: null, planes: null, bias, largest, ...told },
    };
  },
};

/** `[groups][rows][columns][area]` with rows and columns of each group exchanged. */
function exchanged<A extends Float32Array>(data: A, groups: number, rows: number, columns: number, area: number): A {
  const out = data.slice() as A;
  for (let g = 0; g < groups; g++)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        const from = ((g * rows + r) * columns + c) * area;
        out.set(data.subarray(from, from + area), ((g * columns + c) * rows + r) * area);
      }
  return out;
}

/** First and last place inside the input that the region reads along an axis: those with a cell of their window in it. Null for none. */
function rangeAlong(
  { kernel, stride, dilation, padding }: ConvTransposeConfig,
  axis: number,
  size: number,
  { start, end }: Region,
): [number, number] | null {
  const [from, to] = [start[axis] + padding[axis], end[axis] + padding[axis]];
  const reads = (place: number): boolean => {
    const offset = from - place * stride[axis];
    // The first cell at or after the region's start.
    const cell = Math.max(0, Math.ceil(offset / dilation[axis]));
    return cell < kernel[axis] && place * stride[axis] + cell * dilation[axis] <= to;
  };
  const least = Math.max(0, Math.ceil((from - (spread(kernel[axis], dilation[axis]) - 1)) / stride[axis]));
  const most = Math.min(size - 1, Math.floor(to / stride[axis]));
  let [first, last] = [least, most];
  while (first <= most && !reads(first)) first++;
  while (last >= first && !reads(last)) last--;
  return first <= last ? [first, last] : null;
}
