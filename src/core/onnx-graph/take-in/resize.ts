/** Layers that make maps larger. */
import { say } from '../../../words';
import { channelsOf, spatialOf } from '../../geometry';
import { convtranspose } from '../../layers/convtranspose';
import { Settings } from '../../layers/settings';
import { tapsAlong } from '../../kernels/reference/resample';
import type { NodeCall, TakeNode } from './call';

/** Where place `o` of an output of `to` places lies in an input of `from`. Source: ONNX Resize, coordinate_transformation_mode. */
type Coordinate = (o: number, from: number, to: number, scale: number) => number;

export const coordinates: Readonly<Record<string, Coordinate>> = {
  asymmetric: (o, _from, _to, scale) => o / scale,
  half_pixel: (o, _from, _to, scale) => (o + 0.5) / scale - 0.5,
  half_pixel_symmetric: (o, from, to, scale) => (from / 2) * (1 - to / (scale * from)) + (o + 0.5) / scale - 0.5,
  pytorch_half_pixel: (o, _from, to, scale) => (to > 1 ? (o + 0.5) / scale - 0.5 : 0),
  align_corners: (o, from, to) => (to > 1 ? (o * (from - 1)) / (to - 1) : 0),
};

export const nearest: Readonly<Record<string, (at: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round_prefer_floor: (at) => Math.ceil(at - 0.5),
  round_prefer_ceil: (at) => Math.floor(at + 0.5),
};

/** Resize, and Upsample of older files: whole factors alone, and where each place reads what our layer reads. */
export const resize: TakeNode = (call) => {
  const input = call.map(0);
  const old = call.node.opType === 'Upsample' || call.opset < 11;
  const dims = input.axes.map((axis) => (axis < 0 ? input.batch : input.shape[axis]));
  const scales = scalesOf(call, dims, old);
  if (scales.some((scale, axis) => axis < 2 && scale !== 1)) call.refuse(say('take.resize', { scales }));
  const factor = scales.slice(2);
  if (factor.some((scale) => !Number.isInteger(scale) || scale < 1)) call.refuse(say('take.resize', { scales }));
  if (factor.every((scale) => scale === 1)) return input;
  const mode = call.text('mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear') call.refuseAttribute('mode', mode, 'nearest, linear');
  const way = call.text('coordinate_transformation_mode', old ? 'asymmetric' : 'half_pixel');
  const rounding = call.text('nearest_mode', old ? 'floor' : 'round_prefer_floor');
  if (!Object.hasOwn(coordinates, way)) call.refuseAttribute('coordinate_transformation_mode', way, 'half_pixel');
  if (!Object.hasOwn(nearest, rounding)) call.refuseAttribute('nearest_mode', rounding, 'floor');
  const same = spatialOf(input.shape).every((size, axis) =>
    tapsAlong(size, factor[axis], mode === 'linear').every(({ first, share }, place) => {
      const at = coordinates[way](place, size, size * factor[axis], factor[axis]);
      const read = Math.min(size - 1, Math.max(0, mode === 'linear' ? at : nearest[rounding](at)));
      return Math.abs(read - (first + share)) < 1e-6;
    }),
  );
  if (!same) call.refuse(say('take.resize-places', { mode, way }));
  return call.emit('upsample', { factor, mode }, [input]);
};

/** How many times as large each axis becomes. */
function scalesOf(call: NodeCall, dims: readonly number[], old: boolean): number[] {
  const rank = dims.length;
  const along = (call.ints('axes') ?? dims.map((_, axis) => axis)).map((axis) => (axis + rank) % rank);
  const whole = (each: ArrayLike<number>): number[] => {
    const all = dims.map(() => 1);
    along.forEach((axis, i) => (all[axis] = each[i]));
    return all;
  };
  const given = call.floats('scales') ?? call.constant(old ? 1 : 2)?.numbers() ?? null;
  if (given && given.length > 0) return whole(given);
  const sizes = call.constant(3)?.numbers() ?? call.refuse(say('take.left-out', { input: old ? 2 : 4 }));
  return whole(along.map((axis, i) => sizes[i] / dims[axis]));
}

export const depthToSpace: TakeNode = (call) => {
  const settings = { factor: call.int('blocksize', 1), mode: call.text('mode', 'DCR') };
  return call.emit('depthtospace', settings, [call.map(0)]);
};

export const convTranspose: TakeNode = (call) => {
  const input = call.map(0);
  const [weight, bias] = [call.needed(1), call.constant(2)];
  const [, own, ...kernel] = weight.shape;
  const groups = call.int('group', 1);
  const ones = kernel.map(() => 1);
  const sliding = { stride: call.ints('strides') ?? ones, dilation: call.ints('dilations') ?? ones };
  const outputPadding = call.ints('output_padding') ?? kernel.map(() => 0);
  const settings = { filters: own * groups, kernel, ...sliding, outputPadding, groups, bias: bias !== null };
  const whole = spatialOf(input.shape).map(
    (size, axis) =>
      (size - 1) * sliding.stride[axis] + (kernel[axis] - 1) * sliding.dilation[axis] + 1 + outputPadding[axis],
  );
  const padding = takenOff(
    call,
    whole,
    spatialOf(input.shape).map((size, axis) => size * sliding.stride[axis]),
  );
  const config = convtranspose.parse(
    new Settings({ ...settings, padding }, call.node.name, kernel.length),
    call.node.name,
  );
  const data = Float32Array.from(weight.numbers());
  if (weight.shape[0] !== channelsOf(input.shape))
    call.refuse(say('take.weights', { found: weight.shape.join(' × '), expected: channelsOf(input.shape) }));
  return call.emit('convtranspose', { ...settings, padding }, [input], {
    weight: convtranspose.inFile!.read(config, 'weight', data, [input.shape]),
    bias: bias && bias.numbers(),
  });
};

/** Cells taken off before each axis, then after. Source: ONNX ConvTranspose, pads, auto_pad and output_shape. */
function takenOff(call: NodeCall, whole: readonly number[], same: readonly number[]): number[] {
  const mode = call.text('auto_pad', 'NOTSET');
  const wanted = call.ints('output_shape')?.slice(-whole.length) ?? (mode.startsWith('SAME') ? same : null);
  if (!wanted) return (mode === 'VALID' ? null : call.ints('pads')) ?? Array<number>(2 * whole.length).fill(0);
  const total = whole.map((size, axis) => size - wanted[axis]);
  const half = total.map((cells) => Math.floor(cells / 2));
  const rest = total.map((cells, axis) => cells - half[axis]);
  return mode === 'SAME_UPPER' ? [...half, ...rest] : [...rest, ...half];
}
