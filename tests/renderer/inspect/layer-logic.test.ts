import { describe, expect, it } from 'vitest';
import { blockAround, weightedLayer } from '../../../src/renderer/src/inspect/layer/block';
import { mapGrid, type GridRequest } from '../../../src/renderer/src/inspect/layer/grid';
import { kernelLayout } from '../../../src/renderer/src/inspect/layer/kernel-layout';
import type { LayerInfo } from '../../../src/shared/protocol';
import { shaped, traitsOf } from '../traits';

function layer(index: number, kind: string, inputs: number[], outputShape: number[]): LayerInfo {
  return {
    index,
    name: `${kind}${index}`,
    kind,
    traits: traitsOf(kind),
    settings: {},
    inputs,
    ...shaped(outputShape),
    params: 0,
    trainable: 0,
    macs: 0,
    receptiveField: { size: [1, 1], step: [1, 1] },
  };
}

/** conv → batchnorm → relu ─┬→ conv → batchnorm ─→ add → relu → globalavgpool → dense → softmax */
/**                          └──────────────────────┘                                            */
const residual = [
  layer(0, 'conv', [-1], [8, 16, 16]),
  layer(1, 'batchnorm', [0], [8, 16, 16]),
  layer(2, 'relu', [1], [8, 16, 16]),
  layer(3, 'conv', [2], [8, 16, 16]),
  layer(4, 'batchnorm', [3], [8, 16, 16]),
  layer(5, 'add', [4, 2], [8, 16, 16]),
  layer(6, 'relu', [5], [8, 16, 16]),
  layer(7, 'globalavgpool', [6], [8]),
  layer(8, 'dense', [7], [10]),
  layer(9, 'softmax', [8], [10]),
];

describe('the block around a layer', () => {
  it('runs from the layer that mixes channels to the last that does not', () => {
    for (const index of [0, 1, 2]) expect(blockAround(residual, index)).toEqual([0, 1, 2]);
    for (const index of [3, 4]) expect(blockAround(residual, index)).toEqual([3, 4]);
  });
  it('is headed by the layer that joins branches', () => {
    for (const index of [5, 6, 7]) expect(blockAround(residual, index)).toEqual([5, 6, 7]);
  });
  it('leaves softmax and the image alone', () => {
    expect(blockAround(residual, 8)).toEqual([8]);
    expect(blockAround(residual, 9)).toEqual([9]);
    expect(blockAround(residual, -1)).toEqual([-1]);
  });
  it('starts after the image where the first layer does not mix channels', () => {
    const normed = [layer(0, 'batchnorm', [-1], [3, 8, 8]), layer(1, 'relu', [0], [3, 8, 8])];
    expect(blockAround(normed, 1)).toEqual([0, 1]);
  });
  it('knows whose weights made a map', () => {
    expect(weightedLayer(residual, 2)?.name).toBe('conv0');
    expect(weightedLayer(residual, 6)).toBeNull();
    expect(weightedLayer(residual, 8)?.name).toBe('dense8');
    expect(weightedLayer(residual, -1)).toBeNull();
  });
});

describe('the grid of maps', () => {
  const request: GridRequest = {
    maps: 16,
    rows: 14,
    columns: 14,
    width: 400,
    height: 600,
    ratio: 1,
    gap: 10,
    caption: 20,
    least: 56,
    most: 240,
  };
  it('shows 16 maps without scrolling, each cell a whole number of pixels', () => {
    const grid = mapGrid(request);
    expect(grid.scrolls).toBe(false);
    expect(grid.across * grid.down).toBeGreaterThanOrEqual(16);
    expect(grid.width).toBeLessThanOrEqual(400);
    expect(grid.height).toBeLessThanOrEqual(600);
    expect(grid.fit.cssWidth % 14).toBe(0);
    expect(grid.across).toBe(4);
  });
  it.each([1, 1.25, 1.5, 1.75, 2, 3])('has whole device pixels a cell at a ratio of %s', (ratio) => {
    for (const cells of [1, 3, 5, 7, 14, 28, 112, 224])
      for (const maps of [1, 6, 64, 512]) {
        const grid = mapGrid({ ...request, ratio, maps, rows: cells, columns: cells });
        const device = (grid.fit.cssWidth * ratio) / grid.fit.width;
        expect(Math.abs(device - Math.round(device)), `${cells} cells, ${maps} maps`).toBeLessThan(1e-9);
        expect(grid.fit.cssWidth).toBeGreaterThanOrEqual(56);
        expect(grid.width).toBeLessThanOrEqual(400.01);
      }
  });
  it('scrolls rather than going below what can be read', () => {
    const grid = mapGrid({ ...request, maps: 512, rows: 7, columns: 7 });
    expect(grid.scrolls).toBe(true);
    expect(grid.fit.cssWidth).toBe(56);
    expect(grid.across).toBe(6);
    expect(grid.down).toBe(86);
  });
  it('takes whole cells a device pixel where a map is larger than its room', () => {
    const grid = mapGrid({ ...request, maps: 3, rows: 900, columns: 900 });
    expect(grid.fit).toMatchObject({ factor: 4, width: 225, cssWidth: 225 });
  });
  it('keeps the shape of a map that is not square', () => {
    const grid = mapGrid({ ...request, rows: 10, columns: 40 });
    expect(grid.fit.cssWidth / grid.fit.cssHeight).toBeCloseTo(4);
  });
});

describe('the layout of kernels', () => {
  it('has numerals for usual kernels and fits them into the room', () => {
    for (const room of [440, 620, 900])
      for (const size of [1, 3, 5, 7]) {
        const layout = kernelLayout(8, size, size, room, 300, 1);
        expect(layout.numerals).toBe(true);
        expect(layout.across * layout.pitchX - 14).toBeLessThanOrEqual(room);
        expect(layout.cellWidth).toBeGreaterThanOrEqual(26);
        expect(layout.across * layout.rows).toBeGreaterThanOrEqual(8);
      }
  });
  it('sets eight 5 × 5 kernels four to a row', () => {
    expect(kernelLayout(8, 5, 5, 620, 320, 1)).toMatchObject({ across: 4, rows: 2 });
  });
  it('turns to pictures where a cell has no room for numerals', () => {
    const layout = kernelLayout(3, 28, 28, 620, 300, 1.5);
    expect(layout.numerals).toBe(false);
    expect(layout.cellWidth * 1.5).toBe(6);
  });
});
