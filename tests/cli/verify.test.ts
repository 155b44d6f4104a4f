import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { main } from '../../src/cli';
import { buildGraph } from '../../src/core/model/build';
import { compareSlopes, movedOffKinks, SLOPE_TOLERANCE } from '../../src/core/train/central-differences';
import { initParams } from '../../src/core/model/init';
import type { GraphLayer } from '../../src/core/model/graph';
import { resource } from '../../src/engine/system/root';
import { npy, npz } from '../engine/data/make';

const folder = mkdtempSync(join(tmpdir(), 'convscope-verify-'));
process.env.CONVSCOPE_CACHE = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: string[][] = [[], []];
  let own = 0;
  const code = await main(argv, {
    print: (line) => void out.push(line),
    warn: (line) => void err.push(line),
    setExitCode: (given) => void (own = given),
  });
  return { code: code || own, out: out.join('\n'), err: err.join('\n') };
}

const spec = {
  input: { height: 6, width: 6, channels: 1 },
  layers: [
    { kind: 'conv', filters: 3, kernel: 3, padding: 1 },
    { kind: 'batchnorm' },
    { kind: 'relu' },
    { kind: 'maxpool', size: 2 },
    { kind: 'flatten' },
    { kind: 'dense', units: 4 },
    { kind: 'softmax' },
  ],
};

it('--gradients compares the kernels, the reference and slopes for a spec and for a bundled network', async () => {
  const file = join(folder, 'spec.json');
  writeFileSync(file, JSON.stringify(spec));
  for (const [model, ...more] of [[file], ['shapes-cnn', '--data', resource('samples', 'digit-5.png')]]) {
    const { code, out, err } = await run('verify', model, '--gradients', '--json', '--threads', '1', ...more);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const report = JSON.parse(out) as { ok: boolean; params: { param: string; executors: number; slopes: number }[] };
    expect(report.ok).toBe(true);
    expect(report.params.map(({ param }) => param)).toContain('conv1.weight');
    for (const { param, executors, slopes } of report.params) {
      expect(executors, param).toBeLessThan(1e-3);
      expect(slopes, param).toBeLessThan(1e-3);
    }
  }
  const { out } = await run('verify', file, '--gradients', '--threads', '1');
  expect(out).toContain('All agree to 0.001.');
}, 30_000);

it('slopes show a wrong formula of a layer', () => {
  const graph = buildGraph(spec);
  const place = graph.layers.findIndex(({ kind }) => kind === 'relu');
  const layers = graph.layers.map((layer, i): GraphLayer => {
    if (i !== place) return layer;
    return {
      ...layer,
      backward(call) {
        layer.backward(call);
        call.dx[0]!.forEach((value, i) => (call.dx[0]![i] = 1.1 * value));
      },
    };
  });
  const batch = {
    input: Float32Array.from({ length: 4 * 36 }, (_, i) => ((i * i * 7) % 53) / 53),
    labels: Int32Array.of(0, 1, 2, 3),
    n: 4,
    draw: { seed: 1, epoch: 0, samples: [0, 1, 2, 3] },
  };
  const params = movedOffKinks(graph, initParams(graph, 1));
  const wrong = (of: typeof graph) =>
    compareSlopes(of, params, batch, 2).flatMap(({ param, difference }) =>
      difference! > SLOPE_TOLERANCE ? [param] : [],
    );
  expect(wrong(graph)).toEqual([]);
  expect(wrong({ ...graph, layers })).toEqual(['conv1.weight', 'batchnorm1.scale', 'batchnorm1.shift']);
});

