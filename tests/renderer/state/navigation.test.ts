import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelInfo } from '../../../src/shared/protocol';
import { answerLayers, isNonNegative } from '../../../src/renderer/src/state/layers';
import {
  findLayers,
  start,
  stepInput,
  stepLayer,
  stepMap,
  stepUnit,
  strongest,
  toDepth,
  within,
} from '../../../src/renderer/src/state/navigation';
import { layerScale, networkScale, scopeOf } from '../../../src/renderer/src/state/scale';
import { commandOf } from '../../../src/renderer/src/inspect/keys';
import { FakeClient } from '../fake-client';

let lenet: ModelInfo;
let residual: ModelInfo;
const client = new FakeClient();
beforeAll(async () => {
  lenet = await client.call('openModel', { source: { kind: 'bundled', id: 'lenet' } });
  residual = await client.call('openModel', { source: { kind: 'bundled', id: 'residual' } });
});

describe('moving about', () => {
  it('goes round the maps of a layer', () => {
    expect(stepMap(lenet, { ...start, channel: 5 }, 1).channel).toBe(0);
    expect(stepMap(lenet, start, -1).channel).toBe(5);
  });
  it('keeps the channel inside a block and scales it and the place between blocks', () => {
    const conv = { ...start, layer: 0, channel: 4, y: 27, x: 13 };
    const relu = stepLayer(lenet, conv, 1);
    expect([relu.layer, relu.channel, relu.y, relu.x]).toEqual([1, 4, 27, 13]);
    const pool = stepLayer(lenet, relu, 1);
    expect([pool.channel, pool.y, pool.x]).toEqual([4, 13, 6]);
    const next = stepLayer(lenet, pool, 1);
    expect([next.layer, next.channel]).toEqual([3, Math.floor((4.5 / 6) * 16)]);
  });
  it('stops at the image and at the last layer', () => {
    expect(stepLayer(lenet, { ...start, layer: -1 }, -1).layer).toBe(-1);
    const last = lenet.layers.length - 1;
    expect(stepLayer(lenet, { ...start, layer: last }, 1).layer).toBe(last);
  });
  it('moves a unit on its map and not off it, and among flat features from one to the next', () => {
    expect(stepUnit(lenet, { ...start, y: 0, x: 3 }, -1, 0)).toMatchObject({ y: 0, x: 3 });
    expect(stepUnit(lenet, { ...start, y: 0, x: 3 }, 0, 1)).toMatchObject({ y: 0, x: 4 });
    expect(stepUnit(lenet, { ...start, layer: 7, channel: 118 }, 1, 0).channel).toBe(119);
    expect(stepUnit(lenet, { ...start, layer: 7, channel: 119 }, 0, 1).channel).toBe(119);
  });
  it('goes exactly one depth at a time, and never beyond', () => {
    expect(toDepth(start, -1).depth).toBe(0);
    expect(toDepth(toDepth(start, 1), 2).depth).toBe(2);
    expect(toDepth(start, 3).depth).toBe(2);
  });
  it('steps through the input channels round the end', () => {
    expect(stepInput(lenet, { ...start, layer: 3, inChannel: 5 }, 1).inChannel).toBe(0);
    expect(stepInput(lenet, { ...start, layer: -1 }, 1).inChannel).toBe(0);
  });
  it('brings any selection inside the bounds', () => {
    expect(within(lenet, { depth: 2, layer: 99, channel: 99, y: 99, x: -4, inChannel: -3 })).toEqual({
      depth: 2,
      layer: lenet.layers.length - 1,
      channel: 9,
      y: 0,
      x: 0,
      inChannel: 0,
    });
  });
});

describe('finding a layer', () => {
  const names = (query: string): string[] =>
    findLayers(lenet, query, (l) => ({ conv: '卷积 5×5', maxpool: '最大池化' })[l.kind] ?? l.kind).map((l) => l.name);
  it('looks in names, kinds in either language and shapes', () => {
    expect(names('conv')).toEqual(['conv1', 'conv2']);
    expect(names('池化')).toEqual(['maxpool1', 'maxpool2']);
    expect(names('16x10x10')).toEqual(['conv2', 'relu2']);
    expect(names('16 × 10 × 10')).toEqual(['conv2', 'relu2']);
    expect(names('RELU 120')).toEqual(['relu3']);
    expect(names('')).toHaveLength(lenet.layers.length + 1);
    expect(names('nothing such')).toEqual([]);
  });
});

