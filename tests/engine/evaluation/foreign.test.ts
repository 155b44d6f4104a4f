/** Classifiers in files that Convscope did not write: evaluated beside ours, with the answers that Inspect gives. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/index';
import { createEngine, type OpenEngine } from '../../../src/engine/engine';
import { Decoder } from '../../../src/engine/image/decoder';
import { openClassifier } from '../../../src/engine/evaluation/foreign-classifier';
import { evaluateContenders } from '../../../src/engine/evaluation/task';
import { tryPreprocessings } from '../../../src/engine/evaluation/preprocessings';
import { FailureError } from '../../../src/shared/failures';
import { matchLabels } from '../../../src/engine/train/match-labels';
import { file, floats, integers, typed, type MadeGraph } from '../../../src/fuzz/make-onnx';
import type { Prediction } from '../../../src/shared/protocol';
import { silent } from '../data-sets/pictures';
import { buildDecoder } from '../image/decoder-script';
import { scratch } from '../train/helpers';
import { describeWithData, sharedData } from '../../shared-data';
import { apart, shade, shades } from './fixtures';

const root = scratch();
let engine: OpenEngine;
beforeAll(async () => {
  apart(root);
  engine = createEngine({ open: { model: null, image: null } }, new Decoder(await buildDecoder('foreign-evaluation')));
  await shades(join(root, 'shades'), 4);
});
afterAll(() => engine.close());

const context = { emit: () => undefined };
const contender = (name: string, bytes: Uint8Array) => ({ kind: 'file' as const, id: name, name, bytes });

/** What Inspect shows for a file's picture. */
async function inspected(name: string, bytes: Uint8Array, path: string): Promise<Prediction[]> {
  const { model } = await engine.call('openModel', { source: { kind: 'bytes', name, bytes } }, context);
  const image = { kind: 'bytes' as const, name: path, bytes: new Uint8Array(readFileSync(path)) };
  return (await engine.call('inspect', { model, image, options: {} }, context)).predictions;
}

/** Mean of each color plane, which are the logits; `end` makes the output `y` of them. */
function means(end: MadeGraph['nodes'], { batch = 'N' as string | number, type = 1, more = [] as Uint8Array[] } = {}) {
  return file({
    nodes: [
      { op: 'Cast', in: ['x'], out: ['float'], ints: { to: 1 } },
      { op: 'GlobalAveragePool', in: ['float'], out: ['pooled'] },
      { op: 'Flatten', in: ['pooled'], out: ['flat'] },
      ...end,
    ],
    inputs: [typed('x', type, [batch, 3, 8, 8])],
    outputs: [typed('y', 1, [batch, 3])],
    weights: more,
  });
}

const softmax = [{ op: 'Softmax', in: ['flat'], out: ['y'] }];
const zero = integers('axis', [1], [0n]);
const made = {
  softmax: means(softmax),
  bytes: means(
    [
      { op: 'Mul', in: ['flat', 'scale'], out: ['scaled'] },
      { op: 'LogSoftmax', in: ['scaled'], out: ['y'] },
    ],
    { type: 2, batch: 4, more: [floats('scale', [1], [1 / 255])] },
  ),
  // A softmax in other operators; and pictures of a batch that are mixed up, in number and in values.
  written: means(
    [
      { op: 'Exp', in: ['flat'], out: ['exp'] },
      { op: 'ReduceSum', in: ['exp', 'axis'], out: ['sum'] },
      { op: 'Div', in: ['exp', 'sum'], out: ['y'] },
    ],
    { more: [integers('axis', [1], [1n])] },
  ),
  flattened: file({
    nodes: [
      { op: 'GlobalAveragePool', in: ['x'], out: ['pooled'] },
      { op: 'Flatten', in: ['pooled'], out: ['y'], ints: { axis: 0 } },
    ],
    inputs: [typed('x', 1, ['N', 3, 8, 8])],
    outputs: [typed('y', 1, [1, 3])],
  }),
  mixed: means(
    [
      { op: 'ReduceMean', in: ['flat', 'axis'], out: ['mean'] },
      { op: 'Sub', in: ['flat', 'mean'], out: ['apart'] },
      { op: 'Sub', in: ['flat', 'apart'], out: ['y'] },
    ],
    { more: [zero] },
  ),
};

const COLORS = ['红', '绿', '🔵'] as const;

/** A picture's color as the pixels' mean, and the shares of one that its softmax gives. */
function expected(path: string): number[] {
  const [, name, i] = /^(.*)[\\/]图 (\d+)\.png$/.exec(path)!;
  const exponents = shade(name as '红', Number(i))
    .slice(0, 3)
    .map((value) => Math.exp(value / 255));
  const sum = exponents.reduce((a, b) => a + b, 0);
  return exponents.map((each) => each / sum);
}

