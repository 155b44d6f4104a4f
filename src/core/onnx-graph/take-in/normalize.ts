/** Normalization, and shares of one. */
import { say } from '../../../words';
import type { NodeCall, TakeNode } from './call';
import { sizeOf } from '../../tensor';
import { BATCH, constantOf, dimsOf, type Constant, type Features } from './values';

export const batchNormalization: TakeNode = (call) => {
  const input = call.features(0);
  if (call.int('training_mode', 0) !== 0) call.refuse(say('take.training'));
  if (call.axisOf(input, 1) !== input.shape.length - 1)
    call.refuse(say('take.map', { shape: dimsOf(input).join(' × ') }));
  const each = (at: number) => call.byChannel(call.needed(at).numbers(), input.places);
  const settings = { epsilon: call.float('epsilon', 1e-5), momentum: call.float('momentum', 0.9) };
  return call.emitLike(input, 'batchnorm', settings, {
    scale: each(1),
    shift: each(2),
    mean: each(3),
    variance: each(4),
  });
};

/** What each channel of ours is scaled with, of a constant with one number for each group or channel. */
function spreadOver(call: NodeCall, at: number, channels: number): Float32Array {
  const numbers = call.needed(at).numbers();
  if (channels % numbers.length !== 0)
    call.refuse(say('take.weights', { found: numbers.length, expected: String(channels) }));
  return Float32Array.from({ length: channels }, (_, c) => numbers[Math.floor((c * numbers.length) / channels)]);
}

export const instanceNormalization: TakeNode = (call) => {
  const { input, view, groups } = call.byGroups(0);
  const channels = input.shape[input.shape.length - 1];
  const epsilon = call.float('epsilon', 1e-5);
  const [scale, shift] = [spreadOver(call, 1, channels), spreadOver(call, 2, channels)];
  const found =
    groups === channels && input.shape.length > 1
      ? call.emit('instancenorm', { epsilon }, [input], { scale, shift })
      : call.emit('groupnorm', { epsilon, groups }, [input], { scale, shift });
  return { ...found, view };
};

/** Scale and shift for each group up to opset 20, for each channel from 21 on. */
export const groupNormalization: TakeNode = (call) => {
  const input = call.map(0);
  const channels = input.shape[input.shape.length - 1];
  const settings = { groups: call.int('num_groups', 1), epsilon: call.float('epsilon', 1e-5) };
  return call.emit('groupnorm', settings, [input], {
    scale: spreadOver(call, 1, channels),
    shift: spreadOver(call, 2, channels),
  });
};

export const layerNormalization: TakeNode = (call) => {
  const input = call.features(0);
  const { axes, shape, places } = input;
  const given = call.int('axis', -1);
  const from = given < 0 ? given + axes.length : given;
  const over = axes.slice(from);
  const last = shape.length - 1;
  const channels = over.includes(last) && over.every((axis) => axis === last || shape[axis] === 1);
  const all = axes[0] === BATCH && from === 1;
  // Of channels and one place alone: both are the same.
  const each = channels && axes.every((axis) => axis === BATCH || over.includes(axis) || axis !== last);
  if (!each && !all) call.refuse(say('take.layer-norm', { axis: given }));
  const epsilon = call.float('epsilon', 1e-5);
  const [scale, shift] = [call.needed(1), call.constant(2) ?? constantOf([1], [0])];
  if (each) {
    const perChannel = (of: Constant) =>
      call.perChannel(of, { ...input, places }) ??
      call.refuse(say('take.per-channel', { constant: of.shape.join(' × ') }));
    return call.emitLike(input, 'layernorm', { epsilon }, { scale: perChannel(scale), shift: perChannel(shift) });
  }
  const perUnit = (of: Constant) =>
    call.perUnit(of.shape.length === 1 && of.numbers().length === 1 ? filled(of, dimsOf(input)) : of, input);
  return call.emitLike(input, 'layernorm', { over: 'all', epsilon }, { scale: perUnit(scale), shift: perUnit(shift) });
};

const filled = (of: Constant, dims: readonly number[]): Constant =>
  constantOf(dims.slice(1), new Float32Array(sizeOf(dims.slice(1))).fill(of.numbers()[0]));

export const localResponse: TakeNode = (call) => {
  const { input, view, groups } = call.byGroups(0);
  if (groups !== input.shape[input.shape.length - 1])
    call.refuse(say('take.map', { shape: dimsOf({ ...input, view }).join(' × ') }));
  const settings = {
    size: call.int('size', 1),
    alpha: call.float('alpha', 1e-4),
    beta: call.float('beta', 0.75),
    bias: call.float('bias', 1),
  };
  return { ...call.emit('lrn', settings, [input]), view };
};

/** Up to opset 12 along all axes from `axis` (1) on together, then along `axis` (the last) alone. */
const shares =
  (kind: string): TakeNode =>
  (call) => {
    const input = call.features(0);
    const axis = axisOf(call, input);
    const last = input.shape.length - 1;
    const names = ['channel', 'width', 'height'];
    const settings = { axis: names[last - axis] };
    if (settings.axis === undefined) call.refuse(say('take.softmax', { axis: call.int('axis', -1) }));
    return call.emitLike(input, kind, settings);
  };

function axisOf(call: NodeCall, input: Features): number {
  if (call.opset >= 13) return call.axisOf(input, call.int('axis', -1));
  const rank = input.axes.length;
  const from = (call.int('axis', 1) + rank) % rank;
  const along = input.axes.slice(from).filter((axis) => axis < 0 || input.shape[axis] > 1);
  // Along axes of one place nothing is shared; of a single class the channels.
  const [axis = input.shape.length - 1] = along;
  if (along.length > 1 || axis < 0) call.refuse(say('take.softmax', { axis: from }));
  return axis;
}

export const softmax = shares('softmax');
export const logSoftmax = shares('logsoftmax');
