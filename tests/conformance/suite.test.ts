import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCases, type TestCase } from '../../src/conformance/archive';
import type { Core } from '../../src/conformance/core';
import { difference } from '../../src/conformance/compare';
import { referenceCore } from '../../src/conformance/reference-core';
import { evaluate } from '../../src/conformance/run-case';
import { byOperator, runThrough, type CaseReport } from '../../src/conformance/suite';
import { floats } from '../../src/conformance/value';
import { wasmCore } from '../../src/conformance/wasm-core';
import { ReferenceExecutor } from '../../src/core/backends/reference/executor';
import { loadKernels } from '../../src/engine/runtime/kernels';
import { fileOf, nodeModel } from './node-model';
import { describeWithData, sharedData } from '../shared-data';

/** The only reasons for which a case may be left out. */
const ALLOWED = [
  /^operator [\w.]+$/,
  /^element type (?!float32)\w+ of '.*'$/,
  /^[4-9] spatial dimensions$/,
  /^output \d of \w+$/,
  /^random dropout$/,
];

const OPERATORS = (
  'Conv MaxPool AveragePool GlobalAveragePool GlobalMaxPool BatchNormalization Gemm MatMul Add Concat Flatten Reshape Dropout ' +
  'Relu LeakyRelu PRelu Elu Selu Sigmoid HardSigmoid Tanh Softplus HardSwish Gelu Mul LRN LayerNormalization InstanceNormalization DepthToSpace ConvTranspose Softmax LogSoftmax SoftmaxCrossEntropyLoss ' +
  'NegativeLogLikelihoodLoss Adam Adagrad Momentum'
).split(' ');

const archive = ['onnx-backend-tests', 'cases.tar.gz'];

describeWithData("ONNX's backend test cases", archive, () => {
  let cases: TestCase[] = [];
  beforeAll(async () => void (cases = await readCases(sharedData(...archive))));

  const run = async (cores: Core[]): Promise<CaseReport[]> => {
    const reports: CaseReport[] = [];
    for (const testCase of cases) reports.push(await runThrough(testCase, cores));
    return reports;
  };

  it('pass in the reference and in both builds of the kernels, at least one for every operator', async () => {
    const simd = wasmCore(loadKernels('simd'), 'training');
    const reports = await run([referenceCore, wasmCore(loadKernels(), 'training'), simd]);
    expect(reports.filter(({ outcome }) => outcome.status === 'failed')).toEqual([]);
    const passed = new Map(byOperator(reports).map((each) => [each.operator, each.passed]));
    for (const operator of OPERATORS) expect(passed.get(operator), operator).toBeGreaterThan(0);
    for (const { name, outcome } of reports) {
      if (outcome.status !== 'not known') continue;
      expect(
        ALLOWED.some((reason) => reason.test(outcome.reason)),
        `${name}: ${outcome.reason}`,
      ).toBe(true);
    }
    expect(reports.filter(({ outcome }) => outcome.status === 'passed').length).toBeGreaterThanOrEqual(196);
  });

  it('fail where a layer computes something else', async () => {
    class Bent extends ReferenceExecutor {
      override activation(index: number): Float32Array {
        const values = super.activation(index);
        if (this.graph.layers[index]?.kind === 'maxpool') values[0] += 0.01;
        return values;
      }
    }
    const bent: Core = { ...referenceCore, name: 'bent', executor: (graph, batch) => new Bent(graph, batch) };
    const failed = (await run([bent])).filter(({ outcome }) => outcome.status === 'failed');
    expect(new Set(failed.flatMap(({ operators }) => operators))).toEqual(new Set(['MaxPool']));
    expect(failed.length).toBeGreaterThan(10);
  });
});

describe('optimizers of a model that states no attributes', () => {
  const one = (value: number) => floats([1], Float32Array.of(value));
  const rate = floats([], Float32Array.of(0.1));
  // Adam: V = 0.9 · 1e-6, H = 0, so V ÷ (√H + ε) is 0.9. Adagrad: G ÷ (√H + ε) = 1e-6 ÷ (1e-6 + ε).
  it.each([
    ['Adam', [one(1), one(0), one(1e-6), one(0)], 0.91],
    ['Adagrad', [one(1), one(1e-6), one(0)], 0.95],
  ])('%s has ONNX’s epsilon of 1e-6', async (opType, values, expected) => {
    const step = { kind: 'integer' as const, shape: [], data: [0] };
    const inputs = [rate, step, ...values];
    const domain = 'ai.onnx.preview.training';
    const model = nodeModel({ opType, domain, opset: 1, attributes: {}, inputs, outputs: values.length - 1 });
    const given = new Map(inputs.map((value, i) => [`x${i}`, value]));
    for (const core of [referenceCore, wasmCore(loadKernels(), 'training')])
      expect(difference((await evaluate(model, given, core)).get('y0')!, one(expected), core.name)).toBe(null);
  });
});

