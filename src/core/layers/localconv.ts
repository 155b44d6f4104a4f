import { explainWindows } from '../explain/window';
import { channelsOf, placeAt, spatialOf, windowRegion } from '../geometry';
import { localBackward, localForward } from '../kernels/reference/local-conv';
import type { WindowedShapes } from '../kernels/reference/windows';
import { sizeOf, type FeatureShape } from '../tensor';
import { toChannelsFirst, toChannelsLast } from './layout';
import type { LayerDefinition, OnnxNodeSpec } from './layer';
import { bool, padded, sidesOf, tuple } from './pytorch';
import { shortPadding, shortPerAxis } from './settings';
import { plainTraits } from './traits';
import { mapShape, windowAttributes, windowGeometry, windowOutput, WINDOW_LIMIT, type WindowSettings } from './window';

export interface LocalConvConfig extends WindowSettings {
  filters: number;
  bias: boolean;
}

const geometry = (config: LocalConvConfig, n: number, input: FeatureShape, output: FeatureShape): WindowedShapes => ({
  window: windowGeometry(config, input),
  n,
  input,
  output,
});

const placesOf = (config: LocalConvConfig, input: FeatureShape): number[] =>
  windowOutput(windowGeometry(config, input), input, false, 'localconv');

/**
 * Locally connected layer, a convolution whose kernels are not shared: each place has weights of its own, y[oy, ox, f] = bias[oy, ox, f] +
 * Σ x[oy·s − p + ky·d, ox·s − p + kx·d, c] · w[oy, ox, ky, kx, c, f]. x `[H, W, C]`, w `[OH, OW, KH, KW, C, F]`, y `[OH, OW, F]` as of a convolution; signals and volumes
 * along their axes. In ONNX the windows cut out by a convolution, and a matrix product at each place.
 * Settings: filters, kernel, stride 1, padding 'valid', dilation 1, bias true.
 * Source: LeCun 1989, "Generalization and network design strategies"; Taigman, Yang, Ranzato & Wolf 2014, "DeepFace".
 */
