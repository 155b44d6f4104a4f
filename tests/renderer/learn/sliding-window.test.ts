import { expect, it } from 'vitest';
import {
  products,
  slidingWindow as scene,
  windowAt,
  type SlidingWindow,
} from '../../../src/renderer/src/learn/scenes/sliding-window/scene';
import { draw, evaluated, example, tableOf } from './draw';

/** Plain loops, cell by cell: the definition. */
function naive({ input, kernel, bias, stride, padding, dilation }: SlidingWindow): number[][] {
  const size = (n: number, k: number): number => Math.floor((n + 2 * padding - (dilation * (k - 1) + 1)) / stride) + 1;
  const rows: number[][] = [];
  for (let y = 0; y < size(input.length, kernel.length); y++) {
    rows.push([]);
    for (let x = 0; x < size(input[0].length, kernel[0].length); x++) {
      let sum = bias;
      for (let i = 0; i < kernel.length; i++)
        for (let j = 0; j < kernel[0].length; j++)
          sum +=
            (input[y * stride + i * dilation - padding]?.[x * stride + j * dilation - padding] ?? 0) * kernel[i][j];
      rows[y].push(sum);
    }
  }
  return rows;
}
const output = (id: string): readonly (readonly number[])[] => tableOf(scene, example(scene, id), 'output');

it('has the figures of the notes', () => {
  // prettier-ignore
  expect(output('binary')).toEqual([[4, 3, 4], [2, 4, 3], [2, 3, 4]]);
  expect(output('edge')[0][0]).toBe(-5);
  expect(output('edge').map((row) => row.length)).toEqual([4, 4, 4, 4]);
  expect(output('half')).toEqual(Array.from({ length: 4 }, () => [0, 30, 30, 0]));
  // What a stride of 2 leaves over: 6 rows with a rim of 1 give 3, and the last row of the rim is not read.
  expect(output('strided')).toHaveLength(3);
});

it('agrees with plain loops for any valid setting, and so do its windows, its links and its formula', () => {
  for (const state of draw(scene, 30, 7)) {
    const expected = naive(state);
    const [rows, columns] = [expected.length, expected[0].length];
    const found = tableOf(scene, state, 'output');
    expect(found).toHaveLength(rows);
    found.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i], 3));
    expect(scene.steps(state)).toBe(rows * columns);
    const width = state.input[0].length;
    for (const at of [0, (rows * columns) >> 1, rows * columns - 1]) {
      const { top, left } = windowAt(state, at);
      const own = products(state).filter((product) => product.output === at);
      for (const { input, weight } of own) {
        const [i, j] = [Math.floor(weight / state.kernel[0].length), weight % state.kernel[0].length];
        expect(input).toBe((top + i * state.dilation) * width + left + j * state.dilation);
      }
      const lit = scene.linked(state, { part: 'output', index: at }, at);
      expect([...lit.input]).toEqual(own.map(({ input }) => input));
      // The other way round: what an input or a weight lights are the outputs that read it.
      for (const { input, weight } of own.slice(0, 3)) {
        expect(scene.linked(state, { part: 'input', index: input }, at).output.has(at)).toBe(true);
        expect(scene.linked(state, { part: 'kernel', index: weight }, at).output.has(at)).toBe(true);
      }
    }
  }
});

it('writes a formula whose products add up to its result', () => {
  for (const { state } of scene.examples)
    for (let at = 0; at < scene.steps(state); at++) {
      const text = scene.formula(state, at).map((token) => token.text).join(''); // prettier-ignore
      const [, sum, result] = text.split(' = ');
      expect(evaluated(sum)).toBe(Number(result.replace('−', '-')));
    }
});

it('answers its own questions rightly', () => {
  const [cell, size, reach] = scene.questions;
  for (const state of draw(scene, 40, 3)) {
    const asked = cell.ask(state, 5)!;
    const { row, column } = asked.values as { row: number; column: number };
    expect(asked.answer).toBeCloseTo(naive(state)[row][column], 3);
    const sized = size.ask(state, 5);
    if (sized) {
      const padded = { ...state, padding: sized.values.padding as number };
      expect(sized.answer).toBe(naive(padded).length);
    }
    // An input that is raised by 1 moves as many outputs as it reaches, where no weight is 0.
    const ones = { ...state, kernel: state.kernel.map((line) => line.map(() => 1)) };
    const { values, answer } = reach.ask(ones, 5)!;
    const raised = ones.input.map((line, y) => line.map((v, x) => v + Number(y === values.row && x === values.column)));
    const [before, after] = [naive(ones).flat(), naive({ ...ones, input: raised }).flat()];
    expect(before.filter((value, i) => value !== after[i]).length).toBe(answer);
  }
});
