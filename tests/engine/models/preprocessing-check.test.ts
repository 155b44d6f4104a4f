import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import { initParams } from '../../../src/core/model/init';
import type { Model, Preprocessing } from '../../../src/core/model/model';
import { twoPaths } from '../../../src/engine/image/two-paths';
import { checkPreprocessing, EXACT, REDUCED } from '../../../src/engine/models/preprocessing-check';
import { resource } from '../../../src/engine/system/root';

function modelWith(changes: Partial<Preprocessing>): Model {
  const channels = changes.colour === 'grey' ? 1 : 3;
  const graph = buildGraph({
    input: { height: 24, width: 32, channels },
    layers: [{ kind: 'flatten' }, { kind: 'dense', units: 3 }],
  });
  const preprocessing: Preprocessing = {
    colour: 'rgb',
    height: 24,
    width: 32,
    fit: 'stretch',
    resize: 'linear',
    scale: 1 / 255,
    mean: [0.4, 0.5, 0.6].slice(0, channels),
    deviation: [0.2, 0.25, 0.3].slice(0, channels),
    ground: 'mixed',
    ...changes,
  };
  return { graph, params: initParams(graph, 1), metadata: { labels: ['a', 'b', 'c'], preprocessing, training: null } };
}

const photo = readFileSync(resource('samples', 'landscape.png'));
const every = (['stretch', 'crop', 'letterbox'] as const).flatMap((fit) =>
  (Object.keys(REDUCED) as Preprocessing['resize'][]).flatMap((resize) =>
    (['rgb', 'grey'] as const).map((colour) => ({ fit, resize, colour })),
  ),
);

it.each(every)('onnxruntime prepares a picture as we do: $fit, $resize, $colour', async (changes) => {
  const model = modelWith(changes);
  const { default: sharp } = await import('../../../src/engine/image/sharp');
  for (const [width, height, kind] of [
    [61, 97, 'reduced'],
    [97, 30, 'reduced'],
    [300, 240, 'reduced'],
    [12, 9, 'enlarged'],
    [32, 24, 'same'],
  ] as const) {
    const bytes = await sharp(photo).resize(width, height, { fit: 'fill' }).png().toBuffer();
    const paths = await twoPaths(bytes, 'x', model.metadata.preprocessing);
    const report = await checkPreprocessing(model, [paths], async () => 0);
    expect(report).toMatchObject({ ok: true, pictures: 1, enlarged: kind === 'enlarged' ? 1 : 0 });
    expect(report!.exact).toBeLessThan(EXACT);
    expect(report!.reduced?.pictures ?? 0).toBe(kind === 'reduced' ? 1 : 0);
  }
});

it('another mean, or a swapped channel, is found', async () => {
  const model = modelWith({});
  const paths = await twoPaths(photo, 'x', model.metadata.preprocessing);
  const other = modelWith({ mean: [0.4, 0.5, 0.61] });
  expect(await checkPreprocessing(other, [paths], async () => 0)).toMatchObject({ ok: false });
  const swapped = { ...paths, input: paths.input.map((_, i) => paths.input[i - (i % 3) + 2 - (i % 3)]) };
  expect(await checkPreprocessing(model, [swapped], async () => 0)).toMatchObject({ ok: false });
});
