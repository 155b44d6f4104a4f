import { toChannelsLast } from '../../core/layers/layout';
import { IT, paramsOfIt, runLayers } from '../core';
import { expectWindow, type Call, type Operator } from '../call';
import { fromCore, natural, toCore, type View } from '../view';
import type { FeatureShape } from '../../core/tensor';
import type { Value } from '../value';

/** ONNX's auto_pad and pads (`[starts…, ends…]`) as a layer's padding. */
function paddingOf(call: Call): string | number[] {
  const mode = call.text('auto_pad', 'NOTSET');
  if (mode === 'SAME_UPPER') return 'same';
  if (mode === 'SAME_LOWER') return 'same-lower';
  if (mode === 'VALID') return 'valid';
  const pads = call.integersOf('pads');
  if (!pads) return 'valid';
  return pads;
}

/** On one, two or three spatial dimensions: a signal, a map, a volume. */
async function runWindow(
  call: Call,
  layer: { kind: string; [setting: string]: unknown },
  params?: Map<string, Float32Array>,
): Promise<Value[]> {
  const x = call.floats(0);
  const [n, channels, ...places] = x.shape;
  const view: View = { n, feature: [...places, channels] };
  const { output, feature } = await runLayers(call.core, toCore(x, view), n, view.feature, {
    layers: [{ ...layer, name: IT }],
    params,
  });
  return [fromCore(output, { n, feature }, [n, feature[feature.length - 1], ...feature.slice(0, -1)])];
}

/** A setting that is 1 along every axis where it is left out. */
const alongAxes = (call: Call, name: string): number[] | number => call.integersOf(name) ?? 1;

export const conv: Operator = (call) => {
  expectWindow(call.floats(0).shape);
  const weight = call.floats(1);
  const bias = call.optionalFloats(2);
  const [filters, depth, ...kernel] = weight.shape;
  const layer = {
    kind: 'conv',
    filters,
    kernel,
    stride: alongAxes(call, 'strides'),
    dilation: alongAxes(call, 'dilations'),
    padding: paddingOf(call),
    groups: call.number('group', 1),
    bias: bias !== null,
  };
  const params = { weight: toChannelsLast(weight.data, filters, [...kernel, depth]), bias: bias?.data ?? null };
  return runWindow(call, layer, paramsOfIt(params));
};

function poolSettings(call: Call): Record<string, unknown> {
  expectWindow(call.floats(0).shape);
  return {
    size: alongAxes(call, 'kernel_shape'),
    stride: alongAxes(call, 'strides'),
    dilation: alongAxes(call, 'dilations'),
    padding: paddingOf(call),
    ceil: call.number('ceil_mode', 0) === 1,
  };
}

export const maxPool: Operator = (call) => runWindow(call, { kind: 'maxpool', ...poolSettings(call) });

export const averagePool: Operator = (call) =>
  runWindow(call, {
    kind: 'avgpool',
    ...poolSettings(call),
    countPadding: call.number('count_include_pad', 0) === 1,
  });

/** Every place of the map counts alike, so any number of spatial dimensions is a plane. */
function globalPool(kind: string): Operator {
  return async (call) => {
    const x = call.floats(0);
    const { n, feature } = natural(x.shape);
    const map: FeatureShape = feature.length === 1 ? [1, 1, feature[0]] : feature;
    const { output } = await runLayers(call.core, toCore(x, { n, feature: map }), n, map, {
      layers: [{ kind, name: IT }],
    });
    const shape = x.shape.map((size, axis) => (axis < 2 ? size : 1));
    return [fromCore(output, { n, feature: [1, 1, map[2]] }, shape)];
  };
}

export const globalAveragePool = globalPool('globalavgpool');
export const globalMaxPool = globalPool('globalmaxpool');
