import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli';
import { fileNames } from '../../src/engine/foreign/file-names';
import { decodeTensorNpy, encodeTensorNpy } from '../../src/engine/npy/tensor';
import type { ElementTypeName } from '../../src/core/onnx/proto';
import type { TensorData } from '../../src/core/onnx/tensor-data';
import { file, typed, type MadeGraph } from '../../src/fuzz/make-onnx';
import { scratch } from '../engine/train/helpers';

const folder = scratch();
const at = (...parts: string[]): string => join(folder, ...parts);

async function call(...argv: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const [out, err]: string[][] = [[], []];
  let own = 0;
  const io = {
    print: (line: string) => void out.push(line),
    warn: (line: string) => void err.push(line),
    setExitCode: (code: number) => void (own = code),
  };
  const code = await main(argv, io);
  return { code: code || own, out, err };
}

const write = (name: string, type: ElementTypeName, shape: number[], data: TensorData): string => {
  writeFileSync(at(name), Buffer.concat(encodeTensorNpy({ type, shape, data })!));
  return at(name);
};
const read = (...parts: string[]): ReturnType<typeof decodeTensorNpy> =>
  decodeTensorNpy(parts.join('/'), readFileSync(at(...parts)));
const model = (name: string, made: MadeGraph): string => {
  writeFileSync(at(name), file(made));
  return at(name);
};

const x = typed('x', 1, ['N', 2]);
const types: MadeGraph = {
  nodes: [
    { op: 'Cast', in: ['x'], out: ['half:1'], ints: { to: 10 } },
    { op: 'Cast', in: ['x'], out: ['half/1'], ints: { to: 7 } },
    { op: 'Cast', in: ['x'], out: ['is'], ints: { to: 9 } },
    { op: 'Cast', in: ['x'], out: ['byte'], ints: { to: 2 } },
    { op: 'Cast', in: ['x'], out: ['brain'], ints: { to: 16 } },
    { op: 'Cast', in: ['x'], out: ['text'], ints: { to: 8 } },
    { op: 'Add', in: ['x', 'b'], out: ['y'] },
  ],
  inputs: [x, typed('b', 1, [2])],
  outputs: [typed('y', 1, ['N', 2])],
};

describe('run', () => {
  const path = model('types.onnx', types);
  const inputs = [
    ...['--input', `x=${write('x.npy', 'float32', [3, 2], Float32Array.of(0, 1, 2, 3, 4, 5.5))}`],
    ...['--input', `b=${write('b.npy', 'float64', [2], Float64Array.of(10, 20))}`],
  ];

  it('writes the outputs, each in its own type', async () => {
    const { code, out, err } = await call('run', path, ...inputs, '--out', at('outputs'), '--json');
    expect({ code, err }).toEqual({ code: 0, err: [`input 'b': '${at('b.npy')}' holds float64, taken as float32`] });
    expect(JSON.parse(out[0])).toMatchObject({
      model: 'types.onnx',
      inputs: [{ name: 'x', type: 'float32', shape: [3, 2], file: at('x.npy') }, { name: 'b' }],
      tensors: [{ name: 'y', type: 'float32', shape: [3, 2], file: 'y.npy', as: null }],
      leftOut: [],
    });
    expect(read('outputs', 'y.npy').data).toEqual(Float32Array.of(10, 21, 12, 23, 14, 25.5));
  });

  it('--tensors all writes every value that can be written, and says what cannot', async () => {
    const { code, out, err } = await call('run', path, ...inputs, '--out', at('all'), '--tensors', 'all', '--json');
    expect(code).toBe(0);
    expect(err.slice(1)).toEqual([
      "tensor 'brain' is bfloat16, which NumPy does not have: written as float32",
      "tensor 'text' holds texts, which are not written",
    ]);
    const { tensors, leftOut } = JSON.parse(out[0]) as { tensors: { name: string; file: string }[]; leftOut: object[] };
    expect(leftOut).toHaveLength(1);
    expect(tensors.map(({ file: name }) => name).sort()).toEqual(readdirSync(at('all')).sort());
    const found = Object.fromEntries(tensors.map(({ name, file: own }) => [name, read('all', own)]));
    expect(found['half:1']).toMatchObject({ type: 'float16', shape: [3, 2] });
    expect(found['half/1']).toMatchObject({ type: 'int64', data: BigInt64Array.of(0n, 1n, 2n, 3n, 4n, 5n) });
    expect(found.is).toMatchObject({ type: 'bool', data: Uint8Array.of(0, 1, 1, 1, 1, 1) });
    expect(found.byte).toMatchObject({ type: 'uint8', data: Uint8Array.of(0, 1, 2, 3, 4, 5) });
    expect(found.brain).toMatchObject({ type: 'float32', data: Float32Array.of(0, 1, 2, 3, 4, 5.5) });
  });

  it('--tensors takes names; texts asked for by name are an error', async () => {
    const { code } = await call('run', path, ...inputs, '--out', at('two'), '--tensors', 'is,byte');
    expect({ code, files: readdirSync(at('two')).sort() }).toEqual({ code: 0, files: ['byte.npy', 'is.npy'] });
    const text = await call('run', path, ...inputs, '--out', at('text'), '--tensors', 'text');
    expect(text.code).toBe(1);
    expect(text.err).toContain("tensor 'text' holds texts, which are not written");
  });

  it.each<[string, string[], number, RegExp]>([
    ['an input that is missing', inputs.slice(0, 2), 1, /input 'b' is not given/],
    ['an input twice', [...inputs, ...inputs.slice(0, 2)], 2, /'x' is given twice/],
    ['a tensor that is none', [...inputs, '--tensors', 'nothing'], 1, /there is no tensor 'nothing'/],
    ['a file without a name', ['--input', at('x.npy')], 2, /expected NAME=FILE\.npy with NAME one of x, b/],
    ['a file that is no array', ['--input', `x=${path}`], 1, /types\.onnx/],
  ])('refuses %s', async (_what, options, code, reason) => {
    const found = await call('run', path, ...options, '--out', at('refused'));
    expect(found.code).toBe(code);
    expect(found.err[found.err.length - 1]).toMatch(reason);
  });
});

