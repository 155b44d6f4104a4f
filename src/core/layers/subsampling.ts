import { explainWindows } from '../explain/window';
import { channelsOf, windowRegion, type WindowGeometry } from '../geometry';
import { convBackward, convForward, type ConvGeometry } from '../kernels/reference/conv';
import { sizeOf, type FeatureShape, type FloatArray } from '../tensor';
import type { LayerDefinition } from './layer';
import { module, tuple } from './pytorch';
import { shortPerAxis } from './settings';
import { plainTraits } from './traits';
import { mapShape, windowAttributes, windowOutput, WINDOW_LIMIT } from './window';

export interface SubsamplingConfig {
  kernel: readonly number[];
  stride: readonly number[];
}

const windowOf = ({ kernel, stride }: SubsamplingConfig): WindowGeometry => ({
  kernel,
  stride,
  dilation: kernel.map(() => 1),
  pad: kernel.flatMap(() => [0, 0]),
});

/** A convolution of each channel by itself, all cells of a kernel being the channel's slope. */
const geometry = (config: SubsamplingConfig, n: number, input: FeatureShape, output: FeatureShape): ConvGeometry => ({
  window: windowOf(config),
  n,
  input,
  output,
  groups: channelsOf(input),
});

const PYTORCH_CLASS = `class Subsampling(nn.Module):
    """The sum of each window, times a factor and plus a bias, one of each for every channel."""

    def __init__(self, channels, kernel, stride):
        super().__init__()
        self.kernel, self.stride = kernel, stride
        self.weight = nn.Parameter(torch.full((channels,), 1 / math.prod(kernel)))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        kernels = self.weight.view(-1, 1, *(1 for _ in self.kernel)).expand(-1, 1, *self.kernel)
        conv = (F.conv1d, F.conv2d, F.conv3d)[len(self.kernel) - 1]
        return conv(x, kernels, self.bias, self.stride, groups=len(self.bias))`;

/** `[C]` → `[C, area]`. */
function repeated<A extends FloatArray>(slopes: A, area: number): A {
  const all = new (slopes.constructor as new (size: number) => A)(slopes.length * area);
  slopes.forEach((slope, c) => all.fill(slope, c * area, (c + 1) * area));
  return all;
}

/**
 * Trainable subsampling: y[oy, ox, c] = slope[c] · Σ x over the window + bias[c]. x `[H, W, C]`, y `[OH, OW, C]`, slope and bias `[C]`; signals and volumes along
 * their axes. A slope starts as 1 ÷ cells of the window, so that a fresh layer takes the mean. In ONNX a depthwise convolution whose kernels repeat
 * the slope. Settings: size, stride (= size). Source: LeCun, Bottou, Bengio & Haffner 1998, layers S2 and S4.
 */
export const subsampling: LayerDefinition<SubsamplingConfig> = {
  kind: 'subsampling',
  arity: 'one',

  parse(settings) {
    const kernel = settings.perAxis('size', undefined, 1, WINDOW_LIMIT);
    return { kernel, stride: settings.perAxis('stride', kernel, 1, WINDOW_LIMIT) };
  },
  settings: ({ kernel, stride }) => ({ size: shortPerAxis(kernel), stride: shortPerAxis(stride) }),

  outputShape: (config, [input], name) => [
    ...windowOutput(windowOf(config), mapShape(input, name), false, name, 'size'),
    channelsOf(input),
  ],
  window: (config) => windowOf(config),

  params({ kernel }, [input]) {
    const area = sizeOf(kernel);
    const common = { shape: [channelsOf(input)], trainable: true, decay: false, fanIn: area, fanOut: 1 };
    return [
      { name: 'slope', init: 1 / area, ...common },
      { name: 'bias', init: 0, ...common },
    ];
  },
  macs: ({ kernel }, _inputs, output) => sizeOf(output) * sizeOf(kernel),

  traits: () => plainTraits,

  forward(config, { n, inputShapes: [input], outputShape, params: [slopes, biases], x, y }) {
    const kernels = repeated(slopes, sizeOf(config.kernel));
    convForward(geometry(config, n, input, outputShape), x[0], kernels, biases, y);
  },
  backward(config, { n, inputShapes: [input], outputShape, params: [slopes], x, dy, dx, dParams: [dSlopes, dBiases] }) {
    const area = sizeOf(config.kernel);
    const kernels = repeated(slopes, area);
    const dKernels = dSlopes && kernels.slice().fill(0);
    const shapes = geometry(config, n, input, outputShape);
    convBackward(shapes, x[0], kernels, dy, dx[0], dKernels as typeof kernels | undefined, dBiases);
    if (dSlopes) dKernels?.forEach((value, i) => (dSlopes[Math.floor(i / area)] += value));
  },

  toOnnx(config, { name, inputs, inputShapes: [input], params: [slopes, biases], initializer }) {
    const channels = channelsOf(input);
    const kernels = initializer('slope', [channels, 1, ...config.kernel], repeated(slopes, sizeOf(config.kernel)));
    const all = [inputs[0], kernels, initializer('bias', [channels], biases)];
    const attributes = { ...windowAttributes(windowOf(config)), group: channels };
    return [{ opType: 'Conv', inputs: all, outputs: [name], attributes }];
  },
  inFile: {
    size: ({ kernel }, param, [input]) => channelsOf(input) * (param === 'slope' ? sizeOf(kernel) : 1),
    read(config, param, data) {
      const area = sizeOf(config.kernel);
      return param === 'slope' ? data.filter((_, i) => i % area === 0) : data;
    },
  },

  toPyTorch: ({ kernel, stride }, { inputShapes: [input] }) => ({
    ...module(`Subsampling(${channelsOf(input)}, ${tuple(kernel)}, ${tuple(stride)})`),
    helper: PYTORCH_CLASS,
  }),

  reads: (config, region) => windowRegion(windowOf(config), region),
  explain(config, context) {
    const [slopes, biases] = context.params;
    const { channel } = context;
    const weight = (): number => slopes[channel];
    return explainWindows(windowOf(config), context, { channels: [channel], weight, bias: biases[channel] });
  },
};
