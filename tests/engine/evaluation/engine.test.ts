import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type OpenEngine } from '../../../src/engine/engine';
import { Decoder } from '../../../src/engine/image/decoder';
import type { Events, Method, Params, Prediction, Result } from '../../../src/shared/protocol';
import type { Contender, ContenderId, Evaluation } from '../../../src/shared/evaluation';
import { idx } from '../data/make';
import { plain, put } from '../data-sets/pictures';
import { buildDecoder } from '../image/decoder-script';
import { scratch } from '../train/helpers';
import { apart, shades, trainRun } from './fixtures';

/** The engine as its holder speaks to it; its work is done in processes of their own, as built. */
const root = scratch();
const progress: Events['progress'][] = [];
let engine: OpenEngine;
beforeAll(async () => {
  apart(root);
  engine = createEngine({ open: { model: null, image: null } }, new Decoder(await buildDecoder('evaluation')));
});
afterAll(() => engine.close());

const call = <M extends Method>(method: M, params: Params<M>): Promise<Result<M>> =>
  engine.call(method, params, {
    emit: (event, payload) => event === 'progress' && void progress.push(payload as Events['progress']),
  });
const run = (id: string): Contender => ({ kind: 'run', id });
const newFolder = (): string => mkdtempSync(join(root, 'set-'));
let jobs = 0;
const evaluate = (contenders: Contender[], data: string | null = null): Promise<Evaluation> =>
  call('evaluate', { contenders, data, job: `evaluation ${++jobs}` });

/** What Inspect shows for a picture of an evaluation, the likeliest first. */
async function inspected({ kind, id }: ContenderId, evaluation: number, index: number): Promise<Prediction[]> {
  const { model } = await call('openModel', { source: { kind: kind as 'run', id } });
  const image = await call('evaluatedImage', { evaluation, index });
  return (await call('inspect', { model, image, options: {} })).predictions;
}

/** Every kept picture, up to `most`: Inspect says of it what each contender said. */
async function agrees({ evaluation, contenders, labels }: Evaluation, most: number, digits = 5): Promise<void> {
  const { pictures } = await call('evaluatedPictures', {
    evaluation,
    choice: { kind: 'worst', contender: 0 },
    first: 0,
    count: most,
  });
  expect(pictures.length).toBeGreaterThan(0);
  for (const { index, answers } of pictures) {
    for (const [i, { contender }] of contenders.entries()) {
      const [first] = await inspected(contender, evaluation, index);
      expect(first.label).toBe(labels[answers[i].predicted]);
      expect(first.probability).toBeCloseTo(answers[i].probability!, digits);
    }
  }
}