describe('a classifier of others', () => {
  it('answers as its arithmetic says, and as Inspect shows', async () => {
    const source = join(root, 'shades');
    const names = Object.keys(made) as (keyof typeof made)[];
    const contenders = names.map((name) => contender(name, made[name]));
    const result = await evaluateContenders({ contenders, source, labelsByOrder: true }, silent());
    const { paths } = result.files!;
    expect(result.labels).toEqual([...COLORS]);
    expect(paths).toHaveLength(12);
    expect(result.contenders.map(({ notes }) => notes.map(({ code }) => code).join())).toEqual([
      'evaluation.picture-guessed',
      ...['bytes', 'written'].map(() => 'evaluation.picture-guessed'),
      ...['flattened', 'mixed'].map(() => 'evaluation.picture-guessed,evaluation.softmax-taken'),
    ]);
    for (const [at, name] of names.entries()) {
      const { predicted, probability, loss } = result.answers[at];
      for (const [i, path] of paths.entries()) {
        const shares = expected(path);
        const truth = COLORS.findIndex((color) => path.startsWith(color));
        expect(result.truth[i]).toBe(truth);
        expect(predicted[i], name).toBe(shares.indexOf(Math.max(...shares)));
        expect(probability[i], name).toBeCloseTo(Math.max(...shares), 4);
        expect(loss[i], name).toBeCloseTo(-Math.log(shares[truth]), 4);
      }
      if (!['bytes', 'written'].includes(name)) continue;
      const [first] = await inspected(name, made[name], join(source, paths[5]));
      expect(first.index).toBe(predicted[5]);
      expect(first.probability ?? first.logit).toBeCloseTo(probability[5], 6);
    }
  });

  it('is refused with the reason: no picture, no classes', async () => {
    const open = (bytes: Uint8Array): Promise<unknown> => openClassifier({ kind: 'bytes', name: 'made.onnx', bytes });
    const unary = (input: Uint8Array, output: Uint8Array): Uint8Array =>
      file({ nodes: [{ op: 'Relu', in: ['x'], out: ['y'] }], inputs: [input], outputs: [output] });
    await expect(open(unary(typed('x', 1, [1, 5]), typed('y', 1, [1, 5])))).rejects.toThrow(
      'none of its inputs (x) takes a picture',
    );
    await expect(open(unary(typed('x', 1, [1, 3, 8, 8]), typed('y', 1, [1, 3, 8, 8])))).rejects.toThrow(
      "it is not a classifier: its outputs are 'y' [1 × 3 × 8 × 8]",
    );
  });

  it('takes on the command line names from a file, in other writing, and how pictures go in', async () => {
    const [model, labels] = [join(root, 'made.onnx'), join(root, 'labels.txt')];
    writeFileSync(model, made.softmax);
    writeFileSync(labels, '绿, green\n🔵\nn01440764 红, red\n');
    const convscope = async (...more: string[]): Promise<{ code: number; out: string; err: string }> => {
      const [out, err]: string[][] = [[], []];
      const words = ['evaluate', '--model', model, '--data', join(root, 'shades'), '--json', ...more];
      const io = { print: (line: string) => void out.push(line), warn: (line: string) => void err.push(line) };
      const code = await main(words, { ...io, setExitCode: () => undefined });
      return { code, out: out.join('\n'), err: err.join('\n') };
    };
    const { code, err } = await convscope();
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("Confirm that they are the same in their order: '红' is '0', '绿' is '1', '🔵' is '2'"),
    ]);
    const named = await convscope('--labels', labels);
    expect(named.err).toContain('are written differently (spaces, underscores, synonyms)');
    const { perClass, accuracy } = JSON.parse(named.out) as { perClass: { label: string }[]; accuracy: number };
    expect(perClass.map(({ label }) => label)).toEqual(['绿, green', '🔵', 'n01440764 红, red']);
    const scaled = await convscope('--labels-by-order', '--scale', '1');
    expect(scaled.err).toContain('as you set it');
    // The names say another order than the classes have.
    expect(accuracy).not.toBe((JSON.parse(scaled.out) as { accuracy: number }).accuracy);
  });
});

