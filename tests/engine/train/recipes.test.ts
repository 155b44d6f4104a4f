/** `train --recipe`: one run, and several that vote. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/index';
import { printBeside } from '../../../src/cli/train-result';
import { readModel } from '../../../src/core/onnx/read';
import { recipeNamed } from '../../../src/engine/models/recipes';
import { evaluate, evaluateTogether } from '../../../src/engine/train/evaluate';
import { recipeOfRuns, trainMembers } from '../../../src/engine/train/members';
import type { RunRecord } from '../../../src/engine/train/run-record';
import type { Recipe } from '../../../src/shared/recipes';
import { cifarRecord, idx } from '../data/make';
import { describeWithData, sharedData } from '../../shared-data';
import { quietTrain, scratch } from './helpers';
import { type Message } from '../../../src/words';

const root = scratch();
beforeAll(() => {
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
});

let counter = 0;
const fresh = (): string => join(root, `run-${counter++}`);
const bytes = (run: string, file: string): Buffer => readFileSync(join(run, file));
const recordOf = (run: string): RunRecord => JSON.parse(bytes(run, 'run.json').toString()) as RunRecord;

async function convscope(...words: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const [out, err]: string[][] = [[], []];
  const io = {
    print: (line: string) => out.push(line),
    warn: (line: string) => err.push(line),
    setExitCode: () => undefined,
  };
  return { code: await main(words, io), out, err };
}

/** A set like MNIST in size and names, of few pictures: strokes at a place that the class decides. */
function digits(folder: string, train: number, test: number, classes = 10): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, count] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    const labels = Array.from({ length: count }, (_, i) => i % classes);
    const pixels = new Uint8Array(count * 784);
    for (let i = 0; i < count; i++)
      for (let y = 6; y < 22; y++)
        for (let x = 0; x < 3; x++) pixels[i * 784 + y * 28 + 2 * labels[i] + x + 4] = 120 + ((i * 37 + y * 11) % 130);
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), idx([count, 28, 28], pixels));
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), idx([count], labels));
  }
  return folder;
}

