import { axisOf } from '../../core/kernels/reference/softmax';
import type { AveragePoolConfig } from '../../core/layers/avgpool';
import type { ConvConfig } from '../../core/layers/conv';
import { bool, neededSides, tuple } from '../../core/layers/pytorch';
import type { GraphLayer } from '../../core/model/graph';
import { channelsFirst } from '../../core/tensor';

/** A layer in Keras: the layer it owns, if any, and the expression that it computes of the values `x`. */
export interface KerasLayer {
  /** Without its name: `layers.Dense(3`. */
  layer?: string;
  /** @param own the layer in Python. */
  call(own: string, x: readonly string[]): string;
}

const axesOf = ({ inputShapes: [input] }: GraphLayer): number => input.length - 1;
const channelsOf = ({ inputShapes: [input] }: GraphLayer): number => input[input.length - 1];
const spatial = (layer: GraphLayer): string => tuple(Array.from({ length: axesOf(layer) }, (_, axis) => axis + 1));
const isEmpty = (...cells: readonly (readonly number[])[]): boolean => cells.flat().every((count) => count === 0);

function padded(x: string, before: readonly number[], after: readonly number[], value: string): string {
  if (isEmpty(before, after)) return x;
  const widths = ['(0, 0)', ...before.map((cells, axis) => tuple([cells, after[axis]])), '(0, 0)'];
  return `ops.pad(${x}, (${widths.join(', ')}), constant_values=${value})`;
}

const of = (call: (x: string) => string): KerasLayer => ({ call: (_own, [x]) => call(x) });
const own = (text: string): KerasLayer => ({ layer: text, call: (name, [x]) => `${name}(${x})` });
/** Values of one tensor, joined where all have one shape. */
const joined =
  (name: string) =>
  ({ inputShapes, outputShape }: GraphLayer): KerasLayer | null =>
    inputShapes.every((shape) => shape.join() === outputShape.join())
      ? { call: (_own, x) => `layers.${name}()([${x.join(', ')}])` }
      : null;

/** Whether the channels of the inputs lie one after the other. */
function concatenates({ inputShapes, outputShape }: GraphLayer): boolean {
  const total = inputShapes.reduce((sum, shape) => sum + shape[shape.length - 1], 0);
  return total === outputShape[outputShape.length - 1];
}

type Form = (layer: GraphLayer, config: Record<string, never>) => KerasLayer | null;
const plain =
  (text: string): Form =>
  () =>
    of((x) => text.replace('x', x));

