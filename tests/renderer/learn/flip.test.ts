import { expect, it } from 'vitest';
import { flip as scene, type Flip } from '../../../src/renderer/src/learn/scenes/flip/scene';
import { draw, evaluated, example, tableOf } from './draw';

/** The definitions: convolution has the indices run against each other, cross-correlation side by side. */
function naive({ input, kernel, padding }: Flip, against: boolean): number[][] {
  const [height, width] = [input.length + 2 * padding - 2, input[0].length + 2 * padding - 2];
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      let sum = 0;
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 3; j++)
          sum += (input[y + i - padding]?.[x + j - padding] ?? 0) * (against ? kernel[2 - i][2 - j] : kernel[i][j]);
      return sum;
    }),
  );
}

it('has the figures of the notes', () => {
  const state = example(scene, 'notes');
  // prettier-ignore
  expect(tableOf(scene, state, 'convolution')).toEqual([[-13, -20, -17], [-18, -24, -18], [13, 20, 17]]);
  // prettier-ignore
  expect(tableOf(scene, state, 'correlation')).toEqual([[13, 20, 17], [18, 24, 18], [-13, -20, -17]]);
  // A single 1 gives the kernel itself by convolution, and the turned one by cross-correlation.
  const point = example(scene, 'point');
  expect(tableOf(scene, point, 'convolution')).toEqual(point.kernel);
});

it('agrees with the definitions for any valid setting', () => {
  for (const state of draw(scene, 40, 2)) {
    for (const [name, against] of [
      ['convolution', true],
      ['correlation', false],
    ] as const)
      // prettier-ignore
      expect(tableOf(scene, state, name)).toEqual(naive(state, against));
    const [cell, meets, same] = scene.questions;
    const expected = naive(state, state.mode === 'convolution');
    const asked = cell.ask(state, 1)!;
    const { row, column } = asked.values as { row: number; column: number };
    expect(asked.answer).toBe(expected[row][column]);
    // The number in the corner of the window is raised by 1: the output moves by the weight that it meets.
    const raised = {
      ...state,
      padding: 0,
      input: state.input.map((line, y) => line.map((v, x) => v + Number(y + x === 0))),
    };
    const before = naive({ ...state, padding: 0 }, state.mode === 'convolution')[0][0];
    expect(meets.ask(state, 0)!.answer).toBe(naive(raised, state.mode === 'convolution')[0][0] - before);
    const symmetric = JSON.stringify(naive(state, true)) === JSON.stringify(naive(state, false));
    if (same.ask(state, 0)!.answer === 0) expect(symmetric).toBe(true);
  }
});

it('writes a formula whose products add up to its result', () => {
  for (const { state } of scene.examples)
    for (const mode of ['convolution', 'correlation'] as const)
      for (let at = 0; at < scene.steps(state); at++) {
        const text = scene.formula({ ...state, mode }, at).map((token) => token.text).join(''); // prettier-ignore
        const [, sum, result] = text.split(' = ');
        expect(evaluated(sum)).toBe(Number(result.replace('−', '-')));
      }
});
