import { channelsOf, spatialOf } from '../core/geometry';
import { sizeOf, type FeatureShape } from '../core/tensor';
import type { Dice } from './dice';

type Settings = Record<string, unknown>;

/**
 * Settings of a layer of this kind on an input of this shape; they may not fit. Settings at their default are mostly
 * left out.
 */
export function drawSettings(kind: string, shape: FeatureShape, dice: Dice): Settings {
  const drawn = drawers[kind]?.(shape, dice) ?? {};
  const axes = spatialOf(shape).length;
  if (axes === 2) return drawn;
  return Object.fromEntries(
    Object.entries(drawn).map(([name, value]) => [name, byAxis.has(name) ? along(axes, value) : value]),
  );
}

/** Settings that may be numbers for each axis of a map: rows and columns, or their starts and then their ends. */
const byAxis = new Set(['kernel', 'size', 'stride', 'dilation', 'padding', 'factor', 'cells']);

/** The same for a signal, or a volume, whose first axis is as its last. */
function along(axes: number, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const pairs = value.length === 4 ? [value.slice(0, 2), value.slice(2)] : [value];
  return pairs.flatMap((pair: unknown[]) => (axes === 1 ? pair.slice(1) : [pair[1], ...pair]));
}

const drawers: Record<string, (shape: FeatureShape, dice: Dice) => Settings> = {
  conv,
  dense,
  maxpool: (_, dice) => pool(dice),
  avgpool: (_, dice) => ({ ...pool(dice), ...(dice.chance(0.4) && { countPadding: true }) }),
  dropout: (_, dice) => ({ rate: dice.pick(0, 0.1, 0.3, 0.5, 0.9) }),
  batchnorm: (_, dice) =>
    dice.chance(0.3) ? { epsilon: dice.pick(1e-3, 0.1), momentum: dice.pick(0, 0.5, 0.99) } : {},
  leakyrelu: (_, dice) => (dice.chance(0.5) ? { alpha: dice.pick(0.2, -0.5, 0, 1.5) } : {}),
  elu: (_, dice) => (dice.chance(0.5) ? { alpha: dice.pick(0.3, 2) } : {}),
  selu: (_, dice) => (dice.chance(0.5) ? { alpha: dice.pick(0.5, 2), gamma: dice.pick(0.7, 1.5) } : {}),
  hardsigmoid: (_, dice) => (dice.chance(0.5) ? { alpha: dice.pick(0.1, 0.7), beta: dice.pick(0.2, 0.6) } : {}),
  prelu: (_, dice) => (dice.chance(0.5) ? { slopes: dice.pick('channel', 'shared', 'element') } : {}),
  layernorm: (_, dice) => ({
    ...(dice.chance(0.4) && { over: 'all' }),
    ...(dice.chance(0.3) && { epsilon: dice.pick(1e-3, 0.1) }),
  }),
  groupnorm: (shape, dice) => ({ groups: dice.pick(...divisorsOf(channelsOf(shape))) }),
  instancenorm: (_, dice) => (dice.chance(0.3) ? { epsilon: dice.pick(1e-3, 0.1) } : {}),
  lrn: (_, dice) => ({
    size: dice.pick(1, 3, 3, 5),
    alpha: dice.pick(1e-4, 0.1, 1),
    beta: dice.pick(0.5, 0.75, 1.2),
    bias: dice.pick(0.5, 1, 2),
  }),
  partialconv: (shape, dice) => {
    const table = Array.from({ length: dice.pick(1, 2, 3, 5, 8, 9, 16) }, () => {
      const read = Array.from({ length: channelsOf(shape) }, (_, c) => c).filter(() => dice.chance(0.6));
      return read.length > 0 ? read : [dice.from(0, channelsOf(shape) - 1)];
    });
    return { table, ...without(conv(shape, dice), 'filters', 'groups') };
  },
  localconv: (shape, dice) => ({
    ...without(conv(shape, dice), 'groups'),
    filters: dice.pick(1, 2, 3, 4, 5, 8, 9, 12),
  }),
  subsampling: (_, dice) => ({
    size: dice.pick<number | number[]>(1, 2, 2, 3, [2, 3]),
    ...(dice.chance(0.4) && { stride: dice.pick<number | number[]>(1, 2, 3, [1, 2]) }),
  }),
  maxout: (shape, dice) => ({ pieces: dice.pick(...divisorsOf(channelsOf(shape))) }),
  spatialpyramid: (_, dice) => ({ levels: dice.pick([1], [2], [3, 1], [1, 2, 4], [2, 5]) }),
  convtranspose: transposed,
  zeropadding: (_, dice) => ({ cells: Array.from({ length: 4 }, () => dice.from(0, 2)) }),
  cropping: (_, dice) => ({ cells: Array.from({ length: 4 }, () => dice.from(0, 2)) }),
  upsample: (_, dice) => ({
    factor: dice.pick<number | number[]>(2, 2, 3, [1, 2], [3, 1]),
    ...(dice.chance(0.5) && { mode: 'linear' }),
  }),
  depthtospace: (shape, dice) => ({
    factor: channelsOf(shape) % 9 === 0 ? 3 : channelsOf(shape) % 4 === 0 ? 2 : 1,
    ...(dice.chance(0.5) && { mode: 'CRD' }),
  }),
  channelshuffle: (shape, dice) => ({ groups: dice.pick(...divisorsOf(channelsOf(shape))) }),
  channelslice: (shape, dice) => {
    const first = dice.from(0, channelsOf(shape) - 1);
    return { first, count: dice.from(1, channelsOf(shape) - first) };
  },
  gelu: (_, dice) => (dice.chance(0.5) ? { approximate: 'tanh' } : {}),
  rrelu: (_, dice) => (dice.chance(0.5) ? { lower: dice.pick(-0.2, 0, 0.3), upper: dice.pick(0.3, 0.8) } : {}),
  softmax: (shape, dice) => axis(shape, dice),
  logsoftmax: (shape, dice) => axis(shape, dice),
  reshape: (shape, dice) => ({ shape: reshaped(sizeOf(shape), dice) }),
};

