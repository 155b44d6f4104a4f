import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultLimits, NetworkRunner, type RunnerLimits } from '../../../src/engine/foreign/runner';
import { networkFile } from '../../../src/engine/foreign/network-file';
import type { TensorValue } from '../../../src/core/onnx/tensor-data';
import { scratch } from '../train/helpers';
import { external, file, floats, graph, integers, truth, typed, type MadeGraph } from '../../../src/fuzz/make-onnx';

const folder = scratch();
let opened: NetworkRunner[] = [];
afterEach(() => {
  for (const runner of opened) runner.close();
  opened = [];
});

const x = typed('x', 1, [2, 3]);
const y = typed('y', 1, [2, 3]);
const given = (...values: number[]): TensorValue => ({
  type: 'float32',
  shape: [2, 3],
  data: Float32Array.from({ length: 6 }, (_, i) => values[i % values.length]),
});

async function open(made: MadeGraph, limits: Partial<RunnerLimits> = {}, options = {}): Promise<NetworkRunner> {
  const bytes = file(made, options);
  const runner = await NetworkRunner.open({ name: 'made.onnx', bytes, path: null, folder }, limits);
  opened.push(runner);
  return runner;
}

const run = (runner: NetworkRunner, wanted: string[], value = given(1.5)): Promise<Map<string, TensorValue>> =>
  runner.run(new Map([['x', value]]), wanted);

it('takes the memory that CONVSCOPE_MEMORY allows, and refuses what is no size', async () => {
  const small = { nodes: [{ op: 'Neg', in: ['x'], out: ['y'] }], inputs: [x], outputs: [y] };
  try {
    process.env.CONVSCOPE_MEMORY = '300';
    expect((await defaultLimits()).memory).toBe(300 * 2 ** 20);
    // Less than the process itself needs.
    process.env.CONVSCOPE_MEMORY = '8';
    await expect(open(small)).rejects.toThrow('more than the 8 MiB of memory');
    process.env.CONVSCOPE_MEMORY = 'lots';
    await expect(open(small)).rejects.toThrow('found lots, expected a number of MiB above 0');
  } finally {
    delete process.env.CONVSCOPE_MEMORY;
  }
});

describe('types that onnxruntime-node cannot hand out', () => {
  it.each([
    ['bfloat16', 16, 'float32', [1.5, -2.25]],
    ['float8e4m3fn', 17, 'float32', [1.5, -2.25]],
    ['int4', 22, 'int8', [2, -2]],
    ['uint4', 21, 'uint8', [2, 2]],
  ] as const)('%s comes as another, inside the graph and out of it', async (type, to, as, expected) => {
    const value = type === 'uint4' ? given(2) : given(1.5, -2.25);
    const inside = await open({
      nodes: [
        { op: 'Cast', in: ['x'], out: ['small'], ints: { to } },
        { op: 'Cast', in: ['small'], out: ['y'], ints: { to: 1 } },
      ],
      inputs: [x],
      outputs: [y],
    });
    expect(inside.tensors.get('small')).toMatchObject({ type, as, dims: [2, 3], unavailable: null });
    const outside = await open({
      nodes: [{ op: 'Cast', in: ['x'], out: ['small'], ints: { to } }],
      inputs: [x],
      outputs: [typed('small', to, [2, 3])],
    });
    for (const runner of [inside, outside]) {
      const { small } = Object.fromEntries(await run(runner, ['small'], value));
      expect(small).toMatchObject({ type: as, shape: [2, 3] });
      expect(Array.from(small.data as Float32Array).slice(0, 2)).toEqual(expected);
    }
  });

  it('says of a sequence what it is, and computes the rest', async () => {
    const runner = await open({
      nodes: [
        { op: 'SplitToSequence', in: ['x'], out: ['parts'] },
        { op: 'ConcatFromSequence', in: ['parts'], out: ['y'], ints: { axis: 0 } },
      ],
      inputs: [x],
      outputs: [y],
    });
    expect(runner.tensors.get('parts')!.unavailable).not.toBeNull();
    await expect(run(runner, ['parts'])).rejects.toThrow(/'parts': it is not a tensor/);
    expect((await run(runner, ['y'])).get('y')!.shape).toEqual([2, 3]);
  });
});

