/** What changes shapes and order only. */
import { say } from '../../../words';
import { sizeOf } from '../../tensor';
import type { NodeCall, TakeNode } from './call';
import { pyramidOf } from './pyramid';
import { resolvedShape, squeezed, unsqueezed } from './shapes';
import { dimsOf, constantOf, type Features } from './values';

const viewed = (call: NodeCall, dims: readonly number[]): Features => call.taking.viewed(call.raw(0), dims, call.node);

export const same: TakeNode = (call) => call.raw(0);

/** To another floating-point type; whole numbers would be rounded. */
export const cast: TakeNode = (call) => {
  const to = call.int('to', 1);
  if (![1, 10, 11, 16].includes(to)) call.refuse(say('take.cast'));
  return call.raw(0);
};

export const shapeOf: TakeNode = (call) => {
  const dims = dimsOf(call.raw(0));
  const from = call.int('start', 0);
  const to = call.int('end', dims.length);
  const part = dims.slice(from, to);
  return constantOf([part.length], part, 'int64');
};

export const sizeOfTensor: TakeNode = (call) => constantOf([], [sizeOf(dimsOf(call.raw(0)))], 'int64');

export const reshape: TakeNode = (call) => {
  const to = call.numbers('shape', 1) ?? call.refuse(say('take.left-out', { input: 2 }));
  return viewed(call, resolvedShape(dimsOf(call.raw(0)), to, call.int('allowzero', 0) === 1));
};

export const flatten: TakeNode = (call) => {
  const dims = dimsOf(call.raw(0));
  const given = call.int('axis', 1);
  const axis = given < 0 ? given + dims.length : given;
  return viewed(call, [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))]);
};

export const squeeze: TakeNode = (call) => viewed(call, squeezed(dimsOf(call.raw(0)), call.numbers('axes', 1)));

export const unsqueeze: TakeNode = (call) =>
  viewed(
    call,
    unsqueezed(dimsOf(call.raw(0)), call.numbers('axes', 1) ?? call.refuse(say('take.left-out', { input: 2 }))),
  );

/** Groups of channels and channels of a group, with their places changed: what a channel shuffle is between two reshapes. */
function shuffled(call: NodeCall, raw: Features, order: readonly number[]): Features | null {
  if (!raw.view || order.some((axis, at) => axis !== (at === 1 ? 2 : at === 2 ? 1 : at))) return null;
  const [groups, each, ...places] = raw.view;
  const channels = raw.shape[raw.shape.length - 1];
  const sameMap = channels === groups * each && raw.shape.every((size, axis) => size === (places[axis] ?? channels));
  // Of a map in two axes, channels and places are no groups.
  if (!sameMap && (places.length > 0 || groups === channels)) return null;
  const input = call.taking.settled({ ...raw, view: [groups * each, ...places] }, call.node);
  return { ...call.emit('channelshuffle', { groups }, [input]), view: [each, groups, ...places] };
}

export const transpose: TakeNode = (call) => {
  const raw = call.raw(0);
  const order = call.ints('perm') ?? dimsOf(raw).map((_, axis, { length }) => length - 1 - axis);
  const shuffle = shuffled(call, raw, order);
  if (shuffle) return shuffle;
  const input = call.features(0);
  return { ...input, axes: order.map((axis) => input.axes[axis]) };
};

export const concat: TakeNode = (call) => {
  const inputs = call.node.inputs.map((_, at) => call.features(at));
  const [first] = inputs;
  const axis = call.axisOf(first, call.int('axis', 1));
  if (axis !== first.shape.length - 1) call.refuse(say('take.concat', { axis: call.int('axis', 1) }));
  if (inputs.some(({ axes }) => axes.length !== first.axes.length || axes.some((each, at) => each !== first.axes[at])))
    call.refuse(say('take.join', { shapes: inputs.map((each) => dimsOf(each).join(' × ')) }));
  const found = pyramidOf(call, inputs) ?? call.emit('concat', {}, inputs);
  const places = inputs.some((each) => each.places) ? sideBySide(inputs) : null;
  return { ...found, axes: first.axes, places };
};

function sideBySide(inputs: readonly Features[]): Int32Array {
  const all: number[] = [];
  for (const { shape, places } of inputs) {
    const start = all.length;
    for (let i = 0; i < shape[0]; i++) all.push(start + (places ? places[i] : i));
  }
  return Int32Array.from(all);
}