describe('train --recipe', () => {
  it('runs a recipe on a set that is made here, without --data; what is written beside it wins', async () => {
    const run = fresh();
    const { code, out, err } = await convscope(
      'train',
      '--recipe',
      'colors-dnn',
      '--epochs',
      '1',
      '--seed',
      '3',
      '--out',
      run,
      '--threads',
      '1',
      '--json',
    );
    expect(code, err.join()).toBe(0);
    const result = JSON.parse(out[0]) as { accuracy: { test: number }; epochs: number; parameters: number };
    expect(result).toMatchObject({ epochs: 1, parameters: 109_126 });
    const recipe = await recipeNamed('colors-dnn');
    const record = recordOf(run);
    expect(record).toMatchObject({
      recipe: 'colors-dnn',
      model: 'colors-dnn',
      title: recipe.title.en,
      data: { path: 'builtin:colors', samples: { train: 4500, validation: 500, test: 1000 } },
      options: { ...recipe.options, epochs: 1, seed: 3 },
      settings: { epochs: 1, seed: 3, learningRate: 0.01, batch: 16, normalize: 'unit' },
    });
    expect(readModel(bytes(run, 'model.onnx')).graph.inputShape).toEqual([28, 28, 1]);
  }, 60_000);

  it('goes on with the same recipe or without its name, not with another', async () => {
    const run = fresh();
    const data = digits(join(root, 'digits'), 60, 20);
    const begin = (out: string, epochs: number): Promise<unknown> =>
      quietTrain({ out, data, recipe: 'mnist-dense', options: { epochs } });
    await begin(run, 1);
    await expect(quietTrain({ out: run, resume: true, recipe: 'mnist-relu' })).rejects.toThrow(
      'recipe mnist-relu contradicts mnist-dense, with which it was started',
    );
    expect((await quietTrain({ out: run, resume: true, recipe: 'mnist-dense' })).end).toBe('untouched');
    expect((await quietTrain({ out: run, resume: true, recipe: 'mnist-dense', options: { epochs: 2 } })).end).toBe(
      'finished',
    );
    expect(recordOf(run)).toMatchObject({ recipe: 'mnist-dense', settings: { epochs: 2, batch: 10 } });
    const whole = fresh();
    await begin(whole, 2);
    expect(bytes(run, 'checkpoint.safetensors').equals(bytes(whole, 'checkpoint.safetensors'))).toBe(true);

    const plain = fresh();
    await quietTrain({ out: plain, data: 'builtin:shapes', model: 'shapes-cnn', options: { epochs: 1 } });
    expect(recordOf(plain).recipe).toBe(null);
    await expect(quietTrain({ out: plain, resume: true, recipe: 'shapes-cnn' })).rejects.toThrow(
      'recipe shapes-cnn contradicts none',
    );
  }, 60_000);

  it('names classes that Fashion-MNIST only numbers, and leaves those of other sets alone', async () => {
    const run = fresh();
    const data = digits(join(root, 'ten'), 40, 20);
    await quietTrain({ out: run, data, recipe: 'fashion-dnn', options: { epochs: 1 } });
    expect(recordOf(run).labels.slice(0, 2)).toEqual(['T-shirt/top', 'Trouser']);
    const others = fresh();
    await quietTrain({
      out: others,
      data: digits(join(root, 'four'), 40, 8, 4),
      recipe: 'fashion-dnn',
      options: { epochs: 1 },
    });
    expect(recordOf(others).labels).toEqual(['0', '1', '2', '3']);
  }, 60_000);

  it.each([
    [['--recipe', 'mnist'], 1, "no recipe is called 'mnist' (there are colors-dnn, colors-cnn, shapes-dnn,"],
    [['--recipe', 'mnist-dense'], 2, "option '--data' is needed. The folder with MNIST's four files"],
    [['--recipe', 'colors-dnn', '--model', 'colors-cnn'], 2, "'--recipe' and '--model' exclude each other"],
    [['--data', 'builtin:colors', '--init', 'x'], 2, "option '--model' is needed beside --init (or --recipe)"],
    [['--recipe', 'colors-dnn', '--validation', '0.7'], 1, 'validation: found 0.7, expected a number from 0 to 0.5'],
    [['--recipe', 'colors-dnn', '--expand', 'turns'], 1, "expand: found 'turns', expected one of none, shifts"],
  ])('%j ends with %d and one line', async (words, expected, message) => {
    const run = fresh();
    const { code, out, err } = await convscope('train', '--out', run, ...words);
    expect([code, out.length, err.length], err.join('\n')).toEqual([expected, 0, 1]);
    expect(err[0]).toContain(message);
    expect(existsSync(run)).toBe(false);
  });

  it('are listed by `recipes`, for people and as JSON', async () => {
    const [table] = (await convscope('recipes')).out;
    expect(table).toMatch(/^mnist-dense +MNIST, one dense layer of 100 +mnist +97\.80 %$/m);
    expect(table).toMatch(/^shapes-cnn .*–$/m);
    const [line] = (await convscope('recipes', '--json')).out;
    const { recipes } = JSON.parse(line) as { recipes: { id: string }[] };
    expect(recipes.map(({ id }) => id)).toContain('mnist-voting');
  });
});

describeWithData('MNIST', ['mnist'], () => {
  it('few pictures of it train a recipe, a sixth of them validating', async () => {
    const folder = join(root, 'few');
    mkdirSync(folder, { recursive: true });
    for (const [name, count] of [
      ['train', 600],
      ['t10k', 200],
    ] as const) {
      const read = (kind: string): Buffer => gunzipSync(readFileSync(sharedData('mnist', `${name}-${kind}-ubyte.gz`)));
      writeFileSync(
        join(folder, `${name}-images-idx3-ubyte`),
        idx([count, 28, 28], read('images-idx3').subarray(16, 16 + count * 784)),
      );
      writeFileSync(
        join(folder, `${name}-labels-idx1-ubyte`),
        idx([count], read('labels-idx1').subarray(8, 8 + count)),
      );
    }
    const run = fresh();
    const { code, out, err } = await convscope(
      'train',
      '--recipe',
      'mnist-dense',
      '--data',
      folder,
      '--epochs',
      '3',
      '--out',
      run,
      '--threads',
      '1',
      '--json',
    );
    expect(code, err.join()).toBe(0);
    expect(recordOf(run).data.samples).toEqual({ train: 500, validation: 100, test: 200 });
    const { accuracy } = JSON.parse(out[0]) as { accuracy: { test: number } };
    expect(accuracy.test).toBeGreaterThan(0.3);
  }, 60_000);
});

