import { describe, expect, it } from 'vitest';
import { Dice } from '../../../src/agreement/dice';
import { openForeign } from '../../../src/engine/models/formats/foreign';
import { Activations } from '../../../src/engine/inspect/activations';
import { explanationOf } from '../../../src/engine/inspect/inspector';
import { denseStrides, floats as numbersOf, mapsOf, type Tensor } from '../../../src/engine/inspect/tensor';
import type { Explained, Explanation } from '../../../src/core/explain/types';
import { file, floats, integers, message, typed, whole, type MadeNode } from '../../../src/fuzz/make-onnx';

const dice = new Dice(3, 1);
const many = (count: number, least: number, most: number): number[] =>
  Array.from({ length: count }, () => dice.from(least, most));
const scalar = (name: string, value: number): Uint8Array => floats(name, [], [value]);
const byte = (name: string, value: number): Uint8Array => whole(name, [], Uint8Array.of(value));
const signed = (name: string, value: number): Uint8Array => whole(name, [], Int8Array.of(value));

/** What the nodes below read: x [1, 4, 6, 5] floats, q the same as bytes of scale qs and zero point qz. */
const WEIGHTS = [
  scalar('qs', 0.031),
  byte('qz', 7),
  floats('qs4', [4], [0.1, 0.2, 0.3, 0.4]),
  whole('qz4', [4], Uint8Array.of(1, 20, 128, 0)),
  scalar('ys', 0.21),
  byte('yz', 100),
  // Of 7 bits: on processors without VNNI, onnxruntime cuts sums of two larger products off at 16 bits.
  whole('w', [6, 2, 3, 3], Int8Array.from(many(108, -64, 64))),
  floats('ws', [6], [0.01, 0.02, 0.005, 0.03, 0.011, 0.007]),
  whole('wz', [6], new Int8Array(6)),
  whole('b', [6], Int32Array.from(many(6, -40_000_000, 40_000_000))),
  scalar('ws1', 0.02),
  signed('wz1', 0),
  whole('m', [5, 3], Int8Array.from(many(15, -64, 64))),
  floats('ms', [3], [0.01, 0.02, 0.03]),
  whole('mz', [3], Int8Array.of(0, 0, 0)),
  signed('mz1', 3),
  whole('g', [3, 120], Uint8Array.from(many(360, 0, 255))),
  byte('gz', 128),
  whole('gb', [3], Int32Array.of(100, -20_000_001, 3)),
  floats('fb', [3], [0.5, -2, 1]),
  scalar('fs', 0.9),
  integers('flat', [2], [1n, 120n]),
  integers('pads', [8], [0n, 0n, 1n, 2n, 0n, 0n, 3n, 1n]),
  scalar('filler', 2.5),
  integers('starts', [2], [-1n, 1n]),
  integers('ends', [2], [-100n, 5n]),
  integers('axes', [2], [2n, 3n]),
  integers('steps', [2], [-2n, 2n]),
  integers('sizes', [2], [1n, 3n]),
  integers('repeats', [4], [1n, 2n, 1n, 3n]),
  integers('wide', [4], [2n, 4n, 6n, 5n]),
  integers('some', [2], [-1n, 2n]),
  integers('rows', [1], [2n]),
];

const q = (op: string, inputs: string[], more: Partial<MadeNode> = {}): MadeNode => ({ op, in: inputs, ...more });
const ms = (op: string, inputs: string[], more: Partial<MadeNode> = {}): MadeNode => ({
  ...q(op, inputs, more),
  domain: 'com.microsoft',
});
const x = ['q', 'qs', 'qz'];
const y = ['ys', 'yz'];

