import { beforeAll, describe, expect, it } from 'vitest';
import type { LayerInfo, ModelInfo } from '../../../src/shared/protocol';
import { litPath, sourcesThrough, tiesOf } from '../../../src/renderer/src/inspect/overview/connections';
import {
  channelAt,
  channelsIn,
  tileAt,
  type Box,
  type Layout,
} from '../../../src/renderer/src/inspect/overview/geometry';
import { layoutOf } from '../../../src/renderer/src/inspect/overview/layout';
import { HEADER, ranksOf } from '../../../src/renderer/src/inspect/overview/plan';
import { baseLines, boxOf, curve } from '../../../src/renderer/src/inspect/overview/lines';
import { fitCells, snap } from '../../../src/renderer/src/theme/pixels';
import { FakeClient } from '../fake-client';
import { fakeNetworks } from '../fake-network';
import { inputLayer, shaped, traitsOf } from '../traits';

const models = new Map<string, ModelInfo>();
beforeAll(async () => {
  const client = new FakeClient();
  for (const { id } of fakeNetworks)
    models.set(id, await client.call('openModel', { source: { kind: 'bundled', id } }));
});
const layout = (id: string, width = 1068, height = 800, ratio = 1, zoom = 1, pictures?: 0 | 1 | 3): Layout =>
  layoutOf({
    pictures,
    model: models.get(id)!,
    width,
    height,
    ratio,
    zoom,
    headWidth: (l, short) => (short ? 40 : 52) + l.name.length,
    labelWidth: 9,
  });
const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('cells on whole device pixels', () => {
  it('takes the largest whole number of device pixels a cell that fits', () => {
    expect(fitCells(28, 28, 90, 1)).toMatchObject({ cssHeight: 84, cssWidth: 84, factor: 1 });
    for (const ratio of [1, 1.25, 1.5, 2, 2.625]) {
      for (const cells of [1, 4, 5, 10, 14, 28, 56, 64]) {
        const fit = fitCells(cells, cells, 84, ratio);
        const perCell = (fit.cssWidth * ratio) / fit.width;
        expect(Math.abs(perCell - Math.round(perCell))).toBeLessThan(1e-9);
        expect(fit.cssWidth).toBeLessThanOrEqual(84 + 1e-6);
      }
    }
  });
  it('averages by a whole factor where not one device pixel a cell fits', () => {
    expect(fitCells(224, 224, 84, 1)).toMatchObject({ factor: 3, width: 75, cssWidth: 75 });
    expect(fitCells(30, 60, 20, 1)).toMatchObject({ factor: 3, height: 10, width: 20 });
  });
  it('snaps to device pixels', () => expect(snap(10.3, 1.5)).toBe(15 / 1.5));
});