describe('the tolerance', () => {
  const one = (value: number) => floats([1], Float32Array.of(value));
  it.each([
    [1, 1.0009, true],
    [1, 1.0012, false],
    [0, 9e-8, true],
    [0, 2e-7, false],
    [NaN, NaN, true],
    [NaN, 1, false],
    [Infinity, Infinity, true],
    [Infinity, -Infinity, false],
    [3e38, Infinity, false],
  ])('%f and %f', (expected, found, close) => {
    expect(difference(one(found), one(expected), 'y') === null).toBe(close);
  });

  it('asks for the same shape', () => {
    expect(difference(floats([1, 2], new Float32Array(2)), floats([2], new Float32Array(2)), 'y')).toBe(
      "output 'y': found shape [1, 2], expected [2]",
    );
  });
});

describe('an archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('that is none, or holds no case, is an error that names it', async () => {
    const broken = join(folder, 'broken.tar.gz');
    writeFileSync(broken, 'no archive');
    await expect(readCases(broken)).rejects.toThrow(`'${broken}': `);
    const empty = await write('empty', { 'a.txt': Buffer.from('text') });
    await expect(readCases(empty)).rejects.toThrow(`'${empty}': found no model.onnx`);
  });

  it('cut short is an error that names it', async () => {
    const whole = await write('whole', { 'a/model.onnx': Buffer.alloc(50_000, 'abc') });
    const cut = join(folder, 'cut.tar.gz');
    writeFileSync(cut, readFileSync(whole).subarray(0, -40));
    await expect(readCases(cut)).rejects.toThrow(`'${cut}': `);
  });

  it('whose cases lack files fails them, wherever they lie, in every data set', async () => {
    // TensorProto: dims [1], data_type float, raw_data 0.5.
    const half = Uint8Array.of(0x08, 1, 0x10, 1, 0x4a, 4, 0, 0, 0, 0x3f);
    const relu = fileOf({ opType: 'Relu', opset: 14, attributes: {}, inputs: [floats([1], new Float32Array(1))] });
    const set = (name: string) => ({ [`${name}/input_0.pb`]: half, [`${name}/output_0.pb`]: half });
    const under = (name: string, files: Record<string, Uint8Array>) =>
      Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${name}/${path}`, bytes]));
    const file = await write('damaged', {
      ...under('deep/er/good', { 'model.onnx': relu, ...set('test_data_set_0'), ...set('test_data_set_2') }),
      ...under('no-model', set('test_data_set_0')),
      ...under('no-input', { 'model.onnx': relu, 'test_data_set_0/output_0.pb': half }),
      ...under('no-output', { 'model.onnx': relu, ...set('test_data_set_0'), 'test_data_set_1/input_0.pb': half }),
      ...under('no-set', { 'model.onnx': relu }),
      ...under('empty-model', { 'model.onnx': new Uint8Array(0), ...set('test_data_set_0') }),
    });
    const reports: Record<string, string> = {};
    for (const testCase of await readCases(file))
      reports[testCase.name] = (await runThrough(testCase, [referenceCore])).outcome.reason;
    expect(reports).toEqual({
      'deep/er/good': '',
      'no-model': 'found no model.onnx, expected one',
      'no-input': 'reference: test_data_set_0: found 0 files input_*.pb, expected 1',
      'no-output': 'reference: test_data_set_1: found 0 files output_*.pb, expected 1',
      'no-set': 'reference: found no data set, expected one',
      'empty-model': expect.stringMatching(/./) as string,
    });
  });

  async function write(name: string, files: Record<string, Uint8Array>): Promise<string> {
    const tar = pack();
    for (const [path, bytes] of Object.entries(files)) tar.entry({ name: path }, Buffer.from(bytes));
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar) chunks.push(chunk as Buffer);
    const file = join(folder, `${name}.tar.gz`);
    writeFileSync(file, gzipSync(Buffer.concat(chunks)));
    return file;
  }
});