const QUANTIZED: MadeNode[] = [
  q('QLinearConv', [...x, 'w', 'ws', 'wz', ...y, 'b'], { ints: { group: 2 }, lists: { pads: [1, 0, 1, 2] } }),
  q('QLinearConv', [...x, 'w', 'ws1', 'wz1', ...y], { ints: { group: 2 }, lists: { strides: [2, 1] } }),
  q('ConvInteger', ['q', 'w', 'qz', 'wz1'], { ints: { group: 2 }, lists: { dilations: [2, 1] } }),
  q('MatMulInteger', ['q', 'm', 'qz', 'mz1']),
  q('QLinearMatMul', [...x, 'm', 'ws1', 'mz1', ...y]),
  ms('QLinearAdd', [...x, 'q2', 'ws1', 'yz', ...y]),
  ms('QLinearMul', [...x, 'q2', 'ws1', 'yz', ...y]),
  ms('QLinearSigmoid', [...x, 'ws1', 'qz']),
  ms('QLinearLeakyRelu', [...x, ...y]),
  ms('QLinearAveragePool', [...x, ...y], { lists: { kernel_shape: [3, 2], pads: [1, 0, 0, 1] } }),
  ms('QLinearGlobalAveragePool', [...x, 'ws1', 'qz']),
  ms('QLinearConcat', [...y, ...x, 'q2', 'ws1', 'yz'], { ints: { axis: 1 } }),
  ms('QGemm', ['qf', 'qs', 'qz', 'g', 'ws1', 'gz', 'gb', ...y], { ints: { transB: 1 } }),
  ms('QGemm', ['qf', 'qs', 'qz', 'g', 'ws1', 'gz'], { ints: { transB: 1 } }),
  ms('MatMulIntegerToFloat', ['q', 'm', 'qs', 'ms', 'qz', 'mz', 'fb']),
  q('DequantizeLinear', ['q', 'qs4', 'qz4'], { ints: { axis: 1 } }),
];
const MOVES: MadeNode[] = [
  q('Pad', ['x', 'pads', 'filler']),
  ...['edge', 'reflect', 'wrap'].map((mode) => q('Pad', ['x', 'pads'], { texts: { mode } })),
  q('Slice', ['x', 'starts', 'ends', 'axes', 'steps']),
  q('Split', ['x', 'sizes'], { ints: { axis: 1 }, out: ['parts 0', 'parts 1'] }),
  q('Tile', ['x', 'repeats']),
  q('Expand', ['x', 'wide']),
  q('Gather', ['x', 'some'], { ints: { axis: 2 } }),
  q('Transpose', ['x'], { lists: { perm: [3, 0, 2, 1] } }),
  q('DepthToSpace', ['x'], { ints: { blocksize: 2 }, texts: { mode: 'CRD' } }),
  q('DepthToSpace', ['x'], { ints: { blocksize: 2 } }),
  q('SpaceToDepth', ['x6'], { ints: { blocksize: 2 } }),
  q('Flatten', ['x'], { ints: { axis: 2 } }),
];
const COMPARED: MadeNode[] = [
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].map((op) => q(op, ['x', 'filler2'])),
  q('Greater', ['zero point five', 'x']),
  q('Greater', ['x', 'positive'], { out: ['above'] }),
  q('Not', ['above']),
  q('And', ['above', 'above']),
  q('Where', ['above', 'x', 'positive']),
  q('Max', ['x', 'positive', 'x']),
  q('TopK', ['x', 'two'], { ints: { axis: 2 }, out: ['top', 'top at'] }),
  q('TopK', ['x', 'two'], { ints: { axis: 3, largest: 0 }, out: ['low', 'low at'] }),
  q('ReduceMax', ['x', 'across']),
  q('ReduceMin', ['x', 'two'], { ints: { keepdims: 0 } }),
  q('Trilu', ['x'], { ints: { upper: 0 } }),
];
const RESIZED: MadeNode[] = [
  ...['half_pixel', 'align_corners', 'asymmetric', 'pytorch_half_pixel'].flatMap((way) => [
    q('Resize', ['x', '', 'larger'], { texts: { coordinate_transformation_mode: way, mode: 'linear' } }),
    q('Resize', ['x', '', 'smaller'], { texts: { coordinate_transformation_mode: way, nearest_mode: 'ceil' } }),
  ]),
  q('Resize', ['x', '', '', 'made'], { texts: { mode: 'linear' } }),
];
const SUMS: MadeNode[] = [
  q('Sum', ['x', 'positive', 'x']),
  q('CumSum', ['x', 'axis two'], { ints: { exclusive: 1, reverse: 1 } }),
  q('CumSum', ['x', 'axis two']),
  q('Einsum', ['x', 'x'], { texts: { equation: 'nchw,nckw->nhk' } }),
  q('ReduceSumSquare', ['x', 'two']),
  q('ReduceL1', ['x']),
  ms('MatMulNBits', ['x', 'nb', 'nbs', 'nbz'], { ints: { K: 5, N: 3, bits: 4, block_size: 16 } }),
  q('Softsign', ['x']),
  q('MatMul', ['x', 'xt']),
  q('ReduceMean', ['x', 'rows']),
  q('ReduceSum', ['x', 'rows'], { ints: { keepdims: 0 } }),
  q('Softmax', ['x'], { ints: { axis: 2 } }),
  q('Erf', ['x']),
  q('Pow', ['x', 'filler2']),
];
const BEFORE: MadeNode[] = [
  q('DynamicQuantizeLinear', ['x'], { out: ['q', 'q scale', 'q zero'] }),
  q('Relu', ['x'], { out: ['positive'] }),
  q('QuantizeLinear', ['positive', 'qs', 'qz'], { out: ['q2'] }),
  q('Reshape', ['q', 'flat'], { out: ['qf'] }),
  q('Transpose', ['x'], { lists: { perm: [0, 1, 3, 2] }, out: ['xt'] }),
  q('Slice', ['x', 'zero', 'four', 'last'], { out: ['x6'] }),
];