describe('Inspect says what the evaluation said', () => {
  it('of pictures in folders, for networks of different sizes and ways to fit', async () => {
    const data = newFolder();
    await shades(data, 10, 'train/');
    await shades(data, 4, 'test/');
    // Photos are not square.
    const photo = sharp({ create: { width: 40, height: 17, channels: 3, background: '#a03010' } });
    put(data, 'test/红/照片 📷.jpg', await photo.jpeg().toBuffer());
    await trainRun('cropped', data, { side: 8 });
    await trainRun('boxed', data, { side: 12, fit: 'letterbox' });
    const evaluation = await evaluate([run('cropped'), run('boxed')]);
    expect([evaluation.split, evaluation.images, evaluation.data.path]).toEqual(['test', 13, data]);
    await agrees(evaluation, 13);
    const { pictures } = await call('evaluatedPictures', {
      evaluation: evaluation.evaluation,
      choice: { kind: 'worst', contender: 0 },
      first: 0,
      count: 99,
    });
    const file = 'test/红/照片 📷.jpg';
    const { index } = pictures.find((picture) => picture.file === file)!;
    const image = await call('evaluatedImage', { evaluation: evaluation.evaluation, index });
    expect(image).toMatchObject({ kind: 'bytes', name: file });
  });

  it('of pictures on a light ground between the bars of a letterbox', async () => {
    const data = newFolder();
    for (const [name, red] of [
      ['纸', 250],
      ['蓝纸', 200],
    ] as const) {
      for (let i = 0; i < 20; i++) put(data, `train/${name}/${i}.png`, await plain(red, 220 + i, 255));
      const wide = { width: 30, height: 10, channels: 3 as const, background: { r: red, g: 225, b: 255 } };
      put(data, `test/${name}/wide.png`, await sharp({ create: wide }).png().toBuffer());
    }
    const { preprocessing } = await trainRun('light', data, { side: 12, fit: 'letterbox' });
    expect(preprocessing).toMatchObject({ fit: 'letterbox', ground: 'light' });
    await agrees(await evaluate([run('light')]), 2);
  });

  it('of gray pictures in folders, and of idx files for two sizes', async () => {
    const data = newFolder();
    const count = 30;
    const pixels = Uint8Array.from(
      { length: count * 100 },
      (_, i) => ((i * i * 7) % 97) + 50 * (Math.floor(i / 100) % 3),
    );
    put(data, 'train-images-idx3-ubyte', idx([count, 10, 10], pixels));
    put(
      data,
      'train-labels-idx1-ubyte',
      idx(
        [count],
        Array.from({ length: count }, (_, i) => i % 3),
      ),
    );
    await trainRun('small', data, { side: 6, channels: 1 });
    await trainRun('large', data, { side: 14, channels: 3 });
    const evaluation = await evaluate([run('small'), run('large')]);
    expect(evaluation.split).toBe('validation');
    await agrees(evaluation, 5);

    const folder = newFolder();
    for (let i = 0; i < count; i++) {
      const raw = { width: 10, height: 10, channels: 1 as const };
      const png = await sharp(pixels.subarray(i * 100, (i + 1) * 100), { raw })
        .png()
        .toBuffer();
      put(folder, `${['a', 'b', 'c'][i % 3]}/${i}.png`, png);
    }
    await trainRun('grey', folder, { side: 8, channels: 1 });
    await agrees(await evaluate([run('grey')]), 5);
  });

  it('of generated pictures, for a bundled network on its own data', async () => {
    const evaluation = await evaluate([{ kind: 'bundled', id: 'colors-cnn' }]);
    expect(evaluation).toMatchObject({ split: 'test', images: 1000, data: { id: 'builtin:colors' } });
    expect(evaluation.contenders[0]).toMatchObject({ trainingSeconds: null, contender: { id: 'colors-cnn' } });
    await agrees(evaluation, 6);
  });
});

