import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { surveyData, type SurveyRequest } from '../../../src/engine/data-sets/survey';
import { loadData } from '../../../src/engine/data/load';
import { architectureChosen } from '../../../src/engine/train/architecture-chosen';
import { usualTarget } from '../../../src/engine/train/prepare';
import { sentence } from '../../../src/words';
import type { DataSurvey } from '../../../src/shared/data-sets';
import { idx, pattern } from '../data/make';
import { describeWithData, sharedData } from '../../shared-data';
import { scratch } from '../train/helpers';
import { plain, put, silent } from './pictures';

const root = scratch();
beforeAll(() => {
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
});
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'set-'));
});

const colors: SurveyRequest['network'] = { source: { kind: 'bundled', id: 'colors-cnn' }, variant: 'itself' };
const survey = (source = folder, request: Partial<SurveyRequest> = {}): Promise<Omit<DataSurvey, 'data'>> =>
  surveyData({ source, network: colors, ...request }, silent());
const refused = (source = folder): Promise<string> =>
  survey(source).then(
    () => 'it was read',
    (error: Error) => error.message,
  );
const reasons = ({ leftOut }: Pick<DataSurvey, 'leftOut'>): Record<string, string> =>
  Object.fromEntries(leftOut.map(({ file, reason }) => [file, sentence(reason)]));

async function pets(prefix = '', each = 2): Promise<void> {
  for (let i = 0; i < each; i++) {
    put(folder, `${prefix}猫/${i}.png`, await plain(255, i, 0));
    put(folder, `${prefix}🐶/${i}.png`, await plain(0, i, 255));
  }
}