export const localconv: LayerDefinition<LocalConvConfig> = {
  kind: 'localconv',
  arity: 'one',

  parse: (settings) => ({
    filters: settings.integer('filters', undefined, 1, 65536),
    kernel: settings.perAxis('kernel', undefined, 1, WINDOW_LIMIT),
    stride: settings.perAxis('stride', 1, 1, WINDOW_LIMIT),
    padding: settings.padding('padding', WINDOW_LIMIT),
    dilation: settings.perAxis('dilation', 1, 1, WINDOW_LIMIT),
    bias: settings.boolean('bias', true),
  }),
  settings: ({ filters, kernel, stride, padding, dilation, bias }) => ({
    filters,
    kernel: shortPerAxis(kernel),
    stride: shortPerAxis(stride),
    padding: shortPadding(padding),
    dilation: shortPerAxis(dilation),
    bias,
  }),

  outputShape: (config, [input], name) => [
    ...windowOutput(windowGeometry(config, mapShape(input, name)), input, false, name),
    config.filters,
  ],
  window: (config, [input]) => windowGeometry(config, input),

  params(config, [input]) {
    const { filters, kernel, bias } = config;
    const depth = sizeOf(kernel) * channelsOf(input);
    const places = placesOf(config, input);
    const fans = { fanIn: depth, fanOut: sizeOf(kernel) * filters };
    const shape = [...places, ...kernel, channelsOf(input), filters];
    return [
      { name: 'kernels', shape, trainable: true, decay: true, init: 'weight', ...fans },
      ...(bias ? [{ name: 'bias', shape: [...places, filters], trainable: true, decay: false, init: 0, ...fans }] : []),
    ];
  },
  macs: ({ kernel }, [input], output) => sizeOf(output) * sizeOf(kernel) * channelsOf(input),

  traits: () => ({ ...plainTraits, maps: 'mixed' }),

  forward(config, { n, inputShapes: [input], outputShape, params, x, y }) {
    localForward(geometry(config, n, input, outputShape), x[0], params[0], params[1], y);
  },
  backward(config, { n, inputShapes: [input], outputShape, params, x, dy, dx, dParams }) {
    localBackward(geometry(config, n, input, outputShape), x[0], params[0], dy, dx[0], dParams[0], dParams[1]);
  },

  toOnnx(config, { name, inputs, inputShapes: [input], outputShape, params, initializer, integers }) {
    const { filters, kernel, bias } = config;
    const [area, channels, places] = [sizeOf(kernel), channelsOf(input), sizeOf(spatialOf(outputShape))];
    const depth = area * channels;
    // A kernel of each channel for each cell, 1 there and 0 elsewhere: its output is that cell.
    const cells = new Float32Array(depth * area);
    for (let i = 0; i < depth; i++) cells[i * area + (i % area)] = 1;
    const value = (part: string): string => `${name}.${part}`;
    const weights = toFile(config, input, params[0], places);
    const map = bias ? value('sums') : name;
    const nodes: OnnxNodeSpec[] = [
      {
        opType: 'Conv',
        inputs: [inputs[0], initializer('cells', [depth, 1, ...kernel], cells)],
        outputs: [value('windows')],
        attributes: { ...windowAttributes(windowGeometry(config, input)), group: channels },
      },
      {
        opType: 'Reshape',
        inputs: [value('windows'), integers('places', [0, depth, places])],
        outputs: [value('columns')],
      },
      { opType: 'Transpose', inputs: [value('columns')], outputs: [value('rows')], attributes: { perm: [2, 0, 1] } },
      {
        opType: 'MatMul',
        inputs: [value('rows'), initializer('kernels', [places, depth, filters], weights)],
        outputs: [value('products')],
      },
      { opType: 'Transpose', inputs: [value('products')], outputs: [value('turned')], attributes: { perm: [1, 2, 0] } },
      {
        opType: 'Reshape',
        inputs: [value('turned'), integers('map', [0, filters, ...spatialOf(outputShape)])],
        outputs: [map],
      },
    ];
    if (!bias) return nodes;
    const added = toChannelsFirst(params[1], 1, outputShape);
    const biases = initializer('bias', [filters, ...spatialOf(outputShape)], added);
    return [...nodes, { opType: 'Add', inputs: [map, biases], outputs: [name] }];
  },
  inFile: {
    read(config, param, data, [input]) {
      const places = placesOf(config, input);
      if (param === 'bias') return toChannelsLast(data, 1, [...places, config.filters]);
      return kernelsFromFile(config, input, data, sizeOf(places));
    },
  },

  toPyTorch(config, { inputShapes: [input], outputShape }) {
    const { kernel, stride, dilation, pad } = windowGeometry(config, input);
    // F.unfold takes maps only: a signal is one row.
    if (kernel.length > 2) return null;
    const row = kernel.length === 1;
    const [before, after] = sidesOf(pad);
    const pair = (values: readonly number[]): string => tuple(row ? [1, ...values] : values);
    const settings = `${pair(kernel)}, dilation=${pair(dilation)}, stride=${pair(stride)}`;
    const depth = sizeOf(kernel) * channelsOf(input);
    return {
      module: `LocalConv(${tuple(spatialOf(outputShape))}, ${depth}, ${config.filters}, bias=${bool(config.bias)})`,
      helper: PYTORCH_CLASS,
      call: (own, [x]) => `${own}(F.unfold(${padded(x, before, after)}${row ? '.unsqueeze(2)' : ''}, ${settings}))`,
    };
  },

  reads(config, region, _input, [input]) {
    return { ...windowRegion(windowGeometry(config, input), region), first: 0, last: channelsOf(input) - 1 };
  },
  explain(config, context) {
    const { inputs, outputShape, params, channel, y, x } = context;
    const [{ shape }] = inputs;
    const { filters, kernel } = config;
    const depth = channelsOf(shape);
    const sizes = spatialOf(outputShape);
    const place = placeAt(outputShape, y, x).reduce((index, each, axis) => index * sizes[axis] + each, 0);
    return explainWindows(windowGeometry(config, shape), context, {
      channels: Array.from({ length: depth }, (_, c) => c),
      weight: (c, cell) => params[0][((place * sizeOf(kernel) + cell) * depth + c) * filters + channel],
      bias: params[1]?.[place * filters + channel] ?? 0,
    });
  },
};

const PYTORCH_CLASS = `class LocalConv(nn.Module):
    """A matrix for each place: columns [N, depth, places] as F.unfold makes them, weight [places, depth, filters]."""

    def __init__(self, places, depth, filters, bias):
        super().__init__()
        self.places = places
        self.weight = nn.Parameter(torch.zeros(math.prod(places), depth, filters))
        self.register_parameter("bias", nn.Parameter(torch.zeros(filters, *places)) if bias else None)

    def forward(self, columns):
        y = torch.einsum("ndp,pdf->nfp", columns, self.weight).unflatten(2, self.places)
        return y if self.bias is None else y + self.bias`;

/** `[places][area][C][F]` → `[places][C][area][F]`, as the file's windows have it. */
function toFile(
  { filters, kernel }: LocalConvConfig,
  input: FeatureShape,
  data: Float32Array,
  places: number,
): Float32Array {
  return exchanged(data, places, sizeOf(kernel), channelsOf(input), filters);
}

/** Kernels of a file, `[places][C][area][F]` → `[places][area][C][F]`. */
export function kernelsFromFile(
  { filters, kernel }: Pick<LocalConvConfig, 'filters' | 'kernel'>,
  input: FeatureShape,
  data: Float32Array,
  places: number,
): Float32Array {
  return exchanged(data, places, channelsOf(input), sizeOf(kernel), filters);
}

/** `[count][rows][columns][run]` with rows and columns exchanged. */
function exchanged(data: Float32Array, count: number, rows: number, columns: number, run: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let k = 0; k < count; k++)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        const from = ((k * rows + r) * columns + c) * run;
        out.set(data.subarray(from, from + run), ((k * columns + c) * rows + r) * run);
      }
  return out;
}
