/** Zeros around maps, and parts of maps. */
import { say } from '../../../words';
import type { NodeCall, TakeNode } from './call';
import { BATCH, type Features } from './values';

export const pad: TakeNode = (call) => {
  const input = call.features(0);
  const mode = call.text('mode', 'constant');
  if (mode !== 'constant') call.refuseAttribute('mode', mode, 'constant');
  const amounts = call.numbers('pads', 1) ?? call.refuse(say('take.left-out', { input: 2 }));
  const value = call.opset < 11 ? call.float('value', 0) : (call.constant(2)?.numbers()[0] ?? 0);
  if (amounts.every((cells) => cells === 0)) return input;
  if (value !== 0 && amounts.some((cells) => cells > 0)) call.refuse(say('take.pad-value', { value }));
  const rank = input.axes.length;
  const given = call.constant(3)?.numbers();
  const along = given ? Array.from(given, (axis) => (axis + rank) % rank) : input.axes.map((_, axis) => axis);
  const spatial = input.shape.length - 1;
  const cells = Array<number>(2 * spatial).fill(0);
  along.forEach((axis, i) => {
    const [before, after] = [amounts[i], amounts[i + along.length]];
    const own = input.axes[axis];
    if (before === 0 && after === 0) return;
    if (own < 0 || own >= spatial) call.refuse(say('take.pad-axis', { axis, before, after }));
    cells[own] = before;
    cells[own + spatial] = after;
  });
  // Negative cells are taken away.
  const less = cells.map((each) => Math.max(0, -each));
  const more = cells.map((each) => Math.max(0, each));
  const inner = cropped(call, input, less);
  return more.some((each) => each > 0) ? { ...inner, pad: more } : inner;
};

const cropped = (call: NodeCall, input: Features, cells: number[]): Features =>
  cells.every((each) => each === 0) ? input : { ...call.emit('cropping', { cells }, [input]), axes: input.axes };

/** Source: ONNX Slice: ends are not included, negative indices count from the end. */
export const slice: TakeNode = (call) => {
  const whole = call.features(0);
  const rank = whole.axes.length;
  const [starts, ends] = [
    call.numbers('starts', 1) ?? call.refuse(say('take.left-out', { input: 2 })),
    call.numbers('ends', 2) ?? call.refuse(say('take.left-out', { input: 3 })),
  ];
  const along = (call.numbers('axes', 3) ?? starts.map((_, i) => i)).map((axis) => (axis + rank) % rank);
  const steps = call.constant(4)?.numbers();
  const spatial = whole.shape.length - 1;
  const cells = Array<number>(2 * spatial).fill(0);
  let input = whole;
  along.forEach((axis, i) => {
    const own = whole.axes[axis];
    const size = own === BATCH ? whole.batch : whole.shape[own];
    const within = (index: number): number => Math.min(size, Math.max(0, index < 0 ? index + size : index));
    const [first, end] = [within(starts[i]), within(ends[i])];
    if ((steps?.[i] ?? 1) !== 1) call.refuse(say('take.slice-step', { axis, step: steps![i] }));
    if (first === 0 && end === size) return;
    if (own === BATCH || end <= first) call.refuse(say('take.slice-axis', { axis }));
    if (own === spatial) input = someChannels(call, whole, first, end);
    else [cells[own], cells[own + spatial]] = [first, size - end];
  });
  return cropped(call, input, cells);
};

/** The channels from `first` on, before `end`. */
function someChannels(call: NodeCall, input: Features, first: number, end: number): Features {
  if (input.places) call.refuse(say('take.slice-order'));
  return { ...call.emit('channelslice', { first, count: end - first }, [input]), axes: input.axes };
}

/** Source: ONNX Split: sizes as an attribute or an input, or as equal as they can be, the last one smaller. */
export const split: TakeNode = (call) => {
  const input = call.features(0);
  const own = call.axisOf(input, call.int('axis', 0));
  const size = input.shape[own];
  const parts = call.node.outputs.length;
  const equal = Math.ceil(size / parts);
  const sizes = call.numbers('split', 1) ?? Array.from({ length: parts }, (_, i) => Math.min(equal, size - i * equal));
  const spatial = input.shape.length - 1;
  let first = 0;
  return sizes.map((count) => {
    const end = (first += count);
    if (count === size) return input;
    if (own === spatial) return someChannels(call, input, end - count, end);
    const cells = Array<number>(2 * spatial).fill(0);
    [cells[own], cells[own + spatial]] = [end - count, size - end];
    return cropped(call, input, cells);
  });
};