describe('the layout', () => {
  it('ranks by the longest path', () => {
    const layers = models.get('residual')!.layers;
    const ranks = ranksOf(layers);
    for (const layer of layers)
      for (const i of layer.inputs) expect(ranks[layer.index]).toBeGreaterThan(i < 0 ? 0 : ranks[i]);
    const named = (name: string): number => ranks[layers.findIndex((l) => l.name === name)];
    expect(named('conv4')).toBe(named('conv5'));
  });
  it.each(fakeNetworks.map(({ id }) => id))(
    'gives every layer of %s a place of its own, to the right of what feeds it',
    (id) => {
      for (const [width, height, ratio] of [
        [1068, 800, 1],
        [660, 540, 1],
        [1500, 980, 2],
        [928, 700, 1.25],
      ]) {
        const found = layout(id, width, height, ratio);
        const model = models.get(id)!;
        const placed = new Set(found.groups.map(({ layer }) => layer));
        for (const layer of [...model.layers, { index: -1 }]) {
          expect(
            placed.has(layer.index) || layer.index === found.answer?.logits || layer.index === found.answer?.softmax,
          ).toBe(true);
        }
        for (const [i, a] of found.groups.entries()) {
          for (const b of found.groups.slice(i + 1))
            expect(overlap(a.box, b.box), `${id}: ${a.layer} and ${b.layer}`).toBe(false);
          expect(a.box.y).toBeGreaterThanOrEqual(HEADER);
          for (const source of a.layer < 0 ? [] : model.layers[a.layer].inputs) {
            const from = found.byLayer.get(source);
            if (from) expect(from.box.x + from.box.width).toBeLessThan(a.box.x);
          }
        }
        // No tile over another, and every one inside its group.
        for (const group of found.groups) {
          const last = tileAt(group, group.count - 1);
          expect(last.y + last.height).toBeLessThanOrEqual(group.box.y + group.box.height + 0.5);
          expect(group.pitchX).toBeGreaterThanOrEqual(group.tileWidth);
          if (group.rows > 1) expect(group.pitchY).toBeGreaterThanOrEqual(group.tileHeight);
        }
      }
    },
  );
  it('gives the input the place of the pictures that are folded away, its caption below the same', () => {
    for (const height of [360, 540, 800]) {
      const [three, one, none] = ([3, 1, 0] as const).map((pictures) => layout('lenet', 1068, height, 1, 1, pictures));
      const top = ({ strip }: Layout): number => strip.input.y;
      expect([three, one, none].map(({ strip }) => strip.tops.length)).toEqual([3, 1, 0]);
      expect(top(three)).toBeGreaterThan(top(one));
      expect(top(one)).toBeGreaterThan(top(none));
      for (const { strip, height: all } of [one, none]) {
        for (const y of strip.tops) expect(y + strip.side).toBeLessThan(strip.input.y);
        expect(strip.captionTop + (strip.tops.length === 0 ? 8 : 4) * 15).toBeLessThanOrEqual(all);
      }
    }
  });
  it('fits a small network into a usual window without scrolling, and keeps one scale for its maps', () => {
    const found = layout('mnist-cnn');
    expect(found.width).toBe(1068);
    expect(found.height).toBe(800);
    const side = (name: string): number =>
      found.byLayer.get(models.get('mnist-cnn')!.layers.findIndex((l) => l.name === name))!.tileWidth;
    expect(side('conv1')).toBe(2 * side('maxpool1'));
    expect(side('conv1')).toBe(side('relu1'));
  });
  it('faces equally many maps of a block to each other', () => {
    const found = layout('lenet');
    for (const channel of [0, 3, 5]) {
      const [conv, relu] = [0, 1].map((i) => tileAt(found.byLayer.get(i)!, channel));
      expect(curve(conv, relu)).toMatch(/H/);
    }
  });
  it('stands branches of one rank above each other and lets the skips pass over the maps', () => {
    const model = models.get('residual')!;
    const found = layout('residual');
    const of = (name: string) => found.byLayer.get(model.layers.findIndex((l) => l.name === name))!;
    expect(of('conv4').box.x).toBe(of('conv5').box.x);
    expect(of('conv4').box.y + of('conv4').box.height).toBeLessThan(of('conv5').box.y);
    expect(of('conv5').head.y).not.toBeNull();
    const levels = found.skips.map(({ from, to }) => `${model.layers[from].name}→${model.layers[to].name}`);
    expect(levels).toContain('relu1→add1');
    expect(levels).toContain('add1→concat1');
  });
  it('shows the likeliest of a thousand classes, their logits as a layer of its own', () => {
    const found = layout('photo', 1500, 980);
    expect(found.answer?.logits).toBeNull();
    expect(found.answer?.rows).toBe(20);
    expect(found.byLayer.get(models.get('photo')!.layers.length - 2)?.count).toBe(1000);
  });
  it('grows when zoomed in and shrinks when zoomed out', () => {
    const [out, fit, near] = [0.5, 1, 2].map((zoom) => layout('lenet', 1068, 800, 1, zoom).byLayer.get(0)!.tileWidth);
    expect(near).toBe(2 * fit);
    expect(out).toBe(fit / 2);
  });
  it('finds the channel under a point and the channels in sight, of 512 only those', () => {
    const group = layout('wide-512').byLayer.get(2)!;
    expect(group.count).toBe(512);
    const tile = tileAt(group, 37);
    expect(channelAt(group, tile.x + 1, tile.y + 1)).toBe(37);
    expect(channelAt(group, tile.x - 1, tile.y + 1)).toBeNull();
    const seen = channelsIn(group, { x: group.x, y: 0, width: 100, height: 800 });
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.length).toBeLessThan(80);
    expect(channelsIn(group, { x: -500, y: 0, width: 100, height: 800 })).toEqual([]);
  });
});