describe('a survey', () => {
  it('counts the classes of every split and shows some of each, spread, the same every time', async () => {
    const { counts, labels, format, samples, leftOutTotal, fingerprint } = await survey('builtin:colors');
    expect([format, labels[0], leftOutTotal]).toEqual(['generated', 'red', 0]);
    expect(counts.train?.reduce((sum, count) => sum + count)).toBe(5000);
    expect(counts.test?.reduce((sum, count) => sum + count)).toBe(1000);
    expect(counts.validation).toBeNull();
    expect([samples.height, samples.width, samples.channels]).toEqual([28, 28, 3]);
    expect([...samples.labels]).toEqual(labels.flatMap((_, label) => new Array<number>(12).fill(label)));
    expect(samples.pixels).toHaveLength(72 * 28 * 28 * 3);
    const red = samples.pixels.subarray(0, 28 * 28 * 3);
    expect([red.some((value) => value === 255), red.every((value, i) => i % 3 === 0 || value === 0)]).toEqual([
      true,
      true,
    ]);
    const again = await survey('builtin:colors');
    expect([again.fingerprint, again.samples]).toEqual([fingerprint, samples]);
  });

  it('shows no more than 240 pictures of many classes, and no more than there are of few', async () => {
    const classes = 50;
    put(folder, 'train-images-idx3-ubyte', idx([400, 2, 2], pattern(1600)));
    put(
      folder,
      'train-labels-idx1-ubyte',
      idx(
        [400],
        Array.from({ length: 400 }, (_, i) => i % classes),
      ),
    );
    const { samples, labels } = await survey();
    expect([labels.length, samples.labels.length]).toEqual([50, 200]);
    put(
      folder,
      'train-labels-idx1-ubyte',
      idx(
        [400],
        Array.from({ length: 400 }, (_, i) => Math.min(249, i)),
      ),
    );
    const many = await survey();
    expect([many.labels.length, many.samples.labels.length]).toEqual([250, 240]);
    expect(new Set(many.samples.labels).size).toBe(240);
  });

  it('reads what a run of the network then finds decoded', async () => {
    await pets();
    const { fingerprint, counts } = await survey();
    expect(counts).toEqual({ train: [2, 2], validation: null, test: null });
    const read: number[] = [];
    const { name, spec, preprocessing } = await architectureChosen(colors);
    const target = usualTarget(name, spec.input, preprocessing, undefined);
    const loaded = await loadData(folder, target, { progress: (done) => read.push(done) });
    expect([loaded.fingerprint, read]).toEqual([fingerprint, [4]]);
    expect((await survey(folder, { fit: 'letterbox' })).samples.pixels).toHaveLength(4 * 28 * 28 * 3);
  });

  it('reads classes in Chinese and emoji, in splits too', async () => {
    await pets('train/', 3);
    await pets('val/', 1);
    const { labels, counts } = await survey();
    expect(labels).toEqual(['猫', '🐶']);
    expect(counts).toEqual({ train: [3, 3], validation: [1, 1], test: null });
  });

  it('tells of no image, of a single class, and of a class without an image', async () => {
    expect(await refused()).toContain('holds nothing');
    mkdirSync(join(folder, 'a'));
    mkdirSync(join(folder, 'b'));
    expect(await refused()).toContain('holds no image: none of its 2 folders has one');
    put(folder, 'a/a.png', await plain(1, 2, 3));
    expect(await refused()).toContain("class 'b' has no image");
    put(folder, 'b/a.png', 'broken');
    expect(await refused()).toContain("class 'b' has no image that can be read");
    expect(await refused(join(folder, 'a'))).toContain('holds 1 picture directly (a.png), not in a folder per class');
    expect(await refused(join(folder, 'absent'))).toContain('no such file');
  });

  it('names the first 200 of thousands of broken files and counts all', async () => {
    await pets();
    for (let i = 0; i < 2000; i++) put(folder, `猫/坏${i}.png`, `broken ${i}`);
    const { leftOut, leftOutTotal, counts } = await survey();
    expect([leftOut.length, leftOutTotal, counts.train]).toEqual([200, 2000, [2, 2]]);
    expect(sentence(leftOut[0].reason)).toContain('found text');
  });

  it('leaves out links that lead in circles or nowhere, and pipes, and does not hang', async () => {
    await pets();
    symlinkSync('..', join(folder, '猫/back'));
    symlinkSync('.', join(folder, 'itself'));
    symlinkSync(root, join(folder, 'above'));
    symlinkSync('round', join(folder, 'round'));
    symlinkSync('gone', join(folder, 'nowhere'));
    symlinkSync('loop.png', join(folder, '🐶/loop.png'));
    symlinkSync('../猫', join(folder, '🐶/folder.png'));
    execFileSync('mkfifo', [join(folder, '🐶/pipe.png')]);
    const found = await survey();
    expect(found.counts.train).toEqual([2, 2]);
    const told = reasons(found);
    expect(Object.keys(told).sort()).toEqual(
      ['above', 'itself', 'nowhere', 'round', '猫/back', '🐶/folder.png', '🐶/loop.png', '🐶/pipe.png'].sort(),
    );
    expect([told.itself, told.above]).toEqual(new Array(2).fill('a link back to a folder that contains it'));
    expect(told.round).toContain('too many symbolic links');
    expect(told.nowhere).toContain('leads nowhere');
    expect(told['猫/back']).toContain('a link to a folder');
    expect(told['🐶/pipe.png']).toContain('it is a named pipe');
  });

  it.skipIf(process.platform === 'win32')(
    'leaves out a folder inside a class that cannot be read, and names a class that cannot',
    async () => {
      await pets();
      const inside = join(folder, '猫/locked');
      mkdirSync(inside);
      const locked = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
        chmodSync(path, 0);
        chmodSync(root, 0o755);
        // Root reads everything.
        const asRoot = process.getuid?.() === 0;
        if (asRoot) process.seteuid!(65534);
        try {
          return await work();
        } finally {
          if (asRoot) process.seteuid!(0);
          chmodSync(path, 0o755);
        }
      };
      chmodSync(folder, 0o755);
      const found = await locked(inside, survey);
      expect([found.counts.train, reasons(found)]).toEqual([
        [2, 2],
        { '猫/locked': 'cannot be read: permission denied' },
      ]);
      expect(await locked(join(folder, '猫'), refused)).toMatch(/猫' cannot be read: permission denied/);
    },
  );

  it('stops when it is cancelled', async () => {
    await pets('', 30);
    const controller = new AbortController();
    const reading = surveyData(
      { source: folder, network: { source: { kind: 'bundled', id: 'mnist-cnn' }, variant: 'twin' } },
      silent({ signal: controller.signal, progress: () => controller.abort(new Error('enough')) }),
    );
    await expect(reading).rejects.toThrow('enough');
  });
});

describeWithData('real pictures', ['cats-dogs'], () => {
  it('are surveyed as they lie', async () => {
    const { labels, counts, leftOutTotal, samples } = await survey(sharedData('cats-dogs'));
    expect([labels, counts, leftOutTotal]).toEqual([
      ['cats', 'dogs'],
      { train: [150, 150], validation: [50, 50], test: null },
      3,
    ]);
    expect(samples.labels).toHaveLength(24);
  });
});