it('hands out float16 as its bits, int64 and bool as what they are, and texts', async () => {
  const runner = await open({
    nodes: [
      { op: 'Cast', in: ['x'], out: ['half'], ints: { to: 10 } },
      { op: 'Cast', in: ['x'], out: ['whole'], ints: { to: 7 } },
      { op: 'Cast', in: ['x'], out: ['is'], ints: { to: 9 } },
      { op: 'Cast', in: ['x'], out: ['text'], ints: { to: 8 } },
      { op: 'Relu', in: ['x'], out: ['y'] },
    ],
    inputs: [x],
    outputs: [y],
  });
  const found = await run(runner, ['half', 'whole', 'is', 'text'], given(1.5, 0));
  expect(found.get('half')!.data.slice(0, 2)).toEqual(Uint16Array.of(0x3e00, 0));
  expect(found.get('whole')!.data.slice(0, 2)).toEqual(BigInt64Array.of(1n, 0n));
  expect(found.get('is')!.data.slice(0, 2)).toEqual(Uint8Array.of(1, 0));
  expect(found.get('text')!.data.slice(0, 2)).toEqual(['1.5', '0']);
});

it('gives the same with a session for each set of values as with one for all', async () => {
  const nodes = [
    { op: 'Mul', in: ['x', 'x'], out: ['square'] },
    { op: 'Add', in: ['square', 'x'], out: ['sum'] },
    { op: 'Relu', in: ['sum'], out: ['y'] },
  ];
  const all = await open({ nodes, inputs: [x], outputs: [y] });
  const few = await open({ nodes, inputs: [x], outputs: [y] }, { memory: 3e9 });
  // Of open dimensions that nothing binds the size is not known: each set has its own session then.
  few.bytesOf = () => null;
  for (const wanted of [['square'], ['sum', 'square'], ['y'], ['square'], ['sum'], ['y', 'sum', 'square']])
    expect(await run(few, wanted, given(2, -3))).toEqual(await run(all, wanted, given(2, -3)));
});

