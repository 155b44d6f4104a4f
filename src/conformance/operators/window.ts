import { toChannelsLast } from '../../core/layers/layout';
import { IT, paramsOfIt, runLayers } from '../core';
import { expectPlane, type Call, type Operator } from '../call';
import { fromCore, natural, toCore, type View } from '../view';
import type { FeatureShape } from '../../core/tensor';
import type { Value } from '../value';

/** Two numbers, rows first; one spatial dimension is the second of two. */
function pair(values: readonly number[] | null, preset: number): [number, number] {
  if (!values) return [preset, preset];
  return values.length === 1 ? [1, values[0]] : [values[0], values[1]];
}

/** ONNX's auto_pad and pads (`[starts…, ends…]`) as a layer's padding. */
function paddingOf(call: Call): string | number[] {
  const mode = call.text('auto_pad', 'NOTSET');
  if (mode === 'SAME_UPPER') return 'same';
  if (mode === 'SAME_LOWER') return 'same-lower';
  if (mode === 'VALID') return 'valid';
  const pads = call.integersOf('pads');
  if (!pads) return 'valid';
  return pads.length === 2 ? [0, pads[0], 0, pads[1]] : pads;
}

/** Rows and columns of a result as ONNX shapes it: one dimension for one. */
function shapeOf(rank: number, n: number, feature: FeatureShape): number[] {
  const [height, width, channels] = feature as readonly [number, number, number];
  return rank === 3 ? [n, channels, width] : [n, channels, height, width];
}

/** `[N, C, L]` and `[N, C, H, W]` are maps even where a place has one dimension only. */
async function runWindow(
  call: Call,
  layer: { kind: string; [setting: string]: unknown },
  params?: Map<string, Float32Array>,
): Promise<Value[]> {
  const x = call.floats(0);
  const [n, channels, ...places] = x.shape;
  const view: View = { n, feature: places.length === 1 ? [1, places[0], channels] : [places[0], places[1], channels] };
  const { output, feature } = await runLayers(call.core, toCore(x, view), view.n, view.feature, {
    layers: [{ ...layer, name: IT }],
    params,
  });
  return [fromCore(output, { n: view.n, feature }, shapeOf(x.shape.length, view.n, feature))];
}

export const conv: Operator = (call) => {
  expectPlane(call.floats(0).shape);
  const weight = call.floats(1);
  const bias = call.optionalFloats(2);
  const [filters, depth, ...sizes] = weight.shape;
  const kernel = pair(sizes, 1);
  const layer = {
    kind: 'conv',
    filters,
    kernel,
    stride: pair(call.integersOf('strides'), 1),
    dilation: pair(call.integersOf('dilations'), 1),
    padding: paddingOf(call),
    groups: call.number('group', 1),
    bias: bias !== null,
  };
  const params = { weight: toChannelsLast(weight.data, filters, [...kernel, depth]), bias: bias?.data ?? null };
  return runWindow(call, layer, paramsOfIt(params));
};

function poolSettings(call: Call): Record<string, unknown> {
  expectPlane(call.floats(0).shape);
  return {
    size: pair(call.integersOf('kernel_shape'), 1),
    stride: pair(call.integersOf('strides'), 1),
    dilation: pair(call.integersOf('dilations'), 1),
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
