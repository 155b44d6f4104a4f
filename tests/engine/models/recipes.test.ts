/** The recipe files: each holds, and each network is the one that the notes describe. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildGraph, parameterCount } from '../../../src/core/model/build';
import { resolveSettings } from '../../../src/core/train/settings';
import { recipeArchitecture, recipeNamed, recipes } from '../../../src/engine/models/recipes';
import { scratch } from '../train/helpers';

const parametersOf = async (id: string): Promise<number> =>
  buildGraph((await recipeArchitecture(await recipeNamed(id))).spec).layers.reduce(
    (sum, layer) => sum + parameterCount(layer),
    0,
  );

describe('recipes', () => {
  it('are the experiments of the notes, with the figures that these report', async () => {
    const all = await recipes();
    expect(all.map(({ id, notes }) => [id, notes.accuracy])).toEqual([
      ['colors-dnn', 0.816],
      ['colors-cnn', 0.963],
      ['shapes-dnn', 0.898],
      ['shapes-cnn', null],
      ['mnist-dense', 0.978],
      ['mnist-conv20', 0.9878],
      ['mnist-conv20-40', 0.9906],
      ['mnist-relu', 0.9923],
      ['mnist-shifts', 0.9937],
      ['mnist-dropout', 0.996],
      ['mnist-voting', 0.9967],
      ['lenet5-1998', null],
      ['lenet5-tanh', 0.9856],
      ['lenet5-sigmoid', null],
      ['mnist-conv30-60', 0.9904],
      ['fashion-dnn', null],
      ['fashion-cnn', null],
      ['cifar10-cnn', 0.6361],
      ['cifar10-depth', null],
    ]);
    for (const { title, notes, question, look } of all) {
      // One question each, and a place to look.
      expect([question.en, question.zh]).toEqual([expect.stringMatching(/\?$/), expect.stringMatching(/？$/)]);
      expect([look.en, look.zh]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/。$/)]);
      expect(title.zh).toMatch(/[\u4e00-\u9fff]|LeNet/);
      if (notes.remark) expect(notes.remark.zh).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  // Counted by hand: (inputs + 1) × units of each dense layer, (kernel² × depth + 1) × filters of each convolution.
  it.each([
    ['colors-dnn', 785 * 128 + 129 * 64 + 65 * 6],
    ['shapes-dnn', 785 * 128 + 129 * 64 + 65 * 5],
    ['mnist-dense', 785 * 100 + 101 * 10],
    ['mnist-conv20', 26 * 20 + (12 * 12 * 20 + 1) * 100 + 101 * 10],
    ['mnist-conv20-40', 26 * 20 + 501 * 40 + (4 * 4 * 40 + 1) * 100 + 101 * 10],
    ['mnist-relu', 26 * 20 + 501 * 40 + 641 * 100 + 101 * 10],
    ['mnist-shifts', 26 * 20 + 501 * 40 + 641 * 100 + 101 * 10],
    ['mnist-dropout', 26 * 20 + 501 * 40 + 641 * 1000 + 1001 * 1000 + 1001 * 10],
    ['mnist-voting', 26 * 20 + 501 * 40 + 641 * 1000 + 1001 * 1000 + 1001 * 10],
    ['lenet5-1998', 156 + 12 + 1516 + 32 + 48_120 + 10_164 + 850],
    ['lenet5-tanh', 61_706],
    ['lenet5-sigmoid', 61_706],
    ['mnist-conv30-60', 1_492_070],
    ['fashion-dnn', 785 * 128 + 129 * 64 + 65 * 10],
  ])('%s has %d parameters', async (id, parameters) => {
    expect(await parametersOf(id)).toBe(parameters);
  });

  it('train with what the notes say: rate, batch, epochs, L2, pictures', async () => {
    const settings = Object.fromEntries((await recipes()).map(({ id, options }) => [id, resolveSettings(options)]));
    const short = (id: string): unknown[] => {
      const { optimizer, learningRate, batch, epochs } = settings[id];
      return [optimizer.kind, learningRate, batch, epochs];
    };
    expect(short('colors-dnn')).toEqual(['sgd', 0.01, 16, 100]);
    expect(short('colors-cnn')).toEqual(['sgd', 0.1, 16, 20]);
    expect(short('shapes-dnn')).toEqual(['sgd', 0.1, 16, 50]);
    for (const id of ['mnist-dense', 'mnist-conv20', 'mnist-conv20-40'])
      expect(short(id)).toEqual(['sgd', 0.1, 10, 60]);
    for (const id of ['mnist-relu', 'mnist-shifts']) expect(short(id)).toEqual(['sgd', 0.03, 10, 60]);
    for (const id of ['mnist-dropout', 'mnist-voting']) expect(short(id)).toEqual(['sgd', 0.03, 10, 40]);
    expect(short('lenet5-tanh')).toEqual(['sgd', 0.01, 128, 30]);
    expect(short('mnist-conv30-60').slice(0, 3)).toEqual(['rmsprop', 0.0001, 128]);
    expect(settings['cifar10-cnn'].epochs).toBe(10);
    // λ 0.1 ÷ the batches of an epoch: 50,000 or 250,000 pictures, ten at a time.
    expect(settings['mnist-relu'].optimizer.weightDecay).toBeCloseTo(0.1 / 5000, 12);
    expect(settings['mnist-shifts'].optimizer.weightDecay).toBeCloseTo(0.1 / 25_000, 12);
    for (const [id, { expand }] of Object.entries(settings))
      expect(expand, id).toBe(['mnist-shifts', 'mnist-dropout', 'mnist-voting'].includes(id) ? 'shifts' : 'none');
  });

  it('vote with five of the same networks', async () => {
    const { members, model, options } = await recipeNamed('mnist-voting');
    const one = await recipeNamed('mnist-dropout');
    expect([members, model, options]).toEqual([5, one.model, one.options]);
  });

  it('are listed where one is unknown', async () => {
    await expect(recipeNamed('mnist')).rejects.toThrow(
      /^no recipe is called 'mnist' \(there are colors-dnn, colors-cnn, .*cifar10-depth\)$/,
    );
  });
});

describe('a recipe file that does not hold', () => {
  const folder = scratch();
  const sound = {
    title: { en: 'One', zh: '一' },
    chapter: 'steps',
    question: { en: 'Why?', zh: '为什么？' },
    look: { en: 'Curves', zh: '曲线' },
    data: 'mnist',
    model: { input: { height: 4, width: 4, channels: 1 }, layers: [{ kind: 'flatten' }, { kind: 'dense', units: 2 }] },
    options: { epochs: 2 },
    notes: { accuracy: 0.5, part: 'test', parameters: 34 },
  };
  const read = (text: string): Promise<unknown> => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'one.json'), text);
    return recipes(folder);
  };

  it('is refused no more once it does', async () => {
    expect(await read(JSON.stringify(sound))).toMatchObject([
      { ...sound, id: 'one', data: { kind: 'mnist', from: 'yann.lecun.com/exdb/mnist' } },
    ]);
  });

  it.each([
    [{ title: { en: 'One' } }, '\'one.json\', title: found {"en":"One"}, expected the texts en and zh'],
    [{ question: { en: 'Why?' } }, "'one.json', question: found"],
    [{ chapter: 'cooking' }, '\'one.json\', chapter: found "cooking", expected one of compare, steps, classic'],
    [{ data: 'imagenet' }, '\'one.json\', data: found "imagenet", expected one of builtin:colors'],
    [{ data: 'toString' }, "'one.json', data"],
    [{ model: 'no-such-net' }, "'one.json', model: no bundled model is called 'no-such-net'"],
    [{ model: { ...sound.model, layers: [{ kind: 'conv', filters: 0, kernel: 3 }] } }, "'one.json', model: layer"],
    [{ options: { epochs: 0 } }, "'one.json', options: epochs: found 0"],
    [{ options: { lr: '0.1' } }, '\'one.json\', options.lr: found "0.1", expected a number'],
    [{ options: { rate: 0.1 } }, "'one.json', options.rate: there is no such field (known: epochs, "],
    [{ members: 1 }, "'one.json', members: found 1"],
    [{ beside: [{ model: 'resnet21' }] }, "'one.json', beside.1: no bundled model is called 'resnet21'"],
    [{ beside: [{ model: 'resnet20', without: ['lrn'] }] }, 'expected one of skip'],
    [
      { beside: [{ model: 'resnet20' }], members: 2 },
      "'one.json', beside: expected members that vote or networks beside",
    ],
    [{ notes: { accuracy: 97.8, part: 'test' } }, "'one.json', notes.accuracy: found 97.8"],
    [{ notes: { accuracy: 0.5, part: 'all' } }, "'one.json', notes.part"],
    [{ notes: { ...sound.notes, parameters: 35 } }, "'one.json', notes.parameters: found 35, the network has 34"],
    [{ accuracy: 1 }, "'one.json', accuracy: there is no such field"],
  ])('%j', async (change, message) => {
    await expect(read(JSON.stringify({ ...sound, ...change }))).rejects.toThrow(message);
  });

  it('is not JSON, or no object', async () => {
    await expect(read('{')).rejects.toThrow("'one.json', the file: is not JSON");
    await expect(read('[]')).rejects.toThrow("'one.json', the file: found [], expected an object");
  });
});
