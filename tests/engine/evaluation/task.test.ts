import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { chosen } from '../../../src/engine/evaluation/answers';
import { evaluateContenders, type EvaluationResult } from '../../../src/engine/evaluation/task';
import { verifyRun } from '../../../src/engine/evaluation/verify-run';
import { idx, pattern } from '../data/make';
import { plain, put, silent } from '../data-sets/pictures';
import { scratch } from '../train/helpers';
import { apart, shade, shades, trainRun } from './fixtures';

const root = scratch();
beforeAll(() => apart(root));
const newFolder = (): string => mkdtempSync(join(root, 'set-'));

const evaluateRuns = (source: string, ...runs: string[]): Promise<EvaluationResult> =>
  evaluateContenders({ source, contenders: runs.map((id) => ({ kind: 'run', id })) }, silent());

describe('evaluation of runs', () => {
  it('takes the test split, and finds what the run found', async () => {
    const data = newFolder();
    await shades(data, 10, 'train/');
    await shades(data, 4, 'test/');
    const record = await trainRun('tested', data);
    const result = await evaluateRuns(data, 'tested');
    expect([result.split, result.truth.length, result.labels]).toEqual(['test', 12, record.labels]);
    const [contender] = result.contenders;
    expect(contender.accuracy).toBe(record.result!.accuracy.test);
    expect(contender.loss).toBeCloseTo(record.result!.loss.test!, 5);
    expect(contender.title).toBe('run tested');
    expect(contender.trainingSeconds).toBe(record.result!.seconds);
    expect(contender.parameters).toBe(record.result!.parameters);
    expect(contender.millisecondsPerImage).toBeGreaterThan(0);
    expect(contender.confusion.flat().reduce((sum, count) => sum + count)).toBe(12);
    expect(contender.perClass.map(({ label, images }) => [label, images])).toEqual(
      record.labels.map((label) => [label, 4]),
    );
    expect(result.files?.paths[0]).toMatch(/^test\/红\/图 \d\.png$/);
    expect([...result.kept]).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it('takes the pictures that the run validated on where the data has no such split', async () => {
    const data = newFolder();
    await shades(data, 20);
    const record = await trainRun('split', data, { options: { seed: 5, validation: 0.25 } });
    const result = await evaluateRuns(data, 'split');
    expect([result.split, result.truth.length]).toEqual(['validation', record.data.samples.validation]);
    expect(result.truth.length).toBe(15);
    expect(result.contenders[0].accuracy).toBe(record.result!.accuracy.validation);
    expect(result.contenders[0].loss).toBeCloseTo(record.result!.loss.validation!, 5);
    put(data, '红/new.png', await plain(200, 0, 0));
    await expect(evaluateRuns(data, 'split')).rejects.toThrow('has changed since the run learned from it');
  });

  it('takes what the run learned from, and says so, where it validated on nothing', async () => {
    const data = newFolder();
    await shades(data, 6);
    const record = await trainRun('unchecked', data, { options: { validation: 0 } });
    const result = await evaluateRuns(data, 'unchecked');
    expect([result.split, result.truth.length]).toEqual(['train', 18]);
    expect(result.contenders[0].accuracy).toBe(record.result!.accuracy.train);
  });

  it('tells which networks learned from pictures that the first one set aside', async () => {
    const data = newFolder();
    await shades(data, 20);
    await trainRun('aside', data, { options: { seed: 5, validation: 0.25 } });
    await trainRun('alike', data, { options: { seed: 5, validation: 0.25 } });
    await trainRun('otherwise', data, { options: { seed: 6, validation: 0.25 } });
    expect((await evaluateRuns(data, 'aside', 'alike', 'otherwise')).learned).toEqual([2]);
  });

  it('knows a run’s own data where it lies by now', async () => {
    const [data, moved] = [newFolder(), newFolder()];
    await shades(data, 20);
    await shades(moved, 20);
    const record = await trainRun('settled', data, { options: { seed: 5, validation: 0.25 } });
    await trainRun('unsettled', data, { options: { seed: 6, validation: 0.25 } });
    const there = await evaluateRuns(moved, 'settled', 'unsettled');
    expect([there.split, there.truth.length, there.learned]).toEqual(['validation', 15, [1]]);
    expect(there.contenders[0].accuracy).toBe(record.result!.accuracy.validation);
    // Where another is first, all of its pictures are looked at that it never learned from: the second learned from most.
    const other = newFolder();
    await shades(other, 6, '', 1);
    await trainRun('stranger', other);
    expect((await evaluateRuns(moved, 'stranger', 'settled')).learned).toEqual([1]);
    // A single picture that lies there too is enough.
    put(moved, '红/copy.png', await plain(...shade('红', 0, 1)));
    expect((await evaluateRuns(moved, 'stranger')).learned).toEqual([0]);
  });

  it('tells whose classes were taken by their order', async () => {
    const [own, other] = [newFolder(), newFolder()];
    await shades(own, 6);
    for (const name of 'abc') for (const i of [1, 2]) put(other, `${name}/${i}.png`, await plain(80 * i, 9, 9));
    await trainRun('ordered', own);
    expect((await evaluateRuns(own, 'ordered')).byOrder).toEqual([]);
    expect((await evaluateRuns(other, 'ordered', 'ordered')).byOrder).toEqual([0, 1]);
  });

  it('takes all of data that is no run’s own and has no splits', async () => {
    const [own, other] = [newFolder(), newFolder()];
    await shades(own, 6);
    await shades(other, 5);
    await trainRun('elsewhere', own);
    const { split, truth } = await evaluateRuns(other, 'elsewhere');
    expect([split, truth.length]).toEqual(['all', 15]);
  });

  it('shows every network the same pictures at its own size and in its own colors', async () => {
    const data = newFolder();
    // No two are alike in gray.
    await shades(data, 8, '', 9);
    await trainRun('large', data, { side: 12 });
    await trainRun('grey', data, { side: 6, channels: 1, options: { seed: 1 } });
    const both = await evaluateRuns(data, 'large', 'grey');
    const second = await evaluateRuns(data, 'grey');
    expect([both.split, second.split]).toEqual(['validation', 'validation']);
    expect([both.pixels.height, both.pixels.channels, second.pixels.height, second.pixels.channels]).toEqual([
      12, 3, 6, 1,
    ]);
    // Both split with one seed: the same pictures, and so the same answers.
    expect(both.answers[1]).toEqual(second.answers[0]);
    expect(both.files).toEqual(second.files);
    // In colors wherever one of them sees colors, whichever is named first.
    const turned = await evaluateRuns(data, 'grey', 'large');
    expect([turned.pixels, turned.files]).toEqual([both.pixels, both.files]);
    expect(turned.answers).toEqual([...both.answers].reverse());
    expect(both.all + both.some + both.none).toBe(both.truth.length);
    expect(chosen(both, { kind: 'disagree' })).toHaveLength(both.disagreements);
  });

  it('keeps pictures as their file has them where the network gets them otherwise', async () => {
    const data = newFolder();
    put(data, 'train-images-idx3-ubyte', idx([30, 5, 4], pattern(600)));
    put(
      data,
      'train-labels-idx1-ubyte',
      idx(
        [30],
        Array.from({ length: 30 }, (_, i) => i % 3),
      ),
    );
    put(data, 't10k-images-idx3-ubyte', idx([6, 5, 4], pattern(120, 3)));
    put(data, 't10k-labels-idx1-ubyte', idx([6], [0, 1, 2, 0, 1, 2]));
    await trainRun('idx', data);
    const { pixels, originals, files, split } = await evaluateRuns(data, 'idx');
    expect([split, files]).toEqual(['test', null]);
    expect([pixels.height, pixels.width, pixels.channels]).toEqual([8, 8, 3]);
    expect(originals).toEqual([{ height: 5, width: 4, channels: 1, pixels: pattern(120, 3) }]);
    const { originals: validated } = await evaluateContenders(
      { source: 'builtin:colors', contenders: [{ kind: 'bundled', id: 'colors-cnn' }] },
      silent(),
    );
    expect(validated).toBeNull();
  });

  it('tells how far it is, never backwards, and stops when it is cancelled', async () => {
    const data = newFolder();
    await shades(data, 6);
    await trainRun('told', data);
    const told: number[] = [];
    await evaluateContenders(
      { source: data, contenders: [1, 2].map(() => ({ kind: 'run', id: 'told' })) },
      silent({ progress: (done, total) => told.push(done / total) }),
    );
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told[told.length - 1]).toBe(1);
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    const request = { source: data, contenders: [{ kind: 'run' as const, id: 'told' }] };
    await expect(evaluateContenders(request, silent({ signal: controller.signal }))).rejects.toThrow('enough');
  });

  it('refuses data of other classes, a run without a model, and what is no run', async () => {
    const data = newFolder();
    await shades(data, 6);
    await trainRun('named', data);
    const other = newFolder();
    for (const name of 'ab') put(other, `${name}/a.png`, await plain(1, 2, 3));
    await expect(evaluateRuns(other, 'named')).rejects.toThrow(/has 2 classes \(a, b\), 'run named' knows 3 others/);
    await expect(evaluateRuns(data, 'absent')).rejects.toThrow('no such run');
  });

  it('says that a later network has other classes before the first one runs', async () => {
    const data = newFolder();
    await shades(data, 6);
    await trainRun('first', data);
    const other = newFolder();
    for (const name of ['x', 'y', '红'])
      for (const i of [1, 2, 3, 4]) put(other, `${name}/${i}.png`, await plain(1, 2, 40 * i));
    await trainRun('later', other);
    const told: number[] = [];
    const contenders = ['first', 'later'].map((id) => ({ kind: 'run' as const, id }));
    const host = silent({ progress: (done, total) => told.push(done / total) });
    await expect(evaluateContenders({ source: data, contenders }, host)).rejects.toThrow(/'run later' knows 3 others/);
    // Reading is half of each network's share.
    expect(Math.max(...told)).toBeLessThanOrEqual(1 / 4);
  });
});

describe('verification of a run', () => {
  it('agrees with onnxruntime on up to a hundred pictures that the run did not learn from', async () => {
    const data = newFolder();
    await shades(data, 20);
    const record = await trainRun('verified', data);
    const told: number[] = [];
    const report = await verifyRun({ run: 'verified' }, silent({ progress: (done) => told.push(done) }));
    expect(report).toMatchObject({ ok: true, images: record.data.samples.validation, top1Agreement: 1 });
    expect(report.layers.length).toBeGreaterThan(4);
    expect(told[told.length - 1]).toBe(report.images);
    await expect(verifyRun({ run: 'absent' }, silent())).rejects.toThrow('no such run');
  });

  it('takes a hundred of the test split of a large set', async () => {
    await trainRun('colors', 'builtin:colors', { side: 28, options: { epochs: 1, batch: 64 } });
    expect(await verifyRun({ run: 'colors' }, silent())).toMatchObject({ ok: true, images: 100, top1Agreement: 1 });
  });
});
