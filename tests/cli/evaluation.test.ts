/** `evaluate` and `compare` on the command line: what they take, what they say, and that the window says the same. */
import { copyFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index';
import { evaluateContenders } from '../../src/engine/evaluation/task';
import { plain, put, silent } from '../engine/data-sets/pictures';
import { quietTrain, scratch } from '../engine/train/helpers';
import { apart, shade, shades, trainRun } from '../engine/evaluation/fixtures';

const root = scratch();
beforeAll(() => apart(root));
const newFolder = (): string => mkdtempSync(join(root, 'set-'));
const runFolder = (id: string): string => join(process.env.CONVSCOPE_DATA!, 'runs', id);

interface Said {
  json: { part: string; images: number; accuracy: number; loss: number; confusion: number[][]; learned: number[] };
  err: string;
}
async function convscope(...words: string[]): Promise<Said> {
  const [out, err]: string[][] = [[], []];
  const code = await main([...words, '--json'], {
    print: (line) => void out.push(line),
    warn: (line) => void err.push(line),
    setExitCode: () => undefined,
  });
  if (code !== 0) throw new Error(err.join('\n'));
  return { json: JSON.parse(out.join('')) as Said['json'], err: err.join('\n') };
}
const evaluate = (model: string, data: string, ...more: string[]): Promise<Said> =>
  convscope('evaluate', '--model', model, '--data', data, ...more);

describe('evaluate', () => {
  it('takes of a run’s own data the split that it drew, as the window does; what it learned from where that is asked for', async () => {
    const data = newFolder();
    await shades(data, 20);
    const { result, data: own } = await trainRun('drawn', data, { options: { seed: 5, validation: 0.25 } });
    const { json, err } = await evaluate(runFolder('drawn'), data);
    expect([json.part, json.images, json.accuracy]).toEqual(['validation', 15, result!.accuracy.validation]);
    expect(json.learned).toEqual([0]);
    expect(err).toContain("the validation split is the one drawn by 'drawn' (seed 5)");

    const contenders = [{ kind: 'run', id: 'drawn' } as const];
    const window = await evaluateContenders({ source: data, contenders }, silent());
    expect(window.contenders[0]).toMatchObject({ accuracy: json.accuracy, loss: json.loss, confusion: json.confusion });
    expect([window.split, window.truth.length, window.learned]).toEqual([json.part, json.images, []]);

    for (const option of ['--split', '--part'])
      expect((await evaluate(runFolder('drawn'), data, option, 'validation')).json).toEqual(json);
    const trained = await evaluate(runFolder('drawn'), data, '--split', 'train');
    expect([trained.json.images, trained.json.accuracy]).toEqual([own.samples.train, result!.accuracy.train]);
    expect(trained.err).toContain(
      "'drawn' learned from 45 of these 45 pictures: its figures look better than they are",
    );
    const all = await evaluate(runFolder('drawn'), data, '--split', 'all');
    expect([all.json.images, all.json.learned]).toEqual([60, [45]]);
    await expect(evaluate(runFolder('drawn'), data, '--split', 'test')).rejects.toThrow('has no test split');
    // The file of the run is the run; the file alone knows its data by the fingerprint in its name.
    expect((await evaluate(join(runFolder('drawn'), 'model.onnx'), data)).json).toEqual(json);
    copyFileSync(join(runFolder('drawn'), 'model.onnx'), join(root, 'alone.onnx'));
    const alone = await evaluate(join(root, 'alone.onnx'), data);
    expect([alone.json.part, alone.json.learned]).toEqual(['all', [60]]);
    expect(alone.err).toContain('The data has neither a test nor a validation split: all of its pictures are used');
  });

  it('counts the pictures of a test split, and of other data, that the network learned from', async () => {
    const data = newFolder();
    await shades(data, 10, 'train/');
    await shades(data, 3, 'test/', 1);
    put(data, 'test/红/leak.png', await plain(...shade('红', 2)));
    await trainRun('leaky', data, { options: { validation: 0 } });
    const { json, err } = await evaluate(runFolder('leaky'), data);
    expect([json.part, json.images, json.learned]).toEqual(['test', 10, [1]]);
    expect(err).toContain("'leaky' learned from 1 of these 10 pictures");
    const other = newFolder();
    await shades(other, 4);
    const elsewhere = await evaluate(runFolder('leaky'), other);
    expect([elsewhere.json.part, elsewhere.json.learned]).toEqual(['all', [12]]);
    // Its data has changed: which pictures it learned from cannot be told.
    put(data, 'train/红/new.png', await plain(1, 2, 3));
    const unknown = await evaluate(runFolder('leaky'), other);
    expect(unknown.json.learned).toEqual([null]);
    expect(unknown.err).toContain("Whether 'leaky' learned from some of these pictures is unknown");
  });

  it('takes classes by name in either Unicode form, and in other capitals where that is clear', async () => {
    const own = newFolder();
    for (const [name, red] of [
      ['Zèbre', 200],
      ['élan', 9],
    ] as const)
      for (let i = 0; i < 6; i++) put(own, `${name.normalize('NFC')}/${i}.png`, await plain(red, 3 * i, 99));
    const { labels } = await trainRun('animals', own, { options: { validation: 0 } });
    expect(labels).toEqual(['Zèbre', 'élan'].map((name) => name.normalize('NFC')));
    const lower = newFolder();
    for (const name of ['zèbre', 'élan']) put(lower, `${name.normalize('NFD')}/1.png`, await plain(200, 9, 9));
    const { json, err } = await evaluate(runFolder('animals'), lower);
    expect(json.confusion.map((row) => row.reduce((sum, count) => sum + count))).toEqual([1, 1]);
    expect(err).toContain(
      "differ from those of 'animals' only in upper and lower case; they are treated as the same: 'zèbre' is 'Zèbre'",
    );
  });
});

it('compare says the same of each run as evaluate', async () => {
  const data = newFolder();
  await shades(data, 20);
  await trainRun('one', data, { options: { seed: 5, validation: 0.25 } });
  await trainRun('two', data, { options: { seed: 6, validation: 0.25 } });
  const compared = await convscope('compare', runFolder('one'), runFolder('two'), '--data', data);
  const { json } = await evaluate(runFolder('one'), data);
  const { runs, part } = compared.json as unknown as { part: string; runs: { accuracy: number; learned: number }[] };
  expect([part, runs[0].accuracy, runs[0].learned]).toEqual([json.part, json.accuracy, 0]);
  expect(runs[1].learned).toBeGreaterThan(0);
  expect(compared.err).toContain("/two' learned from");
});

describe('names that somebody gives the classes', () => {
  const named = async (labels: string[], names = ['cat', 'dog']): Promise<string> => {
    const data = newFolder();
    for (const [i, name] of names.entries())
      for (const k of [1, 2, 3]) put(data, `${name}/${k}.png`, await plain(200 * i, 9 * k, 9));
    const out = join(root, `named ${labels.join()} ${names.join()}`);
    return quietTrain({ out, data, model: 'colors-cnn', labels, options: { epochs: 1 } }).then(
      ({ record }) => record.labels.join(),
      (error: Error) => error.message,
    );
  };
  it('are refused where they are those of other classes, else taken', async () => {
    expect(await named(['dog', 'cat'])).toContain("the class 'cat' of the data would be named 'dog'");
    expect(await named(['Dog', 'wolf'])).toContain("the class 'cat' of the data would be named 'Dog'");
    expect(await named(['cat', 'wolf'])).toBe('cat,wolf');
    expect(await named(['kitten', 'puppy'])).toBe('kitten,puppy');
    expect(await named(['1', '0'], ['0', '1'])).toContain("the class '0' of the data would be named '1'");
  });
});
