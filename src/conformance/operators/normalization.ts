import { paramKey } from '../../core/model/graph';
import { sizeOf } from '../../core/tensor';
import { IT, paramsOfIt } from '../core';
import type { Operator } from '../call';
import { NotKnown } from '../not-known';
import { expanded, floats, permuted, type FloatValue, type Value } from '../value';
import { natural, type View } from '../view';
import { runSameShape } from './elementwise';

/**
 * Versions 1 and 6 say `is_test`, 7 and 9 train where there are more outputs than one, 14 and 15 say `training_mode`. Up to version 7
 * `spatial` 0 keeps statistics for every unit instead of every channel: then each unit is a channel.
 */
export const batchNormalization: Operator = async (call) => {
  const x = call.floats(0);
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((index) => call.floats(index).data);
  const { opset, node } = call;
  const outputs = node.outputs.filter((name) => name !== '').length;
  const training =
    opset < 7 ? call.number('is_test', 0) === 0 : opset < 14 ? outputs > 1 : call.number('training_mode', 0) === 1;
  const perUnit = opset < 9 && call.number('spatial', 1) === 0;
  const view: View = perUnit ? { n: x.shape[0], feature: [sizeOf(x.shape.slice(1))] } : natural(x.shape);
  const layer = { kind: 'batchnorm', epsilon: call.number('epsilon', 1e-5), momentum: call.number('momentum', 0.9) };
  const { value, params } = await runSameShape(call, x, layer, {
    params: paramsOfIt({ scale, shift, mean, variance }),
    view,
    training,
  });
  if (!training) return [value];
  const running = (name: string, like: FloatValue): FloatValue => floats(like.shape, params.get(paramKey(IT, name))!);
  return [value, running('mean', call.floats(3)), running('variance', call.floats(4))];
};

/** Before version 13 everything from the axis on is one list; from then on the axis alone. */
function softmaxFamily(kind: string): Operator {
  return async (call) => {
    const x = call.floats(0);
    const rank = x.shape.length;
    if (call.opset < 13) {
      const axis = call.axis('axis', 1, rank);
      const rows = sizeOf(x.shape.slice(0, axis));
      const view: View = { n: rows, feature: [sizeOf(x.shape.slice(axis))] };
      return [(await runSameShape(call, x, { kind }, { view })).value];
    }
    const axis = call.axis('axis', -1, rank);
    const named =
      rank === 4 ? [null, 'channel', 'height', 'width'] : rank === 3 ? [null, 'channel', 'width'] : [null, 'channel'];
    const own = rank === 1 ? 'channel' : (named[axis] ?? null);
    if (own !== null && rank <= 4) return [(await runSameShape(call, x, { kind, axis: own })).value];
    // Any other axis is moved to the end; the rest are samples.
    const order = [...x.shape.keys()].filter((each) => each !== axis).concat(axis);
    const turned = permuted(x, order);
    const view: View = { n: sizeOf(turned.shape.slice(0, -1)), feature: [x.shape[axis]] };
    const back = order.map((_, each) => order.indexOf(each));
    return [permuted((await runSameShape(call, turned, { kind }, { view })).value, back)];
  };
}

export const softmax = softmaxFamily('softmax');
export const logSoftmax = softmaxFamily('logsoftmax');

/**
 * Versions 1 and 6 say `is_test`, 7 and 10 are inference, from 12 on ratio and mode are inputs. Training with a ratio
 * above 0 is random, so no file can state the expected outcome.
 */
export const dropout: Operator = async (call) => {
  const { opset } = call;
  const ratio = opset < 12 ? call.number('ratio', 0.5) : (call.optionalFloats(1)?.data[0] ?? 0.5);
  const training = opset < 7 ? call.number('is_test', 0) === 0 : opset >= 12 && isTrue(call.value(2));
  if (training && ratio > 0) throw new NotKnown('random dropout');
  const rate = Math.min(ratio, 1 - 2 ** -24);
  return [(await runSameShape(call, call.floats(0), { kind: 'dropout', rate }, { training })).value];
};

function isTrue(value: Value | null): boolean {
  return value?.kind === 'boolean' && value.data[0];
}

/** The axes from `axis` on share mean and variance; what lies before them are samples. The layer does not give mean and deviation. */
export const layerNormalization: Operator = async (call) => {
  const x = call.floats(0);
  const axis = call.axis('axis', -1, x.shape.length);
  const size = sizeOf(x.shape.slice(axis));
  const view: View = { n: sizeOf(x.shape.slice(0, axis)), feature: [size] };
  const layer = { kind: 'layernorm', epsilon: call.number('epsilon', 1e-5) };
  const scale = expanded(call.floats(1), x.shape.slice(axis)).data;
  const given = call.optionalFloats(2);
  const shift = given ? expanded(given, x.shape.slice(axis)).data : new Float32Array(size);
  return [(await runSameShape(call, x, layer, { params: paramsOfIt({ scale, shift }), view })).value, null, null];
};

export const instanceNormalization: Operator = async (call) => {
  const x = call.floats(0);
  const [scale, shift] = [call.floats(1).data, call.floats(2).data];
  const layer = { kind: 'instancenorm', epsilon: call.number('epsilon', 1e-5) };
  return [(await runSameShape(call, x, layer, { params: paramsOfIt({ scale, shift }) })).value];
};

/** Version 18 has scale and shift per group, from 21 on they are per channel. */
export const groupNormalization: Operator = async (call) => {
  const x = call.floats(0);
  const groups = call.number('num_groups', 1);
  const depth = x.shape[1] / groups;
  const perChannel = ({ data }: FloatValue): Float32Array =>
    call.opset < 21 ? Float32Array.from({ length: x.shape[1] }, (_, c) => data[Math.floor(c / depth)]) : data;
  const [scale, shift] = [perChannel(call.floats(1)), perChannel(call.floats(2))];
  const layer = { kind: 'groupnorm', groups, epsilon: call.number('epsilon', 1e-5) };
  return [(await runSameShape(call, x, layer, { params: paramsOfIt({ scale, shift }) })).value];
};

export const lrn: Operator = async (call) => {
  const layer = {
    kind: 'lrn',
    size: call.number('size', 1),
    alpha: call.number('alpha', 1e-4),
    beta: call.number('beta', 0.75),
    bias: call.number('bias', 1),
  };
  return [(await runSameShape(call, call.floats(0), layer)).value];
};
