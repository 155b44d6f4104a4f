/** `diff`: two networks value by value, where they begin to differ, how values are known to be the same; the window tells the same. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index';
import { writeChosen } from '../../src/core/onnx/choices';
import { writeModel } from '../../src/core/onnx/write';
import type { Model } from '../../src/core/model/model';
import { DataSets } from '../../src/engine/data-sets/data-sets';
import { diffMethods } from '../../src/engine/diff/methods';
import { diffOpened, openToDiff } from '../../src/engine/diff/task';
import { openModel } from '../../src/engine/models/models';
import { resource } from '../../src/engine/system/root';
import { Jobs } from '../../src/engine/worker/jobs';
import { file, floats, typed, type MadeGraph } from '../../src/fuzz/make-onnx';
import { diffCsv, diffSentences, type NetworkDiff } from '../../src/shared/diff';
import { sentence } from '../../src/words';
import { silent } from '../engine/data-sets/pictures';
import { scratch } from '../engine/train/helpers';

const root = scratch();
const put = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(root, name), bytes);
  return join(root, name);
};

async function diff(a: string, b: string, ...more: string[]): Promise<{ code: number; out: string }> {
  const out: string[] = [];
  let code = 0;
  const io = {
    print: (line: string) => void out.push(line),
    warn: () => undefined,
    setExitCode: (given: number) => (code = given),
  };
  const returned = await main(['diff', a, b, ...more], io);
  return { code: code || returned, out: out.join('\n') };
}

describe('diff', () => {
  let model: Model;
  beforeAll(async () => ({ model } = await openModel({ kind: 'bundled', id: 'lenet5-mnist' })));

  it('finds a network in float16 the same but for rounding', async () => {
    const half = put('half.onnx', writeChosen(model, { float16: true }));
    const { code, out } = await diff('lenet5-mnist', half, '--data', resource('samples', 'digit-5.png'), '--json');
    const found = JSON.parse(out) as NetworkDiff;
    expect([code, found]).toMatchObject([0, { bound: 45, begins: null, answers: { same: 1, of: 1 }, random: false }]);
    expect(found.tensors[0]).toMatchObject({ a: 'input', snr: null, max: 0 });
    const { snr } = found.tensors.find(({ a }) => a === 'dense3')!;
    // 11 bits keep about 70 dB.
    expect(snr).toBeGreaterThan(55);
    expect(snr).toBeLessThan(85);
  });

  it('names the value where one altered weight begins; the window tells the same in the same words', async () => {
    const weight = model.params.get('conv2.weight')!.slice();
    weight[7] += 0.5;
    const bytes = writeModel({ ...model, params: new Map(model.params).set('conv2.weight', weight) });
    const progress: number[] = [];
    const found = await diffMethods(new DataSets(() => Promise.resolve([])), new Jobs()).diff(
      {
        a: { kind: 'bundled', id: 'lenet5-mnist' },
        b: { kind: 'file', id: 'file 1', name: 'altered.onnx', bytes },
        inputs: { kind: 'own' },
        job: 'diff',
      },
      { emit: (_, payload) => void ('done' in payload && progress.push(payload.done / payload.total)) },
    );
    expect(progress.at(-1)).toBe(1);
    expect(found).toMatchObject({ bound: 80, samples: 20, data: null, answers: { of: 20 } });
    expect(found.tensors[found.begins!]).toMatchObject({ a: 'conv2', b: 'conv2', by: 'name', operator: 'Conv' });
    expect(found.tensors.slice(0, found.begins!).every((each) => each.snr === null && each.max === 0)).toBe(true);
    expect(found.weights).toMatchObject([{ name: 'conv2.weight', max: expect.closeTo(0.5, 5) as number }]);

    const { code, out } = await diff('lenet5-mnist', put('altered.onnx', bytes), '--data', resource('samples'));
    expect(code).toBe(1);
    const said = diffSentences(found).map((text) => sentence(text));
    expect(said[0]).toMatch("It begins at 'conv2' (Conv), with a signal-to-noise ratio of");
    expect(said).toContain('1 weight of one name has other numbers: conv2.weight.');
    expect(out.split('\n').slice(0, said.length)).toEqual(said);
    for (const { a, snr } of found.tensors)
      expect(out).toMatch(new RegExp(`^(> )? *${a} .* ${snr === null ? '–' : snr.toFixed(1)}$`, 'm'));
    const rows = diffCsv(found).trim().split('\r\n');
    expect(rows).toHaveLength(1 + found.tensors.length + 1 + found.onlyA.length + found.onlyB.length);
    const { max, mean, snr } = found.tensors[found.begins!];
    expect(rows).toContain(`value,conv2,conv2,name,Conv,${max},${mean},${snr}`);
  });
});

describe('two networks', () => {
  const open = (graph: MadeGraph) => openToDiff({ source: { kind: 'bytes', name: 'made.onnx', bytes: file(graph) } });
  let [a, b, five]: Awaited<ReturnType<typeof open>>[] = [];
  beforeAll(async () => {
    const inputs = [typed('x', 1, [1, 4])];
    const sums = (names: readonly string[]): MadeGraph['nodes'] => [
      { op: 'Mul', in: ['x', 'w'], out: [names[0]] },
      { op: 'Relu', in: [names[0]], out: [names[1]] },
      { op: 'Add', in: [names[1], names[0]], out: [names[2]] },
    ];
    const outputs = (sum: string) => [typed(sum, 1, [1, 4]), typed('real', 1, [1, 4])];
    a = await open({
      nodes: [
        ...sums(['scaled', 'positive', 'sum']),
        { op: 'Identity', in: ['x'], out: ['steps'] },
        { op: 'Relu', in: ['steps'], out: ['real'] },
        { op: 'Identity', in: ['x'], out: ['whole'] },
      ],
      inputs,
      outputs: outputs('sum'),
      weights: [floats('w', [1], [2])],
    });
    b = await open({
      nodes: [
        ...sums(['m', 'r', 's']),
        { op: 'QuantizeLinear', in: ['x', 'scale'], out: ['steps'] },
        { op: 'DequantizeLinear', in: ['steps', 'scale'], out: ['real'] },
        { op: 'Cast', in: ['x'], out: ['whole'], ints: { to: 6 } },
      ],
      inputs,
      outputs: outputs('s'),
      weights: [floats('w', [1], [2.2]), floats('scale', [], [0.01])],
    });
    five = await open({
      nodes: [{ op: 'Relu', in: ['x'], out: ['y'] }],
      inputs: [typed('x', 1, [1, 5])],
      outputs: [typed('y', 1, [1, 5])],
    });
  });
  afterAll(() => {
    for (const { network } of [a, b, five]) network.dispose();
  });

  it('are matched by name, else by place; figures follow their definition, and quantized values count as what they stand for', async () => {
    const found = await diffOpened(a, b, { data: null }, silent());
    expect(found.tensors.map((each) => [each.a, each.b, each.by])).toEqual([
      ['x', 'x', 'name'],
      ['scaled', 'm', 'place'],
      ['positive', 'r', 'place'],
      ['sum', 's', 'place'],
      ['steps', 'steps', 'name'],
      ['real', 'real', 'name'],
    ]);
    // 2.2 in place of 2 is a tenth too much: 20 dB.
    for (const { snr } of found.tensors.slice(1, 4)) expect(snr).toBeCloseTo(20, 3);
    // uint8 keeps what is not negative: to half a step.
    expect(found.tensors[5].max).toBeLessThanOrEqual(0.00501);
    expect(found.tensors[5].max).toBeGreaterThan(0.001);
    expect([found.bound, found.random, found.samples, found.onlyA, found.onlyB]).toEqual([
      15,
      true,
      4,
      // Whole numbers of no known scale are nothing to compare fractions with.
      ['whole'],
      ['whole'],
    ]);
    expect(found.begins).toBe(4);
    expect((await diffOpened(a, b, { data: null, bound: 200 }, silent())).begins).toBe(1);
  });

  it('are matched behind an activation that a quantizer left to the range of its whole numbers', async () => {
    const inputs = [typed('x', 1, [1, 4])];
    const outputs = [typed('y', 1, [1, 4])];
    const weights = [floats('w', [1], [2]), floats('scale', [], [0.01])];
    const plain: MadeGraph['nodes'] = [
      { op: 'Mul', in: ['x', 'w'], out: ['m'] },
      { op: 'Relu', in: ['m'], out: ['r'] },
      { op: 'Neg', in: ['r'], out: ['y'] },
    ];
    const twin: MadeGraph['nodes'] = [
      { op: 'Mul', in: ['x', 'w'], out: ['r'] },
      { op: 'QuantizeLinear', in: ['r', 'scale'], out: ['q'] },
      { op: 'DequantizeLinear', in: ['q', 'scale'], out: ['d'] },
      { op: 'Neg', in: ['d'], out: ['y'] },
    ];
    const opened = await Promise.all([plain, twin].map((nodes) => open({ nodes, inputs, outputs, weights })));
    const found = await diffOpened(opened[0], opened[1], { data: null }, silent());
    expect(found.tensors.map((each) => [each.a, each.b])).toEqual([
      ['x', 'x'],
      ['r', 'q'],
      ['y', 'y'],
    ]);
    expect(found.begins).toBeNull();
    for (const { network } of opened) network.dispose();
  });

  it('are refused pictures that they do not take, and inputs of other sizes', async () => {
    const data = resource('samples', 'digit-5.png');
    await expect(diffOpened(a, b, { data }, silent())).rejects.toThrow('it takes no picture');
    await expect(diffOpened(a, five, { data: null }, silent())).rejects.toThrow(
      "input 'x': found float32 [1, 4], expected float32 [1, 5]",
    );
  });
});
