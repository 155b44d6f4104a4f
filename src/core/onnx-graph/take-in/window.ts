/** Convolution and pooling: windows that slide over maps. */
import { say } from '../../../words';
import { toChannelsLast } from '../../layers/layout';
import type { NodeCall, TakeNode } from './call';
import { featuresOf, type Features } from './values';

/** Zeros that a Pad node puts around, and the node's own padding. Null pads of a mode that depends on the size. */
function paddingOf(call: NodeCall, axes: number): string | number[] {
  const mode = call.text('auto_pad', 'NOTSET');
  if (mode === 'SAME_UPPER') return 'same';
  if (mode === 'SAME_LOWER') return 'same-lower';
  if (mode === 'VALID') return Array<number>(2 * axes).fill(0);
  return call.ints('pads') ?? Array<number>(2 * axes).fill(0);
}

/** Settings that convolution and pooling share. */
function slidingOf(call: NodeCall, axes: number): { stride: number[]; dilation: number[]; padding: string | number[] } {
  const ones = Array<number>(axes).fill(1);
  return {
    stride: call.ints('strides') ?? ones,
    dilation: call.ints('dilations') ?? ones,
    padding: paddingOf(call, axes),
  };
}

/** The input without the zeros that a Pad node put around it, and the padding together with them. */
function withPad(call: NodeCall, padding: string | number[]): { input: Features; padding: string | number[] } {
  const raw = call.raw(0);
  const { pad } = raw;
  if (!pad || typeof padding === 'string') return { input: call.map(0), padding };
  return { input: call.asMap({ ...raw, pad: null }), padding: padding.map((cells, side) => cells + pad[side]) };
}

/** What a convolution's windows slide over, and how. */
export function slidingOver(call: NodeCall, axes: number): { input: Features } & ReturnType<typeof slidingOf> {
  const sliding = slidingOf(call, axes);
  return { ...sliding, ...withPad(call, sliding.padding) };
}

export const conv: TakeNode = (call) => {
  const weight = call.needed(1);
  const bias = call.constant(2);
  const [filters, depth, ...kernel] = weight.shape;
  const { input, ...sliding } = slidingOver(call, kernel.length);
  const settings = { filters, kernel, ...sliding, groups: call.int('group', 1), bias: bias !== null };
  return call.emit('conv', settings, [input], {
    weight: toChannelsLast(weight.numbers(), filters, [...kernel, depth]),
    bias: bias && bias.numbers(),
  });
};

function poolOf(call: NodeCall, padding: string | number[]): Record<string, unknown> {
  const size =
    call.ints('kernel_shape') ?? call.refuseAttribute('kernel_shape', say('onnx.nothing'), say('take.sizes'));
  const { stride, dilation } = slidingOf(call, size.length);
  return { size, stride, dilation, padding, ceil: call.int('ceil_mode', 0) === 1 };
}

export const maxPool: TakeNode = (call) => {
  const axes = call.ints('kernel_shape')?.length ?? 0;
  if (call.node.outputs.length > 1 && call.node.outputs[1] !== '') call.refuse(say('take.indices'));
  if (call.int('storage_order', 0) !== 0) call.refuseAttribute('storage_order', call.int('storage_order', 0), 0);
  return call.emit('maxpool', poolOf(call, paddingOf(call, axes)), [call.map(0)]);
};

export const averagePool: TakeNode = (call) => {
  const axes = call.ints('kernel_shape')?.length ?? 0;
  const own = paddingOf(call, axes);
  const counts = call.int('count_include_pad', 0) === 1;
  const none = typeof own !== 'string' && own.every((cells) => cells === 0);
  // Zeros from a Pad node are numbers like any others, so they count.
  const { pad: zeros } = call.raw(0);
  const size = call.ints('kernel_shape') ?? [];
  const fits =
    zeros !== null && typeof own !== 'string' && own.every((cells, side) => cells + zeros[side] < size[side % axes]);
  if (!fits || !(counts || none))
    return call.emit('avgpool', { ...poolOf(call, own), countPadding: counts }, [call.map(0)]);
  const { input, padding } = withPad(call, own);
  return call.emit('avgpool', { ...poolOf(call, padding), countPadding: true }, [input]);
};

const global =
  (kind: string): TakeNode =>
  (call) =>
    call.emit(kind, {}, [call.map(0)]);

export const globalAveragePool = global('globalavgpool');
export const globalMaxPool = global('globalmaxpool');

/** A mean or maximum over all places of a map. */
const reduced =
  (kind: string): TakeNode =>
  (call) => {
    const input = call.features(0);
    const rank = input.axes.length;
    const given = call.numbers('axes', 1);
    const over = given === null || given.length === 0 ? null : given.map((axis) => (axis + rank) % rank);
    const spatial = input.axes.flatMap((axis, at) => (axis >= 0 && axis < input.shape.length - 1 ? [at] : []));
    const whole = over !== null && over.length === spatial.length && spatial.every((axis) => over.includes(axis));
    if (!whole || spatial.length === 0)
      call.refuse(say('take.reduce', { axes: over ? over.join(', ') : say('take.all'), expected: spatial.join(', ') }));
    const found = { ...call.emit(kind, {}, [input]), axes: input.axes };
    if (call.int('keepdims', 1) !== 0) return found;
    return { ...featuresOf(found.layer, found.shape, found.batch), view: [found.shape[found.shape.length - 1]] };
  };

export const reduceMean = reduced('globalavgpool');
export const reduceMax = reduced('globalmaxpool');
