import { describe, expect, it } from 'vitest';
import type { Core } from '../../src/conformance/core';
import { difference } from '../../src/conformance/compare';
import { referenceCore } from '../../src/conformance/reference-core';
import { evaluate } from '../../src/conformance/run-case';
import { floats, type FloatValue, type Value } from '../../src/conformance/value';
import { wasmCore } from '../../src/conformance/wasm-core';
import { sizeOf } from '../../src/core/tensor';
import { loadKernels } from '../../src/engine/runtime/kernels';
import { OnnxSession } from '../../src/engine/runtime/onnxruntime';
import { Dice, fileOf, nodeModel, type NodeCase } from './node-model';

/**
 * Where the suite of cases ends, onnxruntime is the judge: random shapes, attributes and versions of every operator. Null is a draw
 * that makes no sense (a window larger than its input).
 */
type Draw = (dice: Dice) => NodeCase | null;

const integers = (data: number[]): Value & { kind: 'integer' } => ({ kind: 'integer', shape: [data.length], data });
const float = (value: number) => ({ float: value });

/** A window with padding by mode or by number, on one to three dimensions. */
function windowOf(dice: Dice, spatial: number, sizes: number[], dilated: boolean) {
  const kernel = dice.list(spatial, 1, 4);
  const mode = dice.pick('NOTSET', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID');
  // onnxruntime refuses SAME with dilations, and with steps over what no window sees.
  const same = mode.startsWith('SAME');
  const strides = kernel.map((size) => dice.from(1, same ? Math.min(3, size) : 3));
  const dilations = dilated && !same ? dice.list(spatial, 1, 2) : Array<number>(spatial).fill(1);
  // Padding below the kernel's size, as pooling asks.
  const pads = [...kernel, ...kernel].map((size) => dice.from(0, size - 1));
  const fits = kernel.every((size, i) => {
    const room = sizes[i] + (mode === 'NOTSET' ? pads[i] + pads[i + spatial] : 0);
    return same || (size - 1) * dilations[i] + 1 <= room;
  });
  const attributes: NodeCase['attributes'] = { kernel_shape: kernel, strides };
  if (dilated) attributes.dilations = dilations;
  if (mode === 'NOTSET') attributes.pads = pads;
  else attributes.auto_pad = mode;
  return fits ? { kernel, dilations, mode, attributes } : null;
}

const conv: Draw = (dice) => {
  const spatial = dice.from(1, 3);
  const sizes = dice.list(spatial, 1, spatial === 3 ? 5 : 9);
  const window = windowOf(dice, spatial, sizes, true);
  if (!window) return null;
  const groups = dice.pick(1, 1, 2, 3);
  const [depth, filters] = [dice.from(1, 3), dice.from(1, 3) * groups];
  const weight = dice.tensor([filters, depth, ...window.kernel]);
  const bias = dice.chance() ? [dice.tensor([filters])] : [];
  return {
    opType: 'Conv',
    opset: dice.pick(1, 11, 17, 22),
    attributes: { ...window.attributes, group: groups },
    inputs: [dice.tensor([dice.from(1, 3), depth * groups, ...sizes]), weight, ...bias],
  };
};

function pool(opType: 'MaxPool' | 'AveragePool', opsets: number[], dilatedFrom: number): Draw {
  return (dice) => {
    const opset = dice.pick(...opsets);
    const spatial = dice.from(1, 3);
    const sizes = dice.list(spatial, 1, spatial === 3 ? 5 : 9);
    const window = windowOf(dice, spatial, sizes, opset >= dilatedFrom && dice.chance());
    if (!window) return null;
    const attributes = { ...window.attributes };
    // What ceil mode is together with automatic padding is nowhere said.
    if (opset >= 10 && window.mode === 'NOTSET' && dice.chance()) attributes.ceil_mode = 1;
    if (opType === 'AveragePool' && dice.chance()) attributes.count_include_pad = 1;
    return { opType, opset, attributes, inputs: [dice.tensor([dice.from(1, 2), dice.from(1, 9), ...sizes])] };
  };
}

const globalPool: Draw = (dice) => ({
  opType: dice.pick('GlobalAveragePool', 'GlobalMaxPool'),
  opset: dice.pick(1, 17, 22),
  attributes: {},
  inputs: [dice.tensor([dice.from(1, 2), dice.from(1, 5), ...dice.list(dice.from(1, 3), 1, 4)])],
});

const activation: Draw = (dice) => {
  const [opType, names] = dice.pick<[string, string[]]>(
    ['Relu', []],
    ['LeakyRelu', ['alpha']],
    ['Elu', ['alpha']],
    ['Selu', ['alpha', 'gamma']],
    ['Sigmoid', []],
    ['HardSigmoid', ['alpha', 'beta']],
    ['Tanh', []],
    ['Softplus', []],
    ['HardSwish', []],
  );
  const given = names.filter(() => dice.chance());
  return {
    opType,
    opset: opType === 'HardSwish' ? dice.pick(14, 17, 22) : dice.pick(6, 13, 17, 22),
    attributes: Object.fromEntries(given.map((name) => [name, float(dice.from(1, 12) / 8)])),
    inputs: [dice.tensor(dice.list(dice.from(0, 5), 1, 4))],
  };
};

const pRelu: Draw = (dice) => {
  const shape = dice.list(dice.from(1, 5), 1, 4);
  // A part of the shape from the end, repeated here and there.
  const slope = shape.slice(dice.from(0, shape.length)).map((size) => (dice.chance() ? size : 1));
  return {
    opType: 'PRelu',
    opset: dice.pick(7, 9, 16),
    attributes: {},
    inputs: [dice.tensor(shape), dice.tensor(slope)],
  };
};

const softmax: Draw = (dice) => {
  const shape = dice.list(dice.from(1, 5), 1, 4);
  const opset = dice.pick(7, 11, 13, 17);
  const attributes: NodeCase['attributes'] = {};
  const least = opset < 11 ? 0 : -shape.length;
  if (dice.chance() || (opset < 13 && shape.length === 1)) attributes.axis = dice.from(least, shape.length - 1);
  return { opType: dice.pick('Softmax', 'LogSoftmax'), opset, attributes, inputs: [dice.tensor(shape)] };
};

const gemm: Draw = (dice) => {
  const [m, n, k] = dice.list(3, 1, 5);
  const [transA, transB] = [dice.from(0, 1), dice.from(0, 1)];
  const opset = dice.pick(7, 9, 11, 13);
  const c = dice.pick<number[] | null>([n], [1, n], [m, 1], [1], [m, n], [], [1, 1], opset < 11 ? [n] : null);
  return {
    opType: 'Gemm',
    opset,
    attributes: {
      transA,
      transB,
      ...(dice.chance() && { alpha: float(dice.from(-8, 8) / 8) }),
      ...(dice.chance() && { beta: float(dice.from(-8, 8) / 8) }),
    },
    inputs: [
      dice.tensor(transA ? [k, m] : [m, k]),
      dice.tensor(transB ? [n, k] : [k, n]),
      ...(c ? [dice.tensor(c)] : []),
    ],
  };
};

/** Two shapes that one shape comes of. */
function pairOf(dice: Dice, rank: number): [number[], number[]] {
  const shape = dice.list(rank, 1, 4);
  const part = (): number[] => shape.slice(dice.from(0, rank)).map((size) => (dice.from(0, 2) > 0 ? size : 1));
  return dice.chance() ? [shape, part()] : [part(), shape];
}

const matMul: Draw = (dice) => {
  const [m, n, k] = dice.list(3, 1, 5);
  const [a, b] = pairOf(dice, dice.from(0, 2));
  const left = dice.chance() || a.length > 0 ? [...a, m, k] : [k];
  const right = dice.chance() || b.length > 0 ? [...b, k, n] : [k];
  return {
    opType: 'MatMul',
    opset: dice.pick(7, 9, 13),
    attributes: {},
    inputs: [dice.tensor(left), dice.tensor(right)],
  };
};

const add: Draw = (dice) => {
  const [a, b] = pairOf(dice, dice.from(0, 5));
  const more = dice.chance() ? [] : [dice.tensor(b)];
  return {
    opType: more.length > 0 ? 'Sum' : 'Add',
    opset: dice.pick(8, 13, 14),
    attributes: {},
    inputs: [dice.tensor(a), dice.tensor(b), ...more],
  };
};

const concat: Draw = (dice) => {
  const shape = dice.list(dice.from(1, 5), 1, 4);
  const opset = dice.pick(4, 11, 13);
  const axis = dice.from(opset < 11 ? 0 : -shape.length, shape.length - 1);
  const own = (): number[] =>
    shape.map((size, i) => (i === (axis + shape.length) % shape.length ? dice.from(1, 4) : size));
  return {
    opType: 'Concat',
    opset,
    attributes: { axis },
    inputs: Array.from({ length: dice.from(1, 4) }, () => dice.tensor(own())),
  };
};

const flatten: Draw = (dice) => {
  const shape = dice.list(dice.from(1, 5), 1, 4);
  const opset = dice.pick(7, 9, 11, 13);
  const axis = dice.from(opset < 11 ? 0 : -shape.length, shape.length);
  return {
    opType: 'Flatten',
    opset,
    attributes: dice.chance() ? { axis } : ({} as NodeCase['attributes']),
    inputs: [dice.tensor(shape)],
  };
};

const reshape: Draw = (dice) => {
  const shape = dice.list(dice.from(1, 5), 1, 4);
  const factors = shape.flatMap((size) => (size === 4 ? [2, 2] : [size]));
  const target = Array<number>(dice.from(1, 5)).fill(1);
  for (const factor of factors) target[dice.from(0, target.length - 1)] *= factor;
  if (dice.chance()) target[dice.from(0, target.length - 1)] = -1;
  const copied = target.map((size, i) => (size === shape[i] && dice.chance() ? 0 : size));
  return {
    opType: 'Reshape',
    opset: dice.pick(5, 13, 14),
    attributes: {},
    inputs: [dice.tensor(shape), integers(copied)],
  };
};

const batchNorm: Draw = (dice) => {
  const shape = dice.list(dice.from(2, 5), 1, 4);
  const opset = dice.pick(7, 9, 14, 15);
  const vector = (): FloatValue => dice.tensor([shape[1]]);
  const variance = vector();
  variance.data.forEach((value, i) => (variance.data[i] = Math.abs(value) + 0.25));
  const training = opset >= 14 && sizeOf(shape) / shape[1] > 1 && dice.chance();
  return {
    opType: 'BatchNormalization',
    opset,
    attributes: {
      ...(dice.chance() && { epsilon: float(0.125) }),
      ...(training && { training_mode: 1, momentum: float(dice.from(0, 8) / 8) }),
    },
    inputs: [dice.tensor(shape), vector(), vector(), vector(), variance],
    outputs: training ? 3 : 1,
  };
};

const loss: Draw = (dice) => {
  const [n, classes] = [dice.from(1, 4), dice.from(2, 5)];
  const positions = dice.list(dice.from(0, 3), 1, 3);
  const labels = dice.list(n * sizeOf(positions), 0, classes - 1);
  const ignore = dice.chance() ? dice.from(0, classes - 1) : null;
  // A mean over nothing is NaN by the formula, and something else in each program.
  if (labels.every((label) => label === ignore)) return null;
  const weights = dice.chance() ? [dice.tensor([classes])] : [];
  weights[0]?.data.forEach((value, i) => (weights[0].data[i] = Math.abs(value) + 0.125));
  return {
    opType: dice.pick('SoftmaxCrossEntropyLoss', 'NegativeLogLikelihoodLoss'),
    opset: dice.pick(12, 13),
    attributes: {
      ...(dice.chance() && { reduction: dice.pick('none', 'sum', 'mean') }),
      ...(ignore !== null && { ignore_index: ignore }),
    },
    inputs: [
      dice.tensor([n, classes, ...positions]),
      { kind: 'integer', shape: [n, ...positions], data: labels },
      ...weights,
    ],
  };
};

const draws: Record<string, Draw> = {
  Conv: conv,
  MaxPool: pool('MaxPool', [8, 10, 12, 22], 10),
  AveragePool: pool('AveragePool', [7, 10, 11, 19, 22], 19),
  'global pooling': globalPool,
  activations: activation,
  PRelu: pRelu,
  'Softmax, LogSoftmax': softmax,
  Gemm: gemm,
  MatMul: matMul,
  'Add, Sum': add,
  Concat: concat,
  Flatten: flatten,
  Reshape: reshape,
  BatchNormalization: batchNorm,
  losses: loss,
};

/** The maximum over nothing (a dilated window wholly in padding) is the lowest float in onnxruntime and −∞ here. */
const LOWEST = -3.4028234663852886e38;
const emptyMaximum = (value: number): number => (value === LOWEST ? -Infinity : value);

const ROUNDS = Number(process.env.CONVSCOPE_FUZZ_ROUNDS ?? 40);

describe('what our layers mean, by onnxruntime', () => {
  const kernels = loadKernels();
  const cores: Core[] = [referenceCore, wasmCore(kernels, 'training'), wasmCore(kernels, 'all')];

  it.each(Object.entries(draws))('%s', async (_name, draw) => {
    const dice = new Dice(Number(process.env.CONVSCOPE_FUZZ_SEED ?? 5));
    let compared = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const node = draw(dice);
      if (!node) continue;
      const given = new Map<string, FloatValue>(
        node.inputs.flatMap((value, i) => (value?.kind === 'float' ? [[`x${i}`, value] as const] : [])),
      );
      const session = await OnnxSession.open(fileOf(node));
      const expected = await session.run(Object.fromEntries(given));
      await session.release();
      for (const core of cores) {
        const values = await evaluate(nodeModel(node), given, core);
        for (const [name, { shape, data }] of expected) {
          const reason = difference(values.get(name)!, floats(shape, data.map(emptyMaximum)), name);
          const { opType, opset, attributes, inputs } = node;
          const what = { opType, opset, ...attributes, shapes: inputs.map((input) => input?.shape) };
          expect(reason, `round ${round}, ${core.name}: ${JSON.stringify(what)}`).toBeNull();
        }
      }
      compared++;
    }
    expect(compared).toBeGreaterThan(ROUNDS / 4);
  });
});
