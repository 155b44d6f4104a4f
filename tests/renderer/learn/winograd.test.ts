import { expect, it } from 'vitest';
import { tileOf, winograd as scene } from '../../../src/renderer/src/learn/scenes/winograd/scene';
import { draw } from './draw';

it('gives the four outputs of the sliding kernel with 16 products, for any numbers', () => {
  for (const state of draw(scene, 40, 17)) {
    const { m, y } = tileOf(state);
    expect(m.flat()).toHaveLength(16);
    for (const [row, column] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]) {
      // prettier-ignore
      let sum = 0;
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 3; j++) sum += state.input[row + i][column + j] * state.kernel[i][j];
      expect(y[row][column]).toBeCloseTo(sum, 4);
    }
  }
});

it('lights what truly counts: changing an input changes the numbers that light with it, and no others', () => {
  for (const state of draw(scene, 6, 18))
    for (const part of ['input', 'kernel'] as const)
      for (let index = 0; index < state[part].flat().length; index++) {
        const columns = state[part].length;
        const changed = state[part].map((row, i) => row.map((value, j) => value + (i * columns + j === index ? 1 : 0)));
        const [before, after] = [tileOf(state), tileOf({ ...state, [part]: changed })];
        const side = part === 'input' ? 'v' : 'u';
        const moved = before[side].flat().flatMap((value, i) => (after[side].flat()[i] === value ? [] : [i]));
        expect([...scene.linked(state, { part, index }, 0)[side]].sort((a, b) => a - b)).toEqual(moved);
      }
});