const named = (nodes: MadeNode[]): MadeNode[] =>
  nodes.map((node, i) => ({ ...node, out: node.out ?? [`${node.op} ${i}`] }));

async function opened(nodes: MadeNode[]): Promise<Activations> {
  const all = named([...BEFORE, ...nodes]);
  const last = all[all.length - 1].out![0];
  const more = [
    integers('zero', [1], [0n]),
    integers('four', [1], [4n]),
    integers('last', [1], [3n]),
    scalar('filler2', 2),
    scalar('zero point five', 0.5),
    integers('two', [1], [2n]),
    integers('across', [2], [1n, 3n]),
    integers('axis two', [], [2n]),
    floats('larger', [4], [1, 1, 2.5, 1.75]),
    floats('smaller', [4], [1, 1, 0.6, 1.5]),
    integers('made', [4], [1n, 4n, 9n, 3n]),
    whole('nb', [3, 1, 8], Uint8Array.from(many(24, 0, 255))),
    floats('nbs', [3], [0.1, 0.02, 0.3]),
    whole('nbz', [3], Uint8Array.of(3, 8, 15)),
  ];
  const bytes = file(
    {
      nodes: all,
      inputs: [typed('x', 1, [1, 4, 6, 5])],
      outputs: [typed(last, 1, [])],
      weights: [...WEIGHTS, ...more],
    },
    { opset: 19, more: [[8, message([1, 'com.microsoft'], [2, 1])]] },
  );
  const network = await openForeign({ name: 'made.onnx', bytes, path: null, folder: null });
  expect(network.runner.refused).toBeNull();
  const shape = [1, 4, 6, 5];
  const input: Tensor = {
    type: 'float32',
    shape,
    strides: denseStrides(shape),
    axes: ['batch', 'channel', 'row', 'column'],
    data: Float32Array.from({ length: 120 }, () => dice.number(-3, 4)),
  };
  return Activations.of(network, [input]);
}

/** Every number of every output of every node, with what is shown of it. */
async function* every(activations: Activations): AsyncGenerator<{ kind: string; found: Explained; tensor: Tensor }> {
  const { nodes } = activations.network;
  for (const node of nodes)
    for (const value of node.outputs) {
      const tensor = await activations.get(value);
      const { map, row, column } = mapsOf(tensor)!;
      for (let channel = 0; channel < map.length; channel += 1 + (map.length >> 3))
        for (let y = 0; y < row.length; y++)
          for (let x = 0; x < column.length; x++)
            yield { kind: node.kind, tensor, found: await explanationOf(activations, value, { channel, y, x }) };
    }
}

describe('numbers of operators by themselves', () => {
  it.each([
    ['quantized', QUANTIZED, 0],
    ['moved', MOVES, 0],
    ['summed', SUMS, 1e-5],
    ['compared', COMPARED, 0],
    ['resized', RESIZED, 1e-5],
  ])('%s ones come out as onnxruntime has them', async (_, nodes, tolerance) => {
    const activations = await opened(nodes);
    const told = new Set<string>();
    for await (const { kind, found, tensor } of every(activations)) {
      // Where the largest lie is no arithmetic on one number.
      if (kind === 'TopK' && tensor.type === 'int64') continue;
      if (found.body === null) expect.fail(`${kind} is not told`);
      const most = Math.max(...Array.from(numbersOf(tensor)!, Math.abs));
      const rounded = tensor.type === 'float32' ? Math.max(tolerance, 1e-6) * most : 0;
      expect(Math.abs(found.difference), kind).toBeLessThanOrEqual(rounded);
      told.add(kind);
    }
    for (const { op } of nodes) expect(told).toContain(op);
    activations.network.dispose();
  });

  it('tells scales and zero points, and where a sum goes from there', async () => {
    const activations = await opened(QUANTIZED);
    const at = activations.network.nodes.find(({ kind }) => kind === 'QLinearConv')!.outputs[0];
    const { quantized, body, shown } = (await explanationOf(activations, at, {
      channel: 3,
      y: 2,
      x: 2,
    })) as Explanation;
    expect(quantized).toMatchObject({
      reads: [
        { name: 'q', zero: 7 },
        { name: 'w', zero: 0 },
      ],
      real: false,
      output: { zero: 100, low: 0, high: 255 },
    });
    const { sum, factor, output } = quantized!;
    expect(quantized!.reads.map(({ scale }) => scale)).toEqual([Math.fround(0.031), Math.fround(0.03)]);
    if (body.kind !== 'sum') expect.fail(body.kind);
    expect(body.bias + body.positive + body.negative).toBe(sum);
    const plain = Math.min(255, Math.max(0, Math.round((sum * factor) / output!.scale) + 100));
    expect(Math.abs(plain - shown)).toBeLessThanOrEqual(1);
    activations.network.dispose();
  });
});