it('reads arrays in Fortran order and with the high byte first', () => {
  const header = (descr: string): Buffer => {
    const text = `{'descr': '${descr}', 'fortran_order': True, 'shape': (2, 3), }`.padEnd(117) + '\n';
    return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(text, 'latin1')]);
  };
  const values = Buffer.concat(
    [1n, 4n, 2n, 5n, 3n, -6n].map((value) => {
      const eight = Buffer.alloc(8);
      eight.writeBigInt64BE(value);
      return eight;
    }),
  );
  const found = decodeTensorNpy('a.npy', Buffer.concat([header('>i8'), values]));
  expect(found).toEqual({ type: 'int64', shape: [2, 3], data: BigInt64Array.of(1n, 2n, 3n, 4n, 5n, -6n) });
});

it('makes file names that every system allows, one for each tensor', () => {
  const names = ['a/b', 'a:b', 'A_b', '..', 'con', 'plain', '.hidden', 'x'.repeat(300)];
  const files = [...fileNames(names, '.npy').values()];
  expect(files.slice(0, 7)).toEqual([
    'a_b.npy',
    'a_b_2.npy',
    'A_b_3.npy',
    '_...npy',
    '_con.npy',
    'plain.npy',
    '_.hidden.npy',
  ]);
  expect(files[7].length).toBeLessThan(200);
});

describe('summary', () => {
  it('of a network of others: shapes, parameters, multiply-adds', async () => {
    const { code, out, err } = await call('summary', model('plain.onnx', types), '--json');
    expect({ code, err }).toEqual({ code: 0, err: [] });
    const found = JSON.parse(out[0]) as { nodes: object[]; totals: object };
    expect(found).toMatchObject({ model: 'plain.onnx', refused: null, inputs: [{ name: 'x', shape: ['N', 2] }, {}] });
    expect(found.nodes[4]).toMatchObject({ operator: 'Cast', outputs: [{ type: 'bfloat16', shape: ['N', 2] }] });
    expect(found.totals).toEqual({ nodes: 7, params: 0, macs: 0, unknown: 0 });
  });

  it('of one that cannot be computed: what the file says, and why', async () => {
    mkdirSync(at('odd'), { recursive: true });
    const odd = model('odd/odd.onnx', {
      nodes: [{ op: 'Foo', domain: 'my', in: ['x'], out: ['y'], name: 'f' }],
      inputs: [x],
    });
    const { code, out, err } = await call('summary', odd);
    expect(code).toBe(0);
    expect(err.join()).toMatch(/cannot be computed: node 'f' \(my:Foo\) is a custom operator/);
    expect(out.join('\n')).toMatch(/f +my:Foo/);
  });

  it('of a spec', async () => {
    const spec = {
      input: { height: 8, width: 8, channels: 1 },
      layers: [{ kind: 'flatten' }, { kind: 'dense', units: 3 }],
    };
    writeFileSync(at('spec.json'), JSON.stringify(spec));
    const { code, out } = await call('summary', at('spec.json'), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out[0])).toMatchObject({
      model: 'spec.json',
      totals: { params: 195, trainable: 195, macs: 192 },
    });
  });
});
