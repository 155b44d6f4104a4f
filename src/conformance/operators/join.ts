import { limits } from '../../core/model/build';
import { sizeOf } from '../../core/tensor';
import { isEmpty, runJoin, type Part } from '../core';
import type { Call, Operator } from '../call';
import { broadcastShape, expanded, floats, reshaped, type FloatValue } from '../value';
import { fromCore, mapOf, natural, toCore, type View } from '../view';

/** The sum or the product through a layer that joins. Rows, columns and channels of 1 are repeated by the layer; the samples before it. */
async function joinValues(call: Call, kind: 'add' | 'multiply', values: readonly FloatValue[]): Promise<FloatValue> {
  const shape = values.reduce<number[]>((all, value) => broadcastShape(all, value.shape), []);
  if (isEmpty(shape)) return floats(shape, new Float32Array(0));
  const rank = shape.length;
  if (mapView(shape).feature[2] * values.length > limits.channels) {
    // Too many channels for an input: they are placed side by side instead, which changes nothing where shapes are
    // equal.
    const feature = mapOf(1, sizeOf(shape)) as Part['feature'];
    const parts = values.map((value): Part => ({ data: expanded(value, shape).data, feature }));
    return floats(shape, (await runJoin(call.core, kind, parts, 1)).output);
  }
  const parts = values.map((value): Part => {
    const aligned = [...Array<number>(rank - value.shape.length).fill(1), ...value.shape];
    // More than two spatial dimensions are folded into one, which holds only for whole tensors.
    const target = rank > 4 ? shape : rank > 1 ? [shape[0], ...aligned.slice(1)] : shape;
    const view = mapView(target);
    return { data: toCore(expanded(reshaped(value, aligned), target), view), feature: view.feature };
  });
  const view = mapView(shape);
  const { output } = await runJoin(call.core, kind, parts, view.n);
  return fromCore(output, view, shape);
}

/** The natural view, flat features as a map of one place. */
function mapView(shape: readonly number[]): { n: number; feature: Part['feature'] } {
  const { n, feature } = natural(shape);
  return { n, feature: feature.length === 1 ? [1, 1, feature[0]] : feature };
}

export const addValues = (call: Call, values: readonly FloatValue[]): Promise<FloatValue> =>
  joinValues(call, 'add', values);

/** Up to version 6 b's shape is a part of a's, from `axis` on (at the end without it), and only with `broadcast`. */
function ofTwo(kind: 'add' | 'multiply'): Operator {
  return async (call) => {
    const a = call.floats(0);
    const b = call.floats(1);
    if (call.opset >= 7 || call.number('broadcast', 0) === 0) return [await joinValues(call, kind, [a, b])];
    const rank = a.shape.length;
    const axis = call.axis('axis', rank - b.shape.length, rank);
    const after = rank - axis - b.shape.length;
    return [await joinValues(call, kind, [a, reshaped(b, [...b.shape, ...Array<number>(after).fill(1)])])];
  };
}

export const add = ofTwo('add');
export const mul = ofTwo('multiply');

/** An add layer of any number of inputs; of one, the input itself. */
export const sum: Operator = async (call) => {
  const values = Array.from({ length: call.inputCount }, (_, index) => call.floats(index));
  return values.length === 1 ? values : [await addValues(call, values)];
};

/** Whatever the axis, it can be seen as the channels: what lies before it are samples, what lies after it places. */
export const concat: Operator = async (call) => {
  const values = Array.from({ length: call.inputCount }, (_, index) => call.floats(index));
  const [first] = values;
  const axis = call.axis('axis', 1, first.shape.length);
  const length = values.reduce((total, value) => total + value.shape[axis], 0);
  const shape = first.shape.map((size, each) => (each === axis ? length : size));
  const filled = values.filter((value) => !isEmpty(value.shape));
  if (filled.length === 0) return [floats(shape, new Float32Array(0))];
  // One input is left as it is: a layer that joins has two or more.
  if (filled.length === 1) return [floats(shape, filled[0].data)];
  const n = sizeOf(shape.slice(0, axis));
  const places = sizeOf(shape.slice(axis + 1));
  const viewOf = (channels: number): View & { feature: Part['feature'] } => {
    const [height, width] = mapOf(channels, places) as Part['feature'];
    return { n, feature: [height, width, channels] };
  };
  const parts = filled.map((value): Part => {
    const view = viewOf(value.shape[axis]);
    return { data: toCore(value, view), feature: view.feature };
  });
  return [fromCore((await runJoin(call.core, 'concat', parts, n)).output, viewOf(length), shape)];
};
