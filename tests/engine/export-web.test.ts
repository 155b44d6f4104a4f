import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { plainMetadata, type Preprocessing } from '../../src/core/model/model';
import { buildGraph } from '../../src/core/model/build';
import { initParams } from '../../src/core/model/init';
import { toChannelsFirst } from '../../src/core/layers/layout';
import { readModel } from '../../src/core/onnx/read';
import { filesOf } from '../../src/engine/export/formats';
import { toChannels } from '../../src/engine/image/input';
import { prepare } from '../../src/engine/image/prepare';
import { twoPaths } from '../../src/engine/image/two-paths';
import { resource } from '../../src/engine/system/root';

interface Picture {
  width: number;
  height: number;
  data: Uint8Array;
}
const page = (await import(resource('web', 'preprocess.js'))) as {
  prepare(original: Picture, preprocessing: Preprocessing): { input: Float32Array; dims: number[]; inverted: boolean };
};

/** What the page makes of a picture, beside what the app makes of it. */
async function both(
  file: string,
  preprocessing: Preprocessing,
): Promise<{ ours: Float32Array; theirs: Float32Array; inverted: [boolean, boolean] }> {
  const bytes = readFileSync(resource('samples', file));
  const { decoded } = await twoPaths(bytes, file, preprocessing);
  const data = toChannels(decoded.data, decoded.channels, 3);
  const { input, inverted } = page.prepare({ width: decoded.width, height: decoded.height, data }, preprocessing);
  const app = await prepare({ bytes }, file, preprocessing, {});
  const { height, width, colour } = preprocessing;
  const ours = toChannelsFirst(app.input, 1, [height, width, colour === 'grey' ? 1 : 3]);
  return { ours, theirs: input, inverted: [app.inverted, inverted] };
}

const plain: Preprocessing = {
  colour: 'rgb',
  height: 40,
  width: 64,
  fit: 'crop',
  resize: 'linear',
  scale: 1,
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
  ground: 'mixed',
};

it.each(['linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'] as const)(
  'the page resizes as the app does, within a level or two: %s',
  async (resize) => {
    for (const fit of ['stretch', 'crop', 'letterbox'] as const)
      for (const [file, height, width] of [
        ['landscape.png', 40, 29],
        ['t-shirt.png', 40, 64],
        ['t-shirt.png', 20, 50],
      ] as const) {
        const { ours, theirs } = await both(file, { ...plain, fit, resize, height, width });
        const apart = ours.map((value, i) => Math.abs(value - theirs[i]));
        expect(apart.reduce((sum, value) => sum + value, 0) / apart.length, `${file} ${fit} ${height}`).toBeLessThan(
          0.7,
        );
      }
  },
);

it('the page makes gray, scales and inverts as the app does', async () => {
  const gray: Preprocessing = {
    ...plain,
    colour: 'grey',
    height: 28,
    width: 28,
    fit: 'letterbox',
    scale: 1 / 255,
    mean: [0.13],
    deviation: [0.3],
    ground: 'dark',
    grounds: { dark: 60_000, light: 0, all: 60_000 },
  };
  const paper = await both('digit-on-paper.png', gray);
  expect(paper.inverted).toEqual([true, true]);
  for (const { ours, theirs, inverted } of [
    paper,
    await both('landscape.png', gray),
    await both('digit-5.png', gray),
  ]) {
    expect(inverted[0]).toBe(inverted[1]);
    const levels = ours.map((value, i) => (Math.abs(value - theirs[i]) * 0.3) / (1 / 255));
    expect(Math.max(...levels)).toBeLessThan(3);
  }
});

it('the folder has the network, its classes, and the runtime by name; each page says how it was made', () => {
  const graph = buildGraph({
    input: { height: 8, width: 8, channels: 3 },
    layers: [{ kind: 'flatten' }, { kind: 'dense', units: 2 }, { kind: 'softmax' }],
  });
  const model = { graph, params: initParams(graph, 1), metadata: plainMetadata(graph) };
  const files = new Map(filesOf(model, 'web', 'page', null).map(({ name, bytes }) => [name, bytes]));
  const text = (name: string): string => new TextDecoder().decode(files.get(name));
  expect(readModel(files.get('model.onnx')!).params).toEqual(model.params);
  expect(JSON.parse(text('network.json'))).toMatchObject({
    title: 'page',
    labels: ['class 0', 'class 1'],
    input: 'input',
    output: 'softmax1',
    probability: 'share',
  });
  expect(Object.keys((JSON.parse(text('package.json')) as { dependencies: object }).dependencies)).toEqual([
    'onnxruntime-web',
  ]);
  for (const name of ['index.html', 'app.js', 'preprocess.js', 'serve.mjs'])
    expect(text(name)).toContain('Made by: convscope export MODEL --format web');
  const volume = buildGraph({
    input: { length: 9, channels: 2 },
    layers: [{ kind: 'flatten' }, { kind: 'dense', units: 2 }],
  });
  const signal = { graph: volume, params: initParams(volume, 1), metadata: plainMetadata(volume) };
  expect(() => filesOf(signal, 'web', 'x', null)).toThrow('web page');
});
