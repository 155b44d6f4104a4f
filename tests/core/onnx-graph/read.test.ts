import { describe, expect, it } from 'vitest';
import { numbersOf, valueOfTensor } from '../../../src/core/onnx/tensor-data';
import { readNetwork } from '../../../src/core/onnx-graph/network';
import { sentence } from '../../../src/words';
import { file, graph, integers, message, typed, type Field } from '../../../src/fuzz/make-onnx';

const x = typed('x', 1, ['N', 3]);
const y = typed('y', 1, ['N', 3]);
/** A weight 'w' with these fields beside its name. */
const weight = (...fields: Field[]): ReturnType<typeof valueOfTensor> => {
  const tensor = message(...fields, [8, 'w']);
  const bytes = file({
    nodes: [{ op: 'Add', in: ['x', 'w'], out: ['y'] }],
    inputs: [x],
    outputs: [y],
    weights: [tensor],
  });
  return valueOfTensor(readNetwork(bytes).graph.initializers.get('w')!);
};
const shape = (...dims: number[]): Field[] => dims.map((dim): Field => [1, dim]);
const raw = (...bytes: number[]): Field => [9, Uint8Array.from(bytes)];
const packed = (array: Float32Array | Float64Array): Uint8Array => new Uint8Array(array.buffer);

describe('weights of every element type', () => {
  it.each<[string, Field[], unknown[]]>([
    ['float32', [...shape(2), [2, 1], [4, packed(Float32Array.of(1.5, -2))]], [1.5, -2]],
    ['float64', [...shape(2), [2, 11], [10, packed(Float64Array.of(0.1, -2))]], [0.1, -2]],
    ['int8', [...shape(2), [2, 3], [5, -7], [5, 8]], [-7, 8]],
    ['uint8', [...shape(2), [2, 2], raw(7, 255)], [7, 255]],
    ['int64', [...shape(1), [2, 7], [7, -(2n ** 62n) - 1n]], [-(2n ** 62n) - 1n]],
    ['uint64', [...shape(1), [2, 13], [11, -1]], [2n ** 64n - 1n]],
    ['int4', [...shape(3), [2, 22], raw(0x8f, 0x07)], [-1, -8, 7]],
    ['uint4', [...shape(3), [2, 21], raw(0x8f, 0x07)], [15, 8, 7]],
    ['string', [...shape(2), [2, 8], [6, 'cat'], [6, '犬']], ['cat', '犬']],
    ['bool', [...shape(2), [2, 9], raw(1, 0)], [1, 0]],
    ['complex64', [...shape(1), [2, 14], [4, packed(Float32Array.of(3, 4))]], [3, 4]],
  ])('%s', (type, fields, expected) => {
    const value = weight(...fields);
    expect(value.type).toBe(type);
    expect(Array.from<unknown>(value.data)).toEqual(expected);
  });

  // Bit patterns and values: ONNX, "Float stored in 8 bits"; IEEE 754 for the first.
  it.each<[string, number, number[], number[]]>([
    ['float16', 10, [0x00, 0x3c, 0x01, 0x00, 0x00, 0xfc], [1, 2 ** -24, -Infinity]],
    ['bfloat16', 16, [0xc0, 0x3f, 0x49, 0xc0], [1.5, -3.140625]],
    ['float8e4m3fn', 17, [0x7e, 0x7f, 0x01, 0xb8], [448, NaN, 2 ** -9, -1]],
    ['float8e4m3fnuz', 18, [0x7f, 0x80], [240, NaN]],
    ['float8e5m2', 19, [0x7b, 0x7c, 0x01], [57344, Infinity, 2 ** -16]],
    ['float4e2m1', 23, [0x97, 0x0f], [6, -0.5, -6]],
  ])('%s means numbers', (type, number, bytes, expected) => {
    const value = weight(...shape(expected.length), [2, number], raw(...bytes));
    expect(value.type).toBe(type);
    expect(Array.from(numbersOf(value)!)).toEqual(expected);
  });

  it.each<[string, Field[], RegExp]>([
    ['too few bytes', [...shape(2, 3), [2, 1], raw(0, 0, 0, 0)], /'w': found 4 bytes, expected 24 for shape \[2, 3\]/],
    ['too many values', [...shape(1), [2, 7], [7, 1], [7, 2]], /'w': found 2 values, expected 1 for shape \[1\]/],
    [
      '2^40 elements',
      [...shape(2 ** 20, 2 ** 20), [2, 1], raw()],
      /'w': found shape \[1048576, 1048576\], expected at most/,
    ],
    ['a negative dimension', [...shape(-1), [2, 1], raw()], /'w': found shape \[-1\]/],
    ['an unknown type', [...shape(1), [2, 99], raw(0)], /'w': found element type 99/],
  ])('refuses %s', (_what, fields, reason) => expect(() => weight(...fields)).toThrow(reason));
});

