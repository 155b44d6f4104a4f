/** Sums and products: of two layers, or of a layer and constants. */
import { say } from '../../../words';
import { paramKey } from '../../model/graph';
import { INPUT } from '../../model/spec';
import { spatialOf } from '../../geometry';
import type { FloatArray } from '../../tensor';
import { averaged } from './average';
import type { NodeCall, TakeNode } from './call';
import { dimsOf, type Constant, type Features, type Held } from './values';

const sameList = (a: ArrayLike<number> | null, b: ArrayLike<number> | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && Array.from(a).every((value, i) => value === b[i]));

/** Two layers or more, unit by unit. */
function joined(call: NodeCall, kind: string, inputs: readonly Features[]): Features {
  const [first, ...others] = inputs.map((each) => call.taking.settled(each, call.node));
  const odd = others.find(({ axes, places }) => !sameList(axes, first.axes) || !sameList(places, first.places));
  if (odd) call.refuse(say('take.join', { shapes: inputs.map((each) => dimsOf(each).join(' × ')) }));
  return { ...call.emit(kind, {}, [first, ...others]), axes: first.axes, places: first.places };
}

function operands(call: NodeCall): { features: Features[]; constants: Constant[]; reversed: boolean } {
  const held = call.node.inputs.map((_, at) => call.held(at)).filter((each): each is Held => each !== null);
  return {
    features: held.filter((each): each is Features => each.is === 'features'),
    constants: held.filter((each): each is Constant => each.is === 'constant'),
    reversed: held[0]?.is === 'constant',
  };
}

export const add: TakeNode = (call) => {
  const { features, constants } = operands(call);
  const sum = features.length > 1 ? joined(call, 'add', features) : call.taking.settled(features[0], call.node);
  return constants.reduce((total, constant) => scaled(call, total, 1, constant), sum);
};

export const sub: TakeNode = (call) => {
  const { features, constants, reversed } = operands(call);
  if (constants.length === 0) call.refuse(say('take.layer', { what: say('take.difference') }));
  const input = call.taking.settled(features[0], call.node);
  return reversed ? scaled(call, input, -1, constants[0]) : scaled(call, input, 1, negated(constants[0]));
};

export const mul: TakeNode = (call) => {
  const { features, constants } = operands(call);
  if (constants.length > 0) return scaled(call, call.taking.settled(features[0], call.node), constants[0], 0);
  return joined(call, 'multiply', features);
};

export const div: TakeNode = (call) => {
  const { features, constants, reversed } = operands(call);
  if (constants.length === 0 || reversed) call.refuse(say('take.layer', { what: say('take.quotient') }));
  return scaled(
    call,
    call.taking.settled(features[0], call.node),
    mapped(constants[0], (value) => 1 / value),
    0,
  );
};

const mapped = (constant: Constant, change: (value: number) => number): Constant => ({
  ...constant,
  numbers: () => Float64Array.from(constant.numbers(), change),
});
const negated = (constant: Constant): Constant => mapped(constant, (value) => -value);

/** x · scale + shift, each a number or one for each channel. */
function scaled(call: NodeCall, input: Features, by: Constant | number, plus: Constant | number): Features {
  const channels = input.shape[input.shape.length - 1];
  const each = (given: Constant | number): FloatArray => {
    if (typeof given === 'number') return new Float32Array(channels).fill(given);
    const found = call.perChannel(given, input);
    return found ?? call.refuse(say('take.per-channel', { constant: given.shape.join(' × ') }));
  };
  const pooled = typeof by === 'number' || plus !== 0 ? null : averaged(call, input, by);
  if (pooled) return pooled;
  const [scale, shift] = [each(by), each(plus)];
  return (
    beforeAll(call, input, scale, shift) ?? intoWeights(call, input, scale, shift) ?? asLayer(call, input, scale, shift)
  );
}

/** At the network's input: how pixels become numbers, no layer. */
function beforeAll({ taking }: NodeCall, input: Features, scale: FloatArray, shift: FloatArray): Features | null {
  if (input.layer !== INPUT || !input.alone || input.pad) return null;
  const before = taking.scaling ?? { scale: Array.from(scale, () => 1), shift: Array.from(scale, () => 0) };
  taking.scaling = {
    scale: before.scale.map((value, c) => value * scale[c]),
    shift: before.shift.map((value, c) => value * scale[c] + shift[c]),
  };
  return input;
}

/** Layers with a scale and shift of each channel. */
const SCALED = ['batchnorm', 'groupnorm', 'instancenorm'];

/** Behind a convolution, a dense layer or a norm: into its weights. */
function intoWeights({ taking }: NodeCall, input: Features, scale: FloatArray, shift: FloatArray): Features | null {
  if (!input.alone) return null;
  const normal = SCALED.map((kind) => taking.layerOf(input.layer, kind)).find((each) => each !== null);
  const layer = normal ?? taking.layerOf(input.layer, 'conv') ?? taking.layerOf(input.layer, 'dense');
  if (!layer) return null;
  const [factor, added] = (normal ? ['scale', 'shift'] : ['weight', 'bias']).map((name) => paramKey(layer.name, name));
  const each = taking.params.get(factor)!.length / scale.length;
  const before = taking.params.get(added);
  taking.params.set(
    factor,
    taking.params.get(factor)!.map((value, i) => value * scale[Math.floor(i / each)]),
  );
  taking.params.set(
    added,
    Float32Array.from(scale, (value, c) => (before?.[c] ?? 0) * value + shift[c]),
  );
  if (!normal) layer.bias = true;
  taking.folded = layer.name;
  return input;
}

/** A convolution of one cell for each map alone; of flat features batch norm, whose statistics change nothing. */
function asLayer(call: NodeCall, input: Features, scale: FloatArray, shift: FloatArray): Features {
  const { shape } = input;
  const channels = scale.length;
  if (shape.length > 1) {
    const settings = { filters: channels, kernel: spatialOf(shape).map(() => 1), groups: channels, bias: true };
    return call.emitLike(input, 'conv', settings, { weight: scale, bias: shift });
  }
  const epsilon = 1e-5;
  const mean = new Float32Array(channels);
  const variance = new Float32Array(channels).fill(1 - epsilon);
  return call.emitLike(input, 'batchnorm', { epsilon }, { scale, shift, mean, variance });
}