/** Channels last; what a kind with these settings cannot be said as is null. Flat values are in Convscope's order (C, H, W). */
export const kerasLayers: Record<string, Form> = {
  conv(layer) {
    const { filters, groups, bias } = layer.config as ConvConfig;
    const { kernel, stride, dilation, pad } = layer.window!;
    // Keras has no strided dilated convolution.
    if (stride.some((step) => step > 1) && dilation.some((step) => step > 1)) return null;
    const settings = `${filters}, ${tuple(kernel)}, strides=${tuple(stride)}, dilation_rate=${tuple(dilation)}, groups=${groups}, use_bias=${bool(bias)}`;
    const [before, after] = [pad.slice(0, kernel.length), pad.slice(kernel.length)];
    return {
      layer: `layers.Conv${axesOf(layer)}D(${settings}`,
      call: (name, [x]) => `${name}(${padded(x, before, after, '0.0')})`,
    };
  },
  dense: (_layer, { units, bias }) => own(`layers.Dense(${units}, use_bias=${bool(bias)}`),
  relu: plain('ops.relu(x)'),
  relu6: plain('ops.relu6(x)'),
  silu: plain('ops.silu(x)'),
  hardswish: plain('ops.hard_silu(x)'),
  softplus: plain('ops.softplus(x)'),
  sigmoid: plain('ops.sigmoid(x)'),
  tanh: plain('ops.tanh(x)'),
  leakyrelu: (_layer, { alpha }) => of((x) => `ops.leaky_relu(${x}, ${alpha})`),
  elu: (_layer, { alpha }) => of((x) => `ops.elu(${x}, ${alpha})`),
  selu: (_layer, { alpha, gamma }) => of((x) => `${gamma} * ops.elu(${x}, ${alpha})`),
  hardsigmoid: (_layer, { alpha, beta }) => of((x) => `ops.clip(${alpha} * ${x} + ${beta}, 0.0, 1.0)`),
  gelu: (_layer, { approximate }) => of((x) => `ops.gelu(${x}, approximate=${bool(approximate !== 'none')})`),
  prelu(layer, { slopes }) {
    const places = Array.from({ length: axesOf(layer) }, (_, axis) => axis + 1);
    if (slopes === 'element' && places.length > 0) return null;
    const shared = slopes === 'shared' ? [...places, places.length + 1] : places;
    return own(`layers.PReLU(shared_axes=${shared.length > 0 ? `[${shared.join(', ')}]` : 'None'}`);
  },
  softmax: (layer, { axis }) => of((x) => `ops.softmax(${x}, axis=${placeOf(layer, axis)})`),
  logsoftmax: (layer, { axis }) => of((x) => `ops.log_softmax(${x}, axis=${placeOf(layer, axis)})`),
  maxpool(layer) {
    const { kernel, stride, dilation } = layer.window!;
    if (dilation.some((step) => step !== 1)) return null;
    const { before, after } = neededSides(layer.window!, layer);
    const pool = `layers.MaxPooling${axesOf(layer)}D(${tuple(kernel)}, strides=${tuple(stride)})`;
    return of((x) => `${pool}(${padded(x, before, after, '-float("inf")')})`);
  },
  avgpool(layer) {
    const { countPadding } = layer.config as AveragePoolConfig;
    const { kernel, stride, dilation, pad } = layer.window!;
    if (dilation.some((step) => step !== 1)) return null;
    const { before, after } = neededSides(layer.window!, layer);
    const pool = `layers.AveragePooling${axesOf(layer)}D(${tuple(kernel)}, strides=${tuple(stride)})`;
    if (isEmpty(before, after)) return of((x) => `${pool}(${x})`);
    // The window's mean ÷ the share of it that counts.
    const inside = after.map((cells, axis) => Math.min(cells, pad[kernel.length + axis]));
    const beyond = after.map((cells, axis) => cells - inside[axis]);
    const none = before.map(() => 0);
    return of((x) => {
      const cells = padded(`ops.ones_like(${x})`, before, inside, countPadding ? '1.0' : '0.0');
      const counted = `${pool}(${padded(cells, none, beyond, '0.0')})`;
      return `${pool}(${padded(x, before, after, '0.0')}) / ops.maximum(${counted}, 1e-9)`;
    });
  },
  globalavgpool: (layer) => of((x) => `ops.mean(${x}, axis=${spatial(layer)}, keepdims=True)`),
  globalmaxpool: (layer) => of((x) => `ops.max(${x}, axis=${spatial(layer)}, keepdims=True)`),
  batchnorm: (_layer, { momentum, epsilon }) =>
    own(`layers.BatchNormalization(momentum=${momentum}, epsilon=${epsilon}`),
  lrn(layer, { size, alpha, beta, bias }) {
    const channels = channelsOf(layer);
    const widths = [...Array.from({ length: axesOf(layer) + 1 }, () => '(0, 0)')].join(', ');
    return of((x) => {
      const around = `ops.pad(ops.square(${x}), (${widths}, (${Math.floor(size / 2)}, ${Math.floor((size - 1) / 2)})))`;
      return `${x} / (${bias} + ${alpha / size} * sum(${around}[..., i : i + ${channels}] for i in range(${size}))) ** ${beta}`;
    });
  },
  dropout: (_layer, { rate }) => own(`layers.Dropout(${rate}`),
  flatten: (layer) =>
    of((x) => (axesOf(layer) > 0 ? `layers.Flatten()(${toChannelsFirst(layer.inputShapes[0], x)})` : x)),
  reshape({ inputShapes: [input], outputShape }) {
    const shape = `(-1, ${channelsFirst(outputShape).join(', ')})`;
    return of((x) => toChannelsLast(outputShape, `ops.reshape(${toChannelsFirst(input, x)}, ${shape})`));
  },
  add: joined('Add'),
  multiply: joined('Multiply'),
  maxout({ outputShape }, { pieces }) {
    const shape = [...outputShape.slice(0, -1), pieces, outputShape[outputShape.length - 1]];
    return of((x) => `ops.max(ops.reshape(${x}, (-1, ${shape.join(', ')})), axis=-2)`);
  },
  concat: (layer) => (concatenates(layer) ? { call: (_own, x) => `layers.Concatenate()([${x.join(', ')}])` } : null),
};

const placeOf = ({ inputShapes: [input] }: GraphLayer, axis: string): number =>
  axis === 'channel' ? -1 : axisOf(axis as never, input) + 1;

function toChannelsFirst(shape: readonly number[], x: string): string {
  const places = Array.from({ length: shape.length - 1 }, (_, axis) => axis + 1);
  return places.length === 0 ? x : `layers.Permute(${tuple([places.length + 1, ...places])})(${x})`;
}

function toChannelsLast(shape: readonly number[], x: string): string {
  const places = Array.from({ length: shape.length - 1 }, (_, axis) => axis + 2);
  return places.length === 0 ? x : `layers.Permute(${tuple([...places, 1])})(${x})`;
}