describe('a recipe of several networks', () => {
  it('trains each with the same settings and seed, goes on where it was left, and tells all', async () => {
    const data = join(root, 'photos');
    mkdirSync(data);
    const records = Array.from({ length: 40 }, (_, i) => cifarRecord(i % 10, (_, place) => (place * (i + 1)) % 256));
    writeFileSync(join(data, 'data_batch_1.bin'), Buffer.concat(records));
    const out = fresh();
    const recipe = await recipeNamed('cifar10-depth');
    const two: Recipe = { ...recipe, beside: [{ model: 'resnet20', without: ['skip'] }] };
    const options = { epochs: 1, batch: 8, validation: 0.25 };
    const host = { say: () => undefined, progress: () => undefined, signal: new AbortController().signal };
    const request = { out, data, recipe: recipe.id, options, threads: 1, resume: false, overwrite: false };
    const trained = await trainMembers(request, two, host);
    expect(trained.map(({ end }) => end)).toEqual(['finished', 'finished']);
    const runs = ['1', '2'].map((run) => recordOf(join(out, run)));
    expect(runs.map(({ title }) => title)).toEqual(['Plain-20', 'ResNet-20 without skip']);
    expect(runs[1].settings).toEqual(runs[0].settings);
    // One network under two names: what is left of ResNet-20 is Plain-20.
    expect(runs[1].result!.loss).toEqual(runs[0].result!.loss);
    const resumed = { out, resume: true, overwrite: false, options: {}, threads: 1 };
    expect((await recipeOfRuns(resumed))?.id).toBe('cifar10-depth');
    const three: Recipe = { ...two, beside: [...two.beside!, { model: 'resnet20' }] };
    const more = await trainMembers(resumed, three, host);
    expect(more.map(({ end }) => end)).toEqual(['untouched', 'untouched', 'finished']);
    expect(recordOf(join(out, '3'))).toMatchObject({ title: 'ResNet-20', settings: runs[0].settings });
    expect(recordOf(join(out, '3')).result!.loss).not.toEqual(runs[0].result!.loss);

    const print: string[] = [];
    printBeside(runs, out, true, {
      print: (line) => print.push(line),
      warn: () => undefined,
      setExitCode: () => undefined,
    });
    const { networks } = JSON.parse(print[0]) as { networks: { run: string; model: string; accuracy: object }[] };
    expect(networks.map(({ model }) => model)).toEqual(['plain20', 'resnet20-without-skip']);
    expect(networks[0]).toMatchObject({ run: join(out, '1'), accuracy: runs[0].result!.accuracy });
  }, 120_000);
});