describe('an evaluation', () => {
  it('is held, page by page', async () => {
    const { evaluation, labels, contenders } = await evaluate([
      { kind: 'bundled', id: 'shapes-cnn' },
      { kind: 'bundled', id: 'shapes-cnn' },
    ]);
    const choice = { kind: 'cell', contender: 1, truth: 0, predicted: 0 } as const;
    const first = await call('evaluatedPictures', { evaluation, choice, first: 0, count: 3 });
    expect(first).toMatchObject({
      total: contenders[1].confusion[0][0],
      kept: 100,
      height: 28,
      width: 28,
      channels: 1,
    });
    expect([...first.labels]).toEqual([0, 0, 0]);
    expect(first.pixels).toHaveLength(3 * 784);
    expect(first.pictures[0].answers).toHaveLength(2);
    expect(first.pictures[0].file).toBeNull();
    const second = await call('evaluatedPictures', { evaluation, choice, first: 2, count: 500 });
    expect([second.pictures.length, second.pictures[0]]).toEqual([98, first.pictures[2]]);
    expect((await call('evaluatedPictures', { evaluation, choice, first: 200, count: 5 })).pictures).toEqual([]);
    expect(
      (await call('evaluatedPictures', { evaluation, choice: { kind: 'disagree' }, first: 0, count: 5 })).total,
    ).toBe(0);
    const beyond = { ...choice, truth: labels.length };
    await expect(call('evaluatedPictures', { evaluation, choice: beyond, first: 0, count: 1 })).rejects.toThrow(
      'class 5',
    );
    const nobody = { kind: 'only', right: 0, wrong: 2 } as const;
    await expect(call('evaluatedPictures', { evaluation, choice: nobody, first: 0, count: 1 })).rejects.toThrow(
      'contender 2, expected 0 to 1',
    );
    await expect(call('evaluatedImage', { evaluation, index: 1000 })).rejects.toThrow('picture 1000');
    await expect(call('evaluatedImage', { evaluation: 999, index: 0 })).rejects.toThrow('no longer available');
  });

  it('tells its progress by its job, and ends when that is cancelled', async () => {
    const job = 'to be cancelled';
    const ended = call('evaluate', { contenders: [{ kind: 'bundled', id: 'colors-cnn' }], data: null, job }).catch(
      (error: { code: string }) => error.code,
    );
    await expect.poll(() => call('cancel', { job })).toEqual({ cancelled: true });
    expect(await ended).toBe('cancelled');
    await evaluate([{ kind: 'bundled', id: 'colors-cnn' }]);
    const told = progress.filter((each) => each.job === `evaluation ${jobs}`);
    expect(told[told.length - 1]).toMatchObject({ done: 1000, total: 1000 });
  });

  it('needs data where nobody knows it, and data that is known', async () => {
    await expect(evaluate([{ kind: 'bundled', id: 'lenet5-mnist' }])).rejects.toThrow('has no data of its own');
    await expect(evaluate([{ kind: 'bundled', id: 'colors-cnn' }], 'folder-0')).rejects.toThrow('no data set');
    await expect(evaluate([run('absent')])).rejects.toMatchObject({ code: 'run.invalid' });
    await expect(evaluate([{ kind: 'bundled', id: 'colors-cnn' }], 'builtin:shapes')).rejects.toThrow('5 classes');
  });
});

describe('data sets through the engine', () => {
  it('are uploaded, surveyed, evaluated on and forgotten', async () => {
    const { upload } = await call('beginUpload', { name: '颜色 🎨', files: 6, bytes: 60 });
    await call('cancelUpload', { upload });
    const files: { path: string; bytes: Uint8Array }[] = [];
    for (const name of ['红', '绿', '🔵'])
      for (let i = 0; i < 5; i++)
        files.push({
          path: `${name}/${i}.png`,
          bytes: await sharp({ create: { width: 9, height: 9, channels: 3, background: { r: i, g: 200, b: 9 } } })
            .png()
            .toBuffer(),
        });
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    const begun = await call('beginUpload', { name: '颜色 🎨', files: files.length, bytes });
    for (const file of files) await call('upload', { ...begun, ...file, bytes: new Uint8Array(file.bytes) });
    const info = await call('endUpload', begun);
    expect(info).toMatchObject({ kind: 'uploaded', name: '颜色 🎨' });
    const network = { source: { kind: 'bundled', id: 'colors-cnn' }, variant: 'twin' } as const;
    const survey = await call('survey', { data: info.id, network, job: 'survey' });
    expect(survey).toMatchObject({
      data: info.id,
      labels: ['红', '绿', '🔵'],
      counts: { train: [5, 5, 5], test: null },
    });
    expect(survey.samples.pixels).toHaveLength(15 * 28 * 28 * 3);
    await trainRun('uploaded', info.path!, { side: 28 });
    expect((await evaluate([run('uploaded')])).data).toEqual(info);
    const report = await call('verifyRun', { run: 'uploaded', job: 'verify' });
    expect(report).toMatchObject({ ok: true, top1Agreement: 1 });
    expect(progress.filter(({ job }) => job === 'verify').length).toBeGreaterThan(0);
    // The run was begun by hand, without an entry that names the data set: nothing needs it.
    await call('forgetData', { data: info.id });
    expect((await call('dataSets', {})).map(({ id }) => id)).toEqual(['builtin:colors', 'builtin:shapes']);
    await expect(call('survey', { data: info.id, network, job: 'again' })).rejects.toThrow('no data set');
  });
});
