import { expect, it } from 'vitest';
import {
  amountsOf,
  invariance as scene,
  mapsOf,
  moveOf,
  SIDE,
  type Invariance,
} from '../../../src/renderer/src/learn/scenes/invariance/scene';
import { draw, example } from './draw';

/** The picture after a change, by going back from every new pixel to the old picture: 0 … 1. */
function changed({ picture, change }: Invariance, amount: number): number[][] {
  const middle = (SIDE - 1) / 2;
  const at = (y: number, x: number): number => (picture[y]?.[x] ?? 0) / 255;
  const angle = change === 'turn' ? (amount * Math.PI) / 180 : 0;
  const zoom = change === 'size' ? amount / 100 : 1;
  return Array.from({ length: SIDE }, (_, y) =>
    Array.from({ length: SIDE }, (_, x) => {
      const dx = (x - middle - (change === 'right' ? amount : 0)) / zoom;
      const dy = (y - middle - (change === 'down' ? amount : 0)) / zoom;
      const fromX = middle + dx * Math.cos(angle) + dy * Math.sin(angle);
      const fromY = middle - dx * Math.sin(angle) + dy * Math.cos(angle);
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      const [u, v] = [fromX - left, fromY - top];
      const upper = (1 - u) * at(top, left) + u * at(top, left + 1);
      const lower = (1 - u) * at(top + 1, left) + u * at(top + 1, left + 1);
      return (1 - v) * upper + v * lower;
    }),
  );
}
function convolved(picture: number[][], kernel: Invariance['kernel']): number[][] {
  return Array.from({ length: SIDE - 2 }, (_, y) =>
    Array.from({ length: SIDE - 2 }, (_, x) => {
      let sum = 0;
      for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sum += picture[y + i][x + j] * kernel[i][j];
      return Math.max(0, sum);
    }),
  );
}
function halved(map: number[][], pool: Invariance['pool']): number[][] {
  return Array.from({ length: Math.floor(map.length / 2) }, (_, y) =>
    Array.from({ length: Math.floor(map.length / 2) }, (_, x) => {
      const cells = [map[2 * y][2 * x], map[2 * y][2 * x + 1], map[2 * y + 1][2 * x], map[2 * y + 1][2 * x + 1]];
      return pool === 'max' ? Math.max(...cells) : cells.reduce((a, b) => a + b, 0) / 4;
    }),
  );
}

it('agrees with plain loops for any picture, kernel, change and amount', () => {
  for (const state of draw(scene, 8, 12)) {
    amountsOf(state).forEach((amount, at) => {
      const picture = changed(state, amount);
      const map = convolved(picture, state.kernel);
      const pool2 = halved(map, state.pool);
      const expected = { picture, map, pool2, pool4: halved(pool2, state.pool), global: [[Math.max(...map.flat())]] };
      for (const [stage, rows] of Object.entries(expected)) {
        const found = mapsOf(state)[at][stage as keyof typeof expected].values;
        const most = Math.max(1, ...rows.flat());
        rows.flat().forEach((value, i) => expect(found[i] / most).toBeCloseTo(value / most, 5));
      }
    });
  }
});

it('shows what the notes say: pooling tolerates a shift and small turns, and no other size', () => {
  const shift = example(scene, 'shift');
  const one = amountsOf(shift).indexOf(1);
  expect(moveOf(shift, one, 'pool4')).toBeLessThan(0.6 * moveOf(shift, one, 'map'));
  expect(moveOf(shift, one, 'global')).toBe(0);
  expect(moveOf(shift, amountsOf(shift).indexOf(0), 'picture')).toBe(0);
  const turn = example(scene, 'ring');
  const ten = amountsOf(turn).indexOf(10);
  expect(moveOf(turn, ten, 'pool4')).toBeLessThan(moveOf(turn, ten, 'map'));
  const size = example(scene, 'size');
  expect(moveOf(size, 0, 'pool4')).toBeGreaterThan(moveOf(shift, one, 'pool4'));
});
