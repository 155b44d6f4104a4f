/** Matrix products with weights. */
import { say } from '../../../words';
import type { FloatArray } from '../../tensor';
import type { NodeCall, TakeNode } from './call';
import { BATCH, dimsOf, type Constant, type Features, type Held } from './values';

/** A matrix `[O, I]` in our order of features. @param across whether the file has it as `[I, O]`. */
function matrix(weight: Constant, across: boolean, places: Int32Array | null, scale: number): FloatArray {
  const [rows, columns] = weight.shape.slice(-2);
  const numbers = weight.numbers();
  if (!across && !places && scale === 1) return numbers;
  const [units, inputs] = across ? [columns, rows] : [rows, columns];
  const sorted = new Float32Array(units * inputs);
  for (let u = 0; u < units; u++)
    for (let i = 0; i < inputs; i++)
      sorted[u * inputs + (places ? places[i] : i)] =
        scale * (across ? numbers[i * columns + u] : numbers[u * columns + i]);
  return sorted;
}

export const gemm: TakeNode = (call) => {
  const input = call.taking.flat(call.raw(0), call.node);
  if (call.int('transA', 0) !== 0) call.refuseAttribute('transA', 1, 0);
  const weight = call.needed(1);
  const across = call.int('transB', 0) === 0;
  const units = weight.shape[across ? 1 : 0];
  const added = call.constant(2);
  const beta = call.float('beta', 1);
  const bias = added && beta !== 0 ? biasOf(call, added, units).map((value) => value * beta) : null;
  return call.emit('dense', { units, bias: bias !== null }, [input], {
    weight: matrix(weight, across, input.places, call.float('alpha', 1)),
    bias,
  });
};

function biasOf(call: NodeCall, added: Constant, units: number): FloatArray {
  const numbers = added.numbers();
  if (numbers.length === 1) return new Float32Array(units).fill(numbers[0]);
  const { shape } = added;
  if (numbers.length !== units || shape[shape.length - 1] !== units)
    call.refuse(say('take.broadcast', { constant: shape.join(' × '), shape: `N × ${units}` }));
  return numbers;
}

export const matMul: TakeNode = (call) => {
  const [left, weight] = [call.held(0), call.held(1)];
  if (left?.is === 'constant') call.refuse(say('take.weight-left'));
  const other = call.needed(1);
  if (weight === null || other.shape.length < 2 || other.shape.slice(0, -2).some((size) => size !== 1))
    call.refuse(say('take.matrix', { shape: other.shape.join(' × ') }));
  const units = other.shape[other.shape.length - 1];
  const raw = call.raw(0);
  if (dimsOf(raw).length === 2) {
    const input = call.taking.flat(raw, call.node);
    return call.emit('dense', { units, bias: false }, [input], { weight: matrix(other, true, input.places, 1) });
  }
  return alongChannels(call, call.features(0), other, units);
};

/** A matrix for every place of a map whose channels come last: a convolution with a kernel of one. */
function alongChannels(call: NodeCall, input: Features, weight: Constant, units: number): Held {
  const { shape, axes } = input;
  const last = shape.length - 1;
  if (axes[0] !== BATCH || axes[axes.length - 1] !== last || axes.length !== shape.length + 1)
    call.refuse(say('take.flat', { shape: dimsOf(input).join(' × ') }));
  const settings = { filters: units, kernel: Array<number>(last).fill(1), bias: false };
  return { ...call.emit('conv', settings, [input], { weight: matrix(weight, true, null, 1) }), axes };
}
