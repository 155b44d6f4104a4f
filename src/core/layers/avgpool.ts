import { explainAveragePool } from '../explain/window';
import { averagePoolBackward, averagePoolForward, poolDivisor } from '../kernels/reference/pool';
import { kerasPadded } from './keras';
import type { LayerDefinition, OnnxContext, OnnxNodeSpec } from './layer';
import { expression, neededSides, padded, sidesOf, tuple, type ScriptContext } from './pytorch';
import { parsePool, poolGeometry, poolOutput, poolRounding, poolSettings, type PoolConfig } from './pooling';
import { channelsOf, spatialOf, windowRegion, type WindowGeometry } from '../geometry';
import { eachWindow } from '../kernels/reference/windows';
import { sizeOf } from '../tensor';
import { spread, windowAttributes, windowGeometry } from './window';
import { plainTraits } from './traits';

export interface AveragePoolConfig extends PoolConfig {
  countPadding: boolean;
}

/**
 * Average pooling: y[oy, ox, c] = Σ window ÷ divisor. x `[H, W, C]`, y `[OH, OW, C]`; signals and volumes along their axes. The divisor is
 * the number of cells inside the map or, with countPadding, inside the map and its padding; cells that ceil mode adds beyond the padding
 * never count. A window without a counted cell gives 0. Settings: size, stride (= size), padding 'valid', dilation 1, ceil false, countPadding false.
 * Source: LeCun et al. 1998 (there with a trained factor); padding, dilation and ceil mode as ONNX AveragePool 19.
 */
export const avgpool: LayerDefinition<AveragePoolConfig> = {
  kind: 'avgpool',
  arity: 'one',

  parse(settings, name) {
    const config = { ...parsePool(settings, name), countPadding: settings.boolean('countPadding', false) };
    return config;
  },
  settings: (config) => ({ ...poolSettings(config), countPadding: config.countPadding }),

  outputShape: (config, [input], name) => poolOutput(config, input, name),
  window: (config, [input]) => windowGeometry(config, input),

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs' }),

  forward(config, { n, inputShapes, outputShape, x, y }) {
    averagePoolForward(poolGeometry(config, n, inputShapes[0], outputShape), config.countPadding, x[0], y);
  },
  backward(config, { n, inputShapes, outputShape, dy, dx }) {
    const geometry = poolGeometry(config, n, inputShapes[0], outputShape);
    if (dx[0]) averagePoolBackward(geometry, config.countPadding, dy, dx[0]);
  },

  toOnnx(config, context) {
    const { countPadding, dilation } = config;
    const rounding = poolRounding(config, context.inputShapes[0], context.outputShape);
    // AveragePool has dilations only from opset 19 on, and one ceil_mode for all axes.
    if (dilation.some((each) => each > 1) || rounding === null) return sumAndScale(config, context);
    const { kernel_shape, strides, pads } = windowAttributes(windowGeometry(config, context.inputShapes[0]));
    const attributes = {
      kernel_shape,
      strides,
      pads,
      ceil_mode: rounding,
      count_include_pad: Number(countPadding),
    };
    return [{ opType: 'AveragePool', inputs: [context.inputs[0]], outputs: [context.name], attributes }];
  },

  toPyTorch({ countPadding, ...config }, context) {
    const window = windowGeometry(config, context.inputShapes[0]);
    const { kernel, stride, dilation } = window;
    if (dilation.some((step) => step !== 1)) return null;
    const { before, after, inside, beyond, none } = paddings(window, context);
    const pool = (x: string): string => `F.avg_pool${kernel.length}d(${x}, ${tuple(kernel)}, ${tuple(stride)})`;
    if (isNothing(before, after)) return expression(pool);
    return expression((x) => {
      const cells = padded(`torch.ones_like(${x})`, before, inside, countPadding ? '1.0' : '0.0');
      const counted = pool(padded(cells, none, beyond));
      return `${pool(padded(x, before, after))} / ${counted}.clamp(min=1e-9)`;
    });
  },

  toKeras({ countPadding, ...config }, context) {
    const window = windowGeometry(config, context.inputShapes[0]);
    const { kernel, stride, dilation } = window;
    if (dilation.some((step) => step !== 1)) return null;
    const { before, after, inside, beyond, none } = paddings(window, context);
    const settings = `${tuple(kernel)}, strides=${tuple(stride)}`;
    const pool = (x: string): string => `layers.AveragePooling${kernel.length}D(${settings})(${x})`;
    if (isNothing(before, after)) return expression(pool);
    return expression((x) => {
      const cells = kerasPadded(`ops.ones_like(${x})`, before, inside, countPadding ? '1.0' : '0.0');
      const counted = pool(kerasPadded(cells, none, beyond));
      return `${pool(kerasPadded(x, before, after))} / ops.maximum(${counted}, 1e-9)`;
    });
  },

  reads: (config, region, _input, [input]) => windowRegion(windowGeometry(config, input), region),
  explain: (config, context) =>
    explainAveragePool(windowGeometry(config, context.inputs[0].shape), config.countPadding, context),
};

/**
 * The needed padding, in two parts after each axis: `inside` is padding of the layer's settings, `beyond` cells that the last window of
 * ceil mode reaches behind it and never counts. A script computes the mean over all cells ÷ the share of the cells that count.
 */
function paddings(
  window: WindowGeometry,
  context: ScriptContext,
): Record<'before' | 'after' | 'inside' | 'beyond' | 'none', readonly number[]> {
  const { before, after } = neededSides(window, context);
  const [none, inside] = [
    before.map(() => 0),
    after.map((cells, axis) => Math.min(cells, sidesOf(window.pad)[1][axis])),
  ];
  return { before, after, inside, beyond: after.map((cells, axis) => cells - inside[axis]), none };
}

const isNothing = (...sides: readonly (readonly number[])[]): boolean => sides.flat().every((cells) => cells === 0);

/** Average pooling as a depthwise convolution with ones, times a map of 1 ÷ divisor. */
function sumAndScale(config: AveragePoolConfig, context: OnnxContext): OnnxNodeSpec[] {
  const geometry = poolGeometry(config, 1, context.inputShapes[0], context.outputShape);
  const { kernel, stride, dilation, pad } = geometry.window;
  const sizes = spatialOf(geometry.input);
  const places = spatialOf(geometry.output);
  const channels = channelsOf(geometry.input);
  // Ceil mode becomes padding at the end, as much as the last window needs.
  const ends = sizes.map((size, axis) =>
    Math.max(0, (places[axis] - 1) * stride[axis] + spread(kernel[axis], dilation[axis]) - size - pad[axis]),
  );
  const pads = [...pad.slice(0, sizes.length), ...ends];
  const ones = new Float32Array(channels * sizeOf(kernel)).fill(1);
  const scales = new Float32Array(sizeOf(places));
  eachWindow(geometry, (window, _first, _cells, at) => {
    scales[window] = 1 / (poolDivisor(geometry, at, config.countPadding) || 1);
  });
  const sums = `${context.name}.sums`;
  const weights = context.initializer('ones', [channels, 1, ...kernel], ones);
  const factors = context.initializer('factors', [1, 1, ...places], scales);
  const attributes = { ...windowAttributes({ kernel, stride, dilation, pad }), pads, group: channels };
  return [
    { opType: 'Conv', inputs: [context.inputs[0], weights], outputs: [sums], attributes },
    { opType: 'Mul', inputs: [sums, factors], outputs: [context.name] },
  ];
}