describe('connections', () => {
  const layer = (index: number, kind: string, inputs: number[], outputShape: number[], settings = {}): LayerInfo => ({
    index,
    name: `${kind}${index}`,
    kind,
    traits: traitsOf(kind, settings),
    settings,
    inputs,
    ...shaped(outputShape),
    params: 0,
    trainable: 0,
    macs: 0,
    receptiveField: { size: [1, 1], step: [1, 1] },
  });
  const model = {
    inputs: [inputLayer([4, 8, 8])],
    layers: [
      layer(0, 'conv', [-1], [8, 8, 8], { groups: 2 }),
      layer(1, 'relu', [0], [8, 8, 8]),
      layer(2, 'conv', [1], [4, 8, 8], { groups: 1 }),
      layer(3, 'concat', [1, 2], [12, 8, 8]),
      layer(4, 'flatten', [3], [768]),
      layer(5, 'dense', [4], [10]),
      layer(6, 'conv', [-1], [4, 8, 8], { groups: 4 }),
    ],
  } as unknown as ModelInfo;
  const through = (index: number, channel: number): number[][] =>
    tiesOf(model, index).map((tie) => sourcesThrough(model, tie, channel));
  it('follows groups, depthwise too, joins and flattening', () => {
    expect(through(0, 3)).toEqual([[0, 1]]);
    expect(through(0, 4)).toEqual([[2, 3]]);
    expect(through(6, 2)).toEqual([[2]]);
    expect(through(3, 5)).toEqual([[5], []]);
    expect(through(3, 9)).toEqual([[], [1]]);
    expect(through(4, 130)).toEqual([[2]]);
    expect(through(2, 0)[0]).toHaveLength(8);
  });
  it('ties a dense layer to the maps that were flattened', () => {
    expect(tiesOf(model, 5)).toEqual([{ kind: 'all', source: 3 }]);
  });
  it('lights back to the last layer that mixes channels, with its kernels, and no further', () => {
    const lines = litPath(model, { layer: 1, channel: 4 });
    expect(lines.map(({ from, to, column }) => [from.layer, from.channel, to.layer, column])).toEqual([
      [0, 4, 1, null],
      [-1, 2, 0, 0],
      [-1, 3, 0, 1],
    ]);
  });
  it('follows every branch of a join', () => {
    const lines = litPath(models.get('residual')!, { layer: 5, channel: 2 });
    expect(new Set(lines.map(({ from }) => from.layer))).toEqual(new Set([4, 1, 3, 0, -1]));
  });
  it('draws single lines for small layers and bands for large ones', () => {
    const everything = { x: -1e5, y: -1e5, width: 1e6, height: 1e6 };
    const small = baseLines(models.get('mnist-cnn')!, layout('mnist-cnn'), everything, (c) => c);
    expect(small.fan.match(/M/g)!.length).toBe(8 + 8 * 16);
    const wide = baseLines(models.get('wide-512')!, layout('wide-512'), everything, (c) => c);
    expect(wide.fan).toBe('');
    expect(wide.bands).not.toBe('');
  });
  it('finds the answer’s rows by class, and nothing for a class without a row', () => {
    const found = layout('lenet');
    const rowOf = (c: number): number | null => (c < 3 ? 2 - c : null);
    expect(boxOf(found, { layer: found.answer!.logits!, channel: 0 }, rowOf)!.y).toBeGreaterThan(
      boxOf(found, { layer: found.answer!.logits!, channel: 2 }, rowOf)!.y,
    );
    expect(boxOf(found, { layer: found.answer!.logits!, channel: 7 }, rowOf)).toBeNull();
  });
});