describe('the color scale', () => {
  it('knows which layers are never negative, through the layers that keep the sign', () => {
    const by = (model: ModelInfo, name: string): boolean =>
      isNonNegative(
        model,
        model.layers.findIndex((l) => l.name === name),
      );
    expect(['conv1', 'relu1', 'maxpool1', 'flatten1', 'dense1', 'softmax1'].map((n) => by(lenet, n))).toEqual([
      false,
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(by(residual, 'add1')).toBe(false);
    expect(isNonNegative(lenet, -1)).toBe(true);
  });
  it('leaves the answer out of the network’s scale and compares its units with each other', async () => {
    const inspection = await client.call('inspect', {
      model: lenet.model,
      image: { kind: 'sample', id: 'digit-3' },
      options: {},
    });
    const answer = answerLayers(lenet);
    expect([...answer].sort((a, b) => a - b)).toEqual([11, 12]);
    const others = inspection.layers.filter(({ index }) => !answer.has(index)).map(({ absMax }) => absMax);
    expect(networkScale(lenet, inspection)).toBe(Math.max(...others));
    expect(layerScale(inspection, -1)).toBe(inspection.layers[0].absMax);
    expect(layerScale(inspection, 3)).toBe(inspection.layers[4].absMax);
    expect(scopeOf(lenet, 11, 'network')).toBe('layer');
    expect(scopeOf(lenet, 7, 'unit')).toBe('layer');
    expect(scopeOf(lenet, 3, 'unit')).toBe('unit');
  });
});

describe('keys', () => {
  const press = (
    key: string,
    depth: 0 | 1 | 2 = 0,
    held: Partial<Record<'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey', boolean>> = {},
  ) => commandOf({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held }, depth);
  it('moves maps and layers with one pair of arrows each, units at pixel depth', () => {
    expect(press('ArrowDown')).toEqual({ do: 'map', step: 1 });
    expect(press('ArrowLeft', 1)).toEqual({ do: 'layer', step: -1 });
    expect(press('ArrowLeft', 2)).toEqual({ do: 'unit', dy: 0, dx: -1 });
    expect(press('ArrowUp', 2, { shiftKey: true })).toEqual({ do: 'map', step: -1 });
  });
  it('leaves the browser’s own keys alone', () => {
    expect(press('t', 0, { ctrlKey: true })).toBeNull();
    expect(press('ArrowLeft', 0, { altKey: true })).toBeNull();
    expect(press('v', 0, { metaKey: true })).toBeNull();
    expect(press('x')).toBeNull();
  });
  it('knows the rest', () => {
    expect(['Enter', 'Escape', '/', 's', 'S', 'p', 'n'].map((key) => press(key)?.do)).toEqual([
      'deeper',
      'up',
      'find',
      'scope',
      'scope',
      'save',
      'npy',
    ]);
  });
});

describe('where pixel depth begins', () => {
  const thumb = (height: number, width: number, values: [at: number, value: number][]) => {
    const data = new Int8Array(height * width);
    for (const [at, value] of values) data[at] = value;
    return { height, width, data };
  };
  it('is the unit largest in magnitude, the first of equals', () => {
    expect(
      strongest(
        thumb(4, 6, [
          [3, 20],
          [13, -127],
          [20, 127],
        ]),
        4,
        6,
      ),
    ).toEqual({ y: 2, x: 1 });
  });
  it('is the middle of the cell where the thumbnail is averaged down', () => {
    expect(strongest(thumb(56, 56, [[56 * 10 + 3, 90]]), 112, 112)).toEqual({ y: 21, x: 7 });
    expect(strongest(thumb(2, 2, [[3, 5]]), 3, 3)).toEqual({ y: 2, x: 2 });
  });
  it('is nowhere in particular on a silent map', () => {
    expect(strongest(thumb(4, 4, []), 4, 4)).toBeNull();
  });
});
