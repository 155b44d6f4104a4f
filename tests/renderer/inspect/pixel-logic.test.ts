import { describe, expect, it } from 'vitest';
import { vectorShape } from '../../../src/renderer/src/inspect/pixel/vector';
import {
  densePlanes,
  largest,
  products,
  runningTotal,
  softmaxRows,
  sumRows,
} from '../../../src/renderer/src/inspect/pixel/sums';
import {
  axisIndex,
  cellAt,
  cellPlace,
  clipRect,
  windowRect,
  windowSpan,
} from '../../../src/renderer/src/inspect/pixel/window';
import type { Window } from '../../../src/core/explain/types';

const window: Window = { source: 3, top: -1, left: 4, height: 3, width: 3, stride: [1, 1], dilation: [2, 1] };

describe('the window on the layer before', () => {
  it('spans its dilation and is clipped to the map', () => {
    expect(windowSpan(window)).toEqual({ height: 5, width: 3 });
    expect(windowRect(window, 14, 6)).toEqual({ top: 0, left: 4, height: 4, width: 2 });
  });
  it('is nowhere where nothing of it lies on the map', () => {
    expect(clipRect({ top: -3, left: 0, height: 3, width: 3 }, 5, 5)).toBeNull();
    expect(clipRect({ top: 0, left: 5, height: 3, width: 3 }, 5, 5)).toBeNull();
  });
  it('maps its cells to places and back', () => {
    expect(cellPlace(window, 0)).toEqual({ y: -1, x: 4 });
    expect(cellPlace(window, 5)).toEqual({ y: 1, x: 6 });
    for (let k = 0; k < 9; k++) {
      const { y, x } = cellPlace(window, k);
      expect(cellAt(window, y, x)).toBe(k);
    }
    expect(cellAt(window, 0, 4)).toBe(-1);
    expect(cellAt(window, 5, 4)).toBe(-1);
    expect(cellAt(window, 1, 3)).toBe(-1);
  });
  it('writes an index with the numbers put in', () => {
    expect(axisIndex(5, 1, 1, 3, 'i')).toBe('5 + i − 2');
    expect(axisIndex(5, 2, 1, 10, 'i')).toBe('2·5 + i');
    expect(axisIndex(4, 2, 3, 5, 'j')).toBe('2·4 + 3·j − 3');
  });
});

describe('sums', () => {
  const planes = densePlanes([1, 2, 3, 4, 5, 6, 7, 8], [1, -1, 0.5, 0, 2, 0, 0, -1], [2, 2, 2]);
  it('folds a dense unit back to the maps that it looks at', () => {
    expect(planes.map((plane) => plane.sum)).toEqual([1 - 2 + 1.5, 10 - 8]);
    expect([...products(planes[0])]).toEqual([1, -2, 1.5, 0]);
    expect([...planes[1].values]).toEqual([5, 6, 7, 8]);
  });
  it('refuses a vector of another length', () => {
    expect(() => densePlanes([1], [1, 2], [2, 1, 1])).toThrow('expected 2 values and weights, found 1 and 2');
  });
  it('draws every bar on one scale with the bias', () => {
    const { rows, bias } = sumRows(planes, -4, 'size');
    expect(rows.map((row) => [row.channel, row.length])).toEqual([
      [1, 0.5],
      [0, 0.125],
    ]);
    expect(bias).toMatchObject({ channel: null, length: 1, negative: true });
    expect(sumRows(planes, -4, 'channel').rows.map((row) => row.channel)).toEqual([0, 1]);
  });
  it('adds the terms up from the bias on', () => {
    const term = (product: number) => ({ channel: 0, y: 0, x: 0, value: 1, weight: product, product });
    expect(runningTotal([term(2), term(-3)], 0.5).map((step) => step.total)).toEqual([2.5, -0.5]);
  });
  it('never scales by zero', () => {
    expect(largest([0, 0])).toBeGreaterThan(0);
  });
  it('makes probabilities of exponentials', () => {
    const logits = [1, 3, 2];
    const exponentials = logits.map((logit) => Math.exp(logit - 3));
    const sum = exponentials.reduce((a, b) => a + b);
    const rows = softmaxRows(logits, exponentials, 3, sum);
    expect(rows.map((row) => row.shifted)).toEqual([-2, 0, -1]);
    expect(rows.reduce((total, row) => total + row.probability, 0)).toBeCloseTo(1, 14);
  });
});

describe('flat features as a block of cells', () => {
  it('has ten or a multiple to a line, about as wide as its room', () => {
    expect(vectorShape(10, 3)).toEqual({ rows: 1, columns: 10 });
    expect(vectorShape(120, 2)).toEqual({ rows: 6, columns: 20 });
    expect(vectorShape(1000, 1)).toEqual({ rows: 34, columns: 30 });
    expect(vectorShape(12, 1)).toEqual({ rows: 2, columns: 10 });
  });
});
