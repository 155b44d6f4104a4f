import type { LayerSpec } from '../../core/model/spec';
import { sizeOf } from '../../core/tensor';
import { IT, isEmpty, paramsOfIt, runLayers } from '../core';
import type { Call, Operator } from '../call';
import { expanded, reshaped, type FloatValue, type Value } from '../value';
import { fromCore, natural, toCore, type View } from '../view';

/** Runs a layer whose output has the shape of its input. */
export async function runSameShape(
  call: Call,
  x: FloatValue,
  layer: LayerSpec,
  options: { params?: Map<string, Float32Array>; view?: View; training?: boolean } = {},
): Promise<{ value: FloatValue; params: Map<string, Float32Array> }> {
  const view = options.view ?? natural(x.shape);
  if (isEmpty(x.shape)) return { value: x, params: new Map() };
  const result = await runLayers(call.core, toCore(x, view), view.n, view.feature, {
    layers: [{ ...layer, name: IT }],
    params: options.params,
    training: options.training,
  });
  return { value: fromCore(result.output, view, x.shape), params: result.params };
}

/** An activation function: settings by name, with ONNX's default. */
function activation(
  kind: string,
  presets: Record<string, number> | ((opset: number) => Record<string, number>) = {},
): Operator {
  return async (call) => {
    const defaults = typeof presets === 'function' ? presets(call.opset) : presets;
    const settings = Object.entries(defaults).map(([name, preset]) => [name, call.number(name, preset)]);
    return [(await runSameShape(call, call.floats(0), { kind, ...Object.fromEntries(settings) })).value];
  };
}

export const relu = activation('relu');
export const leakyRelu = activation('leakyrelu', { alpha: 0.01 });
export const elu = activation('elu', { alpha: 1 });
/** Version 1 rounded the constants to five digits. */
export const selu = activation('selu', (opset) =>
  opset < 6 ? { alpha: 1.6732, gamma: 1.0507 } : { alpha: 1.67326319217681884765625, gamma: 1.05070102214813232421875 },
);
export const sigmoid = activation('sigmoid');
export const hardSigmoid = activation('hardsigmoid', { alpha: 0.2, beta: 0.5 });
export const tanh = activation('tanh');
export const softplus = activation('softplus');

export const hardSwish = activation('hardswish');
export const gelu: Operator = async (call) => {
  const layer = { kind: 'gelu', approximate: call.text('approximate', 'none') };
  return [(await runSameShape(call, call.floats(0), layer)).value];
};

/** The slope is repeated to the shape of x; up to version 6 it belongs to the channels. */
export const pRelu: Operator = (call) => {
  const x = call.floats(0);
  const given = call.floats(1);
  const rank = x.shape.length;
  const slope =
    call.opset < 7 && given.shape.length === 1 && rank > 2 ? reshaped(given, alongChannels(given, rank)) : given;
  const aligned = [...Array<number>(Math.max(0, rank - slope.shape.length)).fill(1), ...slope.shape];
  const run = async (slopes: string, data: Float32Array, view?: View): Promise<Value[]> => {
    const result = await runSameShape(
      call,
      x,
      { kind: 'prelu', slopes },
      { params: paramsOfIt({ slope: data }), view },
    );
    return [result.value];
  };
  if (sizeOf(aligned) === 1) return run('shared', slope.data);
  if (rank > 1 && aligned.every((size, axis) => size === (axis === 1 ? x.shape[1] : 1)))
    return run('channel', slope.data);
  // A slope for each unit; where the samples differ too, they are units of one sample.
  const view: View = aligned[0] === 1 && rank > 1 ? natural(x.shape) : natural([1, ...x.shape]);
  const all = expanded(slope, rank > 1 && aligned[0] === 1 ? [1, ...x.shape.slice(1)] : x.shape);
  return run('element', toCore(all, { n: 1, feature: view.feature }), view);
};

function alongChannels(slope: FloatValue, rank: number): number[] {
  return [1, slope.shape[0], ...Array<number>(rank - 2).fill(1)];
}
