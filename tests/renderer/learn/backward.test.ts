import { expect, it } from 'vitest';
import {
  backward as scene,
  difference,
  gradientAt,
  loss,
  type Backward,
} from '../../../src/renderer/src/learn/scenes/backward/scene';
import { draw, evaluated, tableOf } from './draw';

/** The output and its loss by plain loops. */
function forward({ input, kernel, bias, padding }: Backward): number[][] {
  const rows = input.length + 2 * padding - kernel.length + 1;
  const columns = input[0].length + 2 * padding - kernel[0].length + 1;
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x) => {
      let sum = bias;
      kernel.forEach((line, i) =>
        line.forEach((w, j) => (sum += (input[y + i - padding]?.[x + j - padding] ?? 0) * w)),
      );
      return sum;
    }),
  );
}
/** dX as the notes have it: the full convolution of dY with the kernel turned by 180°, cut to the input. */
function fullConvolution({ input, kernel, error, padding }: Backward): number[][] {
  const [kr, kc] = [kernel.length, kernel[0].length];
  const turned = kernel.map((line) => [...line].reverse()).reverse();
  return input.map((line, r) =>
    line.map((_, c) => {
      let sum = 0;
      for (let i = 0; i < kr; i++)
        for (let j = 0; j < kc; j++)
          sum += (error[r + padding - (kr - 1) + i]?.[c + padding - (kc - 1) + j] ?? 0) * turned[i][j];
      return sum;
    }),
  );
}
/** dW: the correlation of the padded input with dY. */
const correlation = ({ input, kernel, error, padding }: Backward): number[][] =>
  kernel.map((line, i) =>
    line.map((_, j) => {
      let sum = 0;
      error.forEach((row, y) => row.forEach((e, x) => (sum += (input[y + i - padding]?.[x + j - padding] ?? 0) * e)));
      return sum;
    }),
  );

it('gives the notes’ three formulas, and their finite differences, for any valid setting', () => {
  for (const state of draw(scene, 40, 6)) {
    expect(tableOf(scene, state, 'Y')).toEqual(forward(state));
    expect(loss(state)).toBeCloseTo(forward(state).flat().reduce((sum, y, i) => sum + y * state.error.flat()[i], 0), 3); // prettier-ignore
    expect(tableOf(scene, state, 'dX')).toEqual(fullConvolution(state));
    expect(tableOf(scene, state, 'dW')).toEqual(correlation(state));
    expect(tableOf(scene, state, 'db')).toEqual([[state.error.flat().reduce((a, b) => a + b)]]);
    const all = [
      ...fullConvolution(state).flat(),
      ...correlation(state).flat(),
      state.error.flat().reduce((a, b) => a + b),
    ];
    const steps = scene.steps(state);
    for (const at of [0, steps >> 1, steps - 2, steps - 1]) {
      const found = difference(state, gradientAt(state, at));
      // A sum of up to 10⁹ leaves about six digits to a difference over 1/512.
      expect(Math.abs(found - all[at])).toBeLessThan(1e-3 + 1e-6 * Math.abs(all[at]));
    }
  }
});

it('writes formulas whose products add up, and asks for what is there', () => {
  for (const { state } of scene.examples) {
    for (let at = 0; at < scene.steps(state); at++) {
      const text = scene.formula(state, at).map((token) => token.text).join(''); // prettier-ignore
      const [, sum, result] = text.split(' = ');
      expect(evaluated(sum)).toBe(Number(result.replace('−', '-')));
    }
    const [, weight] = scene.questions;
    const asked = weight.ask(state, 0);
    const sizes = correlation(state).flat().map(Math.abs);
    if (asked) expect(sizes[asked.answer]).toBe(Math.max(...sizes));
  }
});