const body = graph({
  nodes: [
    { op: 'Add', in: ['a', 'scale'], out: ['a2'], name: 'grow' },
    { op: 'Identity', in: ['cond'], out: ['cond2'] },
  ],
  inputs: [typed('i', 7, []), typed('cond', 9, []), typed('a', 1, [1])],
  outputs: [typed('cond2', 9, []), typed('a2', 1, [1])],
});

it('keeps bodies as graphs of their own, which read from the graph around them', () => {
  const { graph: found, problems } = readNetwork(
    file({
      nodes: [
        { op: 'Relu', in: ['x'], out: ['scale'], name: 'model/block1/relu' },
        { op: 'Loop', in: ['n', '', 'x'], out: ['y'], name: 'loop', graphs: { body } },
      ],
      inputs: [x, typed('n', 7, [1])],
      outputs: [y],
      weights: [integers('n', [1], [3n])],
    }),
  );
  expect(problems).toEqual([]);
  const [relu, loop] = found.nodes;
  expect(relu.scope).toEqual(['model', 'block1']);
  // IR version 3 lists weights among the inputs.
  expect(found.inputs).toEqual(['x']);
  expect(found.values.get('scale')).toMatchObject({ from: 'node', producer: 0, consumers: [1] });
  expect(found.values.get('x')).toMatchObject({ type: 'float32', dims: ['N', 3], consumers: [0, 1] });
  const [{ attribute, graph: inner }] = loop.bodies;
  expect(attribute).toBe('body');
  expect(inner.nodes.map(({ name }) => name)).toEqual(['grow', 'cond2']);
  expect(inner.values.get('scale')!.from).toBe('outer');
});

it.each<[string, Parameters<typeof file>[0]['nodes'], RegExp]>([
  [
    'a circle',
    [
      { op: 'Relu', in: ['x'], out: ['r'] },
      { op: 'Add', in: ['r', 'b'], out: ['a'], name: 'first' },
      { op: 'Relu', in: ['a'], out: ['b'], name: 'second' },
      { op: 'Relu', in: ['b'], out: ['y'], name: 'behind' },
    ],
    /^node '(first|second)' \(\w+\) depends on its own result/,
  ],
  [
    'a value that nobody makes',
    [{ op: 'Add', in: ['x', 'ghost'], out: ['y'], name: 'sum' }],
    /node 'sum' \(Add\) reads 'ghost'/,
  ],
  [
    'a value made twice',
    [
      { op: 'Relu', in: ['x'], out: ['y'], name: 'one' },
      { op: 'Relu', in: ['x'], out: ['y'], name: 'two' },
    ],
    /node 'two' \(Relu\) makes 'y', which is there already/,
  ],
  ['an output that nobody makes', [{ op: 'Relu', in: ['x'], out: ['z'] }], /the output 'y' is made by no node/],
])('shows a graph with %s, and says so', (_what, nodes, reason) => {
  const { graph: found, problems } = readNetwork(file({ nodes, inputs: [x], outputs: [y] }));
  expect(found.nodes).toHaveLength(nodes.length);
  expect(problems.map((problem) => sentence(problem)).join()).toMatch(reason);
});

it('puts nodes in an order in which each comes after what it reads', () => {
  const nodes = [
    { op: 'Relu', in: ['b'], out: ['y'], name: 'last' },
    { op: 'Relu', in: ['a'], out: ['b'], name: 'middle' },
    { op: 'Relu', in: ['x'], out: ['a'], name: 'first' },
  ];
  const found = readNetwork(file({ nodes, inputs: [x], outputs: [y] })).graph;
  expect(found.nodes.map(({ name }) => name)).toEqual(['first', 'middle', 'last']);
  expect(found.values.get('b')).toMatchObject({ producer: 1, consumers: [2] });
});

it('refuses graphs nested beyond all measure', () => {
  let inner = graph({ nodes: [] });
  for (let depth = 0; depth < 1000; depth++) inner = graph({ nodes: [{ op: 'If', graphs: { then_branch: inner } }] });
  expect(() => readNetwork(message([1, 8], [7, inner]))).toThrow(/nested more than 32 deep/);
});

it('reads 10,000 nodes', () => {
  const nodes = Array.from({ length: 10_000 }, (_, i) => ({ op: 'Relu', in: [`v${i}`], out: [`v${i + 1}`] }));
  const found = readNetwork(file({ nodes, inputs: [typed('v0', 1, [1])], outputs: [typed('v10000', 1, [1])] })).graph;
  expect(found.nodes).toHaveLength(10_000);
});