describe('refuses, naming the node or tensor:', () => {
  const relu = { op: 'Relu', in: ['x'], out: ['r'], name: 'relu' };
  mkdirSync(join(folder, 'inner'), { recursive: true });
  writeFileSync(join(folder, 'outer.bin'), new Uint8Array(24));
  writeFileSync(join(folder, 'inner', 'short.bin'), new Uint8Array(8));
  symlinkSync(join(folder, 'outer.bin'), join(folder, 'inner', 'link.bin'));

  const add = (location: Record<string, string>): MadeGraph => ({
    nodes: [{ op: 'Add', in: ['x', 'w'], out: ['y'] }],
    inputs: [x],
    outputs: [y],
    weights: [external('w', location)],
  });

  it.each<[string, MadeGraph, RegExp]>([
    [
      'a custom operator',
      {
        nodes: [relu, { op: 'Foo', in: ['r'], out: ['y'], name: 'mine', domain: 'my.ops' }],
        inputs: [x],
        outputs: [y],
      },
      /node 'mine' \(my\.ops:Foo\) is a custom operator/,
    ],
    [
      'an operator that this version does not have',
      { nodes: [relu, { op: 'Rleu', in: ['r'], out: ['y'], name: 'typo' }], inputs: [x], outputs: [y] },
      /node 'typo' \(Rleu\): onnxruntime does not know this operator/,
    ],
    [
      'a node with too few inputs',
      { nodes: [relu, { op: 'Add', in: ['r'], out: ['y'], name: 'half' }], inputs: [x], outputs: [y] },
      /node 'half' \(Add\) is not as ONNX wants it: .*input/,
    ],
    [
      'data above the folder',
      add({ location: '../outer.bin' }),
      /'w': its data would lie at '\.\.\/outer\.bin', outside/,
    ],
    ['data at an absolute path', add({ location: '/etc/passwd' }), /'w': .*outside the model's folder/],
    ['data at another drive', add({ location: 'C:\\secret' }), /'w': .*outside the model's folder/],
    ['data behind a link that leads out', add({ location: 'link.bin' }), /'w': .*outside the model's folder/],
    ['data that is missing', add({ location: 'none.bin' }), /'w': its data is missing \(expected the file 'none\.bin'/],
    [
      'data that is too short',
      add({ location: 'short.bin', length: '24' }),
      /'w': 'short\.bin' has 8 bytes, expected at least 24/,
    ],
    ['an offset that is none', add({ location: 'short.bin', offset: '-3' }), /makes no sense/],
    [
      'an input of a type that cannot be given',
      { nodes: [relu], inputs: [typed('x', 16, [1])], outputs: [typed('r', 16, [1])] },
      /input 'x' is bfloat16/,
    ],
  ])('%s', async (_what, made, reason) => {
    const bytes = file(made, {});
    const asked = NetworkRunner.open({ name: 'made.onnx', bytes, path: null, folder: join(folder, 'inner') });
    await expect(asked).rejects.toThrow(reason);
    await expect(asked).rejects.toMatchObject({ code: 'model.invalid' });
  });

  const fine: MadeGraph = { nodes: [{ ...relu, out: ['y'] }], inputs: [x], outputs: [y] };
  it.each<[string, Map<string, TensorValue>, RegExp]>([
    ['an input that is not given', new Map(), /input 'x' is not given/],
    [
      'an input too many',
      new Map([
        ['x', given(1)],
        ['z', given(1)],
      ]),
      /no input 'z' \(there are x\)/,
    ],
    [
      'another shape',
      new Map([['x', { ...given(1), shape: [3, 2] }]]),
      /found float32 \[3, 2\], expected float32 \[2, 3\]/,
    ],
    [
      'another type',
      new Map([['x', { type: 'float64', shape: [2, 3], data: new Float64Array(6) }]]),
      /found float64 \[2, 3\]/,
    ],
  ])('%s', async (_what, inputs, reason) => {
    const runner = await open(fine);
    await expect(runner.run(inputs, ['y'])).rejects.toThrow(reason);
  });

  it('a node that fails while it runs', async () => {
    const runner = await open({
      nodes: [{ op: 'Gather', in: ['x', 'at'], out: ['y'], name: 'pick' }],
      inputs: [typed('x', 1, [2, 3])],
      outputs: [typed('y', 1, [1, 3])],
      weights: [integers('at', [1], [7n])],
    });
    await expect(run(runner, ['y'])).rejects.toThrow(/node 'pick' \(Gather\) failed: .*7/);
  });
});

describe('what never ends, or takes everything', () => {
  const body = graph({
    nodes: [
      { op: 'Identity', in: ['cond'], out: ['cond2'] },
      { op: 'Add', in: ['a', 'a'], out: ['a2'] },
    ],
    inputs: [typed('i', 7, []), typed('cond', 9, []), typed('a', 1, [2, 3])],
    outputs: [typed('cond2', 9, []), typed('a2', 1, [2, 3])],
  });
  const forever: MadeGraph = {
    nodes: [{ op: 'Loop', in: ['', 'go', 'x'], out: ['y'], name: 'forever', graphs: { body } }],
    inputs: [x],
    outputs: [y],
    weights: [truth('go', true)],
  };
  const large = (count: bigint): MadeGraph => ({
    nodes: [
      { op: 'ConstantOfShape', in: ['shape'], out: ['large'], name: 'allocate' },
      { op: 'ReduceSum', in: ['large'], out: ['sum'], ints: { keepdims: 0 } },
      { op: 'Add', in: ['x', 'sum'], out: ['y'] },
    ],
    inputs: [x],
    outputs: [y],
    weights: [integers('shape', [1], [count])],
  });

  it('is stopped after its time, and the next run has a process of its own', async () => {
    const runner = await open(forever, { seconds: 2 });
    await expect(run(runner, ['y'])).rejects.toThrow(/took longer than 2 s and was stopped/);
    await expect(run(runner, ['y'])).rejects.toThrow(/took longer than 2 s/);
  });

  it('is stopped when it is cancelled', async () => {
    const runner = await open(forever);
    const cancelled = new AbortController();
    const asked = runner.run(new Map([['x', given(1)]]), ['y'], { signal: cancelled.signal });
    setImmediate(() => cancelled.abort());
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is refused where no machine has the memory', async () => {
    const runner = await open(large(2n ** 40n));
    await expect(run(runner, ['y'])).rejects.toThrow(
      /'allocate' \(ConstantOfShape\) asks for more memory than there is/,
    );
    await expect(run(runner, ['large'])).rejects.toThrow(/'large' would take 4,194,304 MiB, the limit/);
  });

  it('is stopped at the limit of memory', async () => {
    const runner = await open(large(2n ** 27n), { memory: 300 * 2 ** 20 });
    await expect(run(runner, ['y'])).rejects.toThrow(/more than the 300 MiB/);
  });
});

it('opens a file by its path, with the data beside it', async () => {
  const inner = join(folder, 'beside');
  mkdirSync(inner, { recursive: true });
  const path = join(inner, 'model.onnx');
  writeFileSync(join(inner, 'w.bin'), new Uint8Array(Float32Array.of(0, 9, 1, 2, 3, 4, 5, 6).buffer));
  const weights = [external('w', { location: 'w.bin', offset: '8', length: '24' }), floats('one', [1], [1])];
  const nodes = [
    { op: 'Add', in: ['x', 'w'], out: ['sum'] },
    { op: 'Mul', in: ['sum', 'one'], out: ['y'] },
  ];
  writeFileSync(path, file({ nodes, inputs: [x], outputs: [y], weights }));
  const runner = await NetworkRunner.open(await networkFile(path));
  opened.push(runner);
  expect((await run(runner, ['sum'], given(1))).get('sum')!.data).toEqual(Float32Array.of(2, 3, 4, 5, 6, 7));
  expect((await runner.weight('w')).data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
});