it('--data leaves out what training leaves out, and names it; one bad picture is an error', async () => {
  const data = join(folder, 'data');
  mkdirSync(join(data, 'a', '.ipynb_checkpoints'), { recursive: true });
  mkdirSync(join(data, '__MACOSX', 'a'), { recursive: true });
  const digit = readFileSync(resource('samples', 'digit-5.png'));
  writeFileSync(join(data, 'a', 'good.png'), digit);
  writeFileSync(join(data, 'a', '.ipynb_checkpoints', 'good.png'), digit);
  writeFileSync(join(data, '__MACOSX', 'a', '._good.png'), 'not a picture');
  writeFileSync(join(data, 'a', 'empty.jpg'), '');
  writeFileSync(join(data, 'a', 'cut.png'), digit.subarray(0, 60));
  writeFileSync(join(data, 'a', 'page.jpg'), '<html></html>');
  const { code, out, err } = await run('verify', 'colors-cnn', '--data', data, '--json');
  expect([code, JSON.parse(out)]).toMatchObject([0, { ok: true }]);
  for (const name of ['a/empty.jpg', 'a/cut.png', 'a/page.jpg', '__MACOSX']) expect(err).toContain(`left out: ${name}`);
  const single = await run('verify', 'colors-cnn', '--data', join(data, 'a', 'cut.png'));
  expect(single).toMatchObject({ code: 1, out: '' });
  expect(single.err).toContain('cut.png');
  rmSync(join(data, 'a', 'good.png'));
  expect(await run('verify', 'colors-cnn', '--data', data)).toMatchObject({ code: 1, out: '' });
});

it('--data takes a folder of .jfif alone, and a folder without classes', async () => {
  const flat = join(folder, 'flat');
  mkdirSync(join(folder, 'jfif', 'a'), { recursive: true });
  mkdirSync(flat);
  const { default: sharp } = await import('../../src/engine/image/sharp');
  const jpeg = await sharp(readFileSync(resource('samples', 'digit-5.png')))
    .jpeg()
    .toBuffer();
  writeFileSync(join(folder, 'jfif', 'a', 'x.jfif'), jpeg);
  writeFileSync(join(flat, 'x.jpg'), jpeg);
  for (const data of [join(folder, 'jfif'), flat])
    expect(await run('verify', 'colors-cnn', '--data', data, '--json'), data).toMatchObject({ code: 0, err: '' });
});

it('--data takes arrays of a scale of their own, with --range', async () => {
  const file = join(folder, 'set.npz');
  const images = npy('<f4', [2, 2, 2], new Uint8Array(Float32Array.of(-1, 0, 1, -1, 0.5, 1, -1, 0).buffer));
  writeFileSync(file, npz({ images, labels: npy('|u1', [2], Uint8Array.of(0, 1)) }));
  const refused = await run('verify', 'lenet5-mnist', '--data', file, '--json');
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('--range -1:1');
  const { code, err } = await run('verify', 'lenet5-mnist', '--data', file, '--range', '-1:1', '--json');
  expect(code).toBe(0);
  expect(err).toContain('read as -1 for black and 1 for white');
  const picture = ['--data', resource('samples', 'digit-5.png'), '--range', '0:1'];
  expect((await run('verify', 'lenet5-mnist', '--json', ...picture)).err).toContain('do not need');
});

it('--certificate writes JSON and a page; the preprocessing is compared on the pictures', async () => {
  const file = join(folder, 'certificate', 'colors.json');
  const { code, out, err } = await run('verify', 'colors-cnn', '--images', '12', '--certificate', file);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('Passed: the file computes the same');
  const certificate = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect(certificate).toMatchObject({ ok: true, images: 12, preprocessing: { ok: true } });
  expect((certificate.preprocessing as { pictures: number }).pictures).toBeGreaterThan(5);
  expect(readFileSync(file.replace('.json', '.html'), 'utf8')).toContain('Passed');
  const chinese = join(folder, 'certificate', 'zh.json');
  await run('verify', 'colors-cnn', '--images', '2', '--certificate', chinese, '--language', 'zh');
  expect(readFileSync(chinese.replace('.json', '.html'), 'utf8')).toContain('通过');
  expect(await run('verify', 'colors-cnn', '--images', '0')).toMatchObject({ code: 2 });
}, 30_000);