const without = (settings: Settings, ...names: string[]): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name)));

const divisorsOf = (channels: number): number[] =>
  [1, 2, 3, 4, 5, 6, 8, channels].filter((each) => channels % each === 0);

function conv(shape: FeatureShape, dice: Dice): Settings {
  const depth = channelsOf(shape);
  const groups = dice.chance(0.15) ? dice.pick(...divisorsOf(depth)) : 1;
  const filters =
    groups > 1 ? groups * dice.from(1, 3) : dice.pick(1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 12, 16, 16, 17, 20, 24);
  return {
    filters,
    kernel: dice.pick<number | number[]>(1, 2, 3, 3, 3, 3, 5, 4, [1, 3], [3, 1], [2, 3], [5, 2]),
    ...(dice.chance(0.25) && { stride: dice.pick<number | number[]>(2, 2, 3, [1, 2], [2, 1]) }),
    ...padding(dice, 3),
    ...(dice.chance(0.12) && { dilation: dice.pick<number | number[]>(2, [1, 2], [2, 1], 3) }),
    ...(groups > 1 && { groups }),
    ...(dice.chance(0.2) && { bias: false }),
  };
}

function transposed(shape: FeatureShape, dice: Dice): Settings {
  const depth = channelsOf(shape);
  const groups = dice.chance(0.25) ? dice.pick(...divisorsOf(depth)) : 1;
  const stride = dice.pick(1, 2, 2, 3);
  return {
    filters: groups * dice.pick(1, 2, 3, 5, 8, 9),
    kernel: dice.pick<number | number[]>(1, 2, 3, 3, 4, [2, 3]),
    stride,
    ...(dice.chance(0.5) && { padding: dice.pick<number | number[]>(1, 2, [0, 1], [1, 0, 2, 1]) }),
    ...(stride > 1 && dice.chance(0.4) && { outputPadding: dice.from(1, stride - 1) }),
    ...(dice.chance(0.2) && { dilation: dice.pick<number | number[]>(2, [1, 2]) }),
    ...(groups > 1 && { groups }),
    ...(dice.chance(0.2) && { bias: false }),
  };
}

/** Occasionally so large that the whole batch is processed at once. */
function dense([inputs]: FeatureShape, dice: Dice): Settings {
  const large = Math.ceil(8192 / inputs) + dice.from(0, 9);
  const units = dice.chance(0.25) && large <= 300 ? large : dice.pick(1, 2, 3, 5, 7, 8, 10, 16, 19);
  return { units, ...(dice.chance(0.2) && { bias: false }) };
}

function pool(dice: Dice): Settings {
  if (dice.chance(0.4)) return { size: 2 };
  const size = dice.pick<number | number[]>(1, 2, 3, 3, [2, 3], [3, 2], [1, 2], 4);
  const least = Math.min(...[size].flat());
  return {
    size,
    ...(dice.chance(0.5) && { stride: dice.pick<number | number[]>(1, 2, 3, [1, 2], [2, 1]) }),
    ...(dice.chance(0.5) && padding(dice, least - 1)),
    ...(dice.chance(0.15) && { dilation: dice.pick<number | number[]>(2, [1, 2], [2, 1]) }),
    ...(dice.chance(0.35) && { ceil: true }),
  };
}

/** @param most cells on one side. */
function padding(dice: Dice, most: number): Settings {
  const cells = (): number => dice.from(0, most);
  const form = dice.weighted({ none: 4, same: 3, lower: 1, all: 2, pair: 1, sides: 2 });
  switch (form) {
    case 'none':
      return {};
    case 'same':
      return { padding: 'same' };
    case 'lower':
      return { padding: 'same-lower' };
    case 'all':
      return { padding: cells() };
    case 'pair':
      return { padding: [cells(), cells()] };
    case 'sides':
      return { padding: [cells(), cells(), cells(), cells()] };
  }
}

const axis = (shape: FeatureShape, dice: Dice): Settings =>
  shape.length === 3 && dice.chance(0.4) ? { axis: dice.pick('height', 'width') } : {};

function reshaped(size: number, dice: Dice): number[] {
  if (dice.chance(0.3)) return [-1];
  const divisor = (of: number): number => dice.pick(...[1, 2, 3, 4, 5, 6, 7, 8, 12].filter((each) => of % each === 0));
  const height = divisor(size);
  const width = divisor(size / height);
  return [height, width, size / height / width];
}