describe('names of classes', () => {
  const match = (data: string[], labels: string[], byOrder = false): number[] => [
    ...matchLabels(data, { id: 'net', labels, names: 'given', byOrder }, 'data'),
  ];
  it('are the same in any case, with any signs between words, by any synonym and by WordNet’s numbers', () => {
    const imagenet = [
      'n01440764 tench, Tinca tinca',
      'goldfish, Carassius auratus',
      'tabby, tabby cat',
      'crane',
      'crane',
    ];
    expect(match(['Tinca_tinca', 'GOLDFISH', 'tabby-cat'], imagenet)).toEqual([0, 1, 2]);
    expect(match(['n01440764', 'tabby'], imagenet)).toEqual([0, 2]);
    expect(match(['n01440764-tench'], imagenet)).toEqual([0]);
    // Two classes of the network are called so; two of the data would be one.
    expect(() => match(['goldfish', 'cranes'], imagenet)).toThrow('does not know cranes');
    expect(() => match(['tabby', 'tabby cat'], imagenet)).toThrow('knows 5 others');
  });
  it('that a network does not have are numbers: as many are matched by order once that is confirmed', () => {
    const unnamed = (data: string[], byOrder = false): number[] => [
      ...matchLabels(data, { id: 'net', labels: ['0', '1', '2'], names: 'none', byOrder }, 'data'),
    ];
    expect(unnamed(['0', '2'])).toEqual([0, 2]);
    expect(() => unnamed(['a', 'b', 'c'])).toThrow(
      "not those of 'net' by name. Confirm that they are the same in their order: 'a' is '0', 'b' is '1', 'c' is '2'",
    );
    expect(unnamed(['a', 'b', 'c'], true)).toEqual([0, 1, 2]);
    expect(unnamed(['1', '2', '3'], true)).toEqual([0, 1, 2]);
    expect(() => unnamed(['a', 'b'], true)).toThrow("'net' tells 3 apart and does not name them");
  });
  it('are matched by order only where that is confirmed, and never against a name that both have', () => {
    expect(() => match(['a', 'b'], ['p', 'q'])).toThrow('Confirm that they are the same in their order');
    expect(match(['a', 'b'], ['p', 'q'], true)).toEqual([0, 1]);
    expect(() => match(['a', 'p'], ['p', 'q'], true)).toThrow('does not know a');
  });
});

/** The first digits of MNIST's test set. */
function digits(count: number): string {
  const folder = join(root, `digits-${count}`);
  const cut = (kind: string, size: number, header: number): Uint8Array => {
    const all = gunzipSync(readFileSync(sharedData('mnist', `t10k-${kind}-ubyte.gz`)));
    all.writeUInt32BE(count, 4);
    return gzipSync(all.subarray(0, header + count * size));
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'train-images-idx3-ubyte.gz'), cut('images-idx3', 784, 16));
  writeFileSync(join(folder, 'train-labels-idx1-ubyte.gz'), cut('labels-idx1', 1, 8));
  return folder;
}

describeWithData('classifiers of others, on digits', ['onnx-models', 'mnist-8_cntk.onnx'], () => {
  it.each([
    ['mnist-8_cntk.onnx', 0.97],
    ['mnist_fc_256x2.onnx', 0.95],
  ])('know them with the preprocessing that is guessed: %s', async (name, least) => {
    const folder = digits(200);
    const bytes = new Uint8Array(readFileSync(sharedData('onnx-models', name)));
    const { contenders } = await evaluateContenders({ contenders: [contender(name, bytes)], source: folder }, silent());
    expect(contenders[0].accuracy).toBeGreaterThan(least);
  });
});

describeWithData('the usual preprocessings', ['onnx-models', 'mnist-8_cntk.onnx'], () => {
  it('are tried on labelled pictures: what a network was trained with comes first', async () => {
    const name = 'mnist_verivital_convnet_maxpool.onnx';
    const bytes = new Uint8Array(readFileSync(sharedData('onnx-models', name)));
    const host = { ...silent(), progress: (done: number, total: number) => void told.push(done / total) };
    const told: number[] = [];
    const request = { source: { kind: 'bytes', name, bytes } as const, data: digits(200), most: 100 };
    const { rows, images, byOrder } = await tryPreprocessings(request, host);
    expect(images).toBe(100);
    expect(byOrder).toBeNull();
    expect(rows.map(({ range }) => range)).toEqual(
      expect.arrayContaining(['unit', 'bytes', 'signed', 'mnist', 'inverted']),
    );
    const [best, ...others] = rows;
    expect(best).toMatchObject({ range: 'unit', guessed: true });
    // Elsewhere, on the first 1,000 test pictures: 97.6 %, and 38.9 % at best of the others.
    expect(best.accuracy).toBeGreaterThan(0.9);
    for (const { accuracy } of others) expect(accuracy).toBeLessThan(0.6);
    expect(told.at(-1)).toBe(1);
    const cancelled = { ...silent(), signal: AbortSignal.abort(new FailureError('cancelled')) };
    await expect(tryPreprocessings(request, cancelled)).rejects.toThrow();
  });
});