describe('a recipe of five that vote', () => {
  const data = join(root, 'voters');
  const options = { epochs: 1, batch: 25 };
  const host = { say: () => undefined, progress: () => undefined, signal: new AbortController().signal };
  let recipe: Recipe;
  let whole: string;

  const request = (
    out: string,
  ): Parameters<typeof quietTrain>[0] & { resume: boolean; overwrite: boolean; options: object } => ({
    out,
    data,
    recipe: 'mnist-voting',
    options,
    threads: 1,
    resume: false,
    overwrite: false,
  });

  beforeAll(async () => {
    digits(data, 30, 20);
    whole = fresh();
    recipe = (await recipeOfRuns({ ...request(whole) }))!;
    await trainMembers(request(whole), recipe, host);
  }, 120_000);

  it('makes five runs, alike but for their seeds', () => {
    expect(readdirSync(whole).sort()).toEqual(['1', '2', '3', '4', '5']);
    const records = [1, 2, 3, 4, 5].map((member) => recordOf(join(whole, String(member))));
    expect(records.map(({ settings }) => settings.seed)).toEqual([1, 2, 3, 4, 5]);
    for (const { settings, recipe: id, state } of records) {
      expect({ ...settings, seed: 0 }).toEqual({ ...records[0].settings, seed: 0 });
      expect([id, state, settings.expand]).toEqual(['mnist-voting', 'finished', 'shifts']);
    }
  });

  it('left in the second and taken up without a word more ends with the same bits', async () => {
    const out = fresh();
    let member = 0;
    let seen = 0;
    const signal = {
      get aborted() {
        return member === 2 && ++seen > 2;
      },
      throwIfAborted: () => undefined,
    } as AbortSignal;
    const say = ({ code, values }: Message): void => {
      if (code === 'train.member') member = Number(values.member);
    };
    const left = await trainMembers(request(out), recipe, { ...host, say, signal });
    expect(left.map(({ end }) => end)).toEqual(['finished', 'stopped']);

    const resumed = { out, resume: true, overwrite: false, options: {}, threads: 1 };
    expect((await recipeOfRuns(resumed))?.id).toBe('mnist-voting');
    const outcomes = await trainMembers(resumed, recipe, host);
    expect(outcomes.map(({ end }) => end)).toEqual(['untouched', 'finished', 'finished', 'finished', 'finished']);
    for (const one of ['1', '2', '3', '4', '5'])
      for (const file of ['model.onnx', 'checkpoint.safetensors'])
        expect(bytes(join(out, one), file).equals(bytes(join(whole, one), file)), `${one} ${file}`).toBe(true);
  }, 120_000);

  it('on the command line goes on, and tells what each and all together come to', async () => {
    const { code, out, err } = await convscope('train', '--resume', '--out', whole, '--threads', '1', '--json');
    expect(code, err.join()).toBe(0);
    const { members, together } = JSON.parse(out[0]) as {
      members: { accuracy: { test: number }; loss: { test: number } }[];
      together: { part: string; images: number; accuracy: number; loss: number };
    };
    expect(members.map(({ accuracy }) => accuracy.test)).toEqual(
      [1, 2, 3, 4, 5].map((member) => recordOf(join(whole, String(member))).result!.accuracy.test),
    );
    const models = [1, 2, 3, 4, 5].map((member) => {
      const file = join(whole, String(member), 'model.onnx');
      return { id: file, model: readModel(readFileSync(file)) };
    });
    const expected = await evaluateTogether(models, data, { engine: 'core', threads: 1 });
    expect(together).toEqual({ part: 'test', images: 20, accuracy: expected.accuracy, loss: expected.loss });
    const alone = await evaluate(models[0].model, 'one', data, { engine: 'core', threads: 1 });
    expect(together.loss).not.toBe(alone.loss);
    const voted = await convscope(
      'evaluate',
      '--data',
      data,
      '--json',
      '--model',
      ...models.map(({ id }) => join(id, '..')),
    );
    expect(JSON.parse(voted.out[0])).toMatchObject({ accuracy: together.accuracy, loss: together.loss });
  }, 120_000);

  it('writes over members only when asked to, and then over all of them', async () => {
    await expect(trainMembers(request(whole), recipe, host)).rejects.toThrow('already holds a run');
    const out = fresh();
    await trainMembers({ ...request(out), options: { ...options, lr: 0.01 } }, { ...recipe, members: 2 }, host);
    const abort = { aborted: true, throwIfAborted: () => undefined } as AbortSignal;
    await trainMembers({ ...request(out), overwrite: true }, { ...recipe, members: 2 }, { ...host, signal: abort });
    expect(existsSync(join(out, '2', 'model.onnx'))).toBe(false);
    expect(recordOf(join(out, '1')).settings.learningRate).toBe(0.03);
  }, 60_000);

  it('does not mix with other things, nor with a run', async () => {
    const out = fresh();
    mkdirSync(out);
    writeFileSync(join(out, 'letter.txt'), 'x');
    await expect(trainMembers(request(out), recipe, host)).rejects.toThrow(
      'holds other things (letter.txt), expected 5 runs (1 … 5) or an empty folder',
    );
    await expect(quietTrain({ out: whole, data, recipe: 'mnist-dense' })).rejects.toThrow(
      'holds other things (1, 2, 3)',
    );
  });
});
