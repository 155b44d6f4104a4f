import { expect, it } from 'vitest';
import { dice as scene, fraction } from '../../../src/renderer/src/learn/scenes/dice/scene';
import { draw, example, tableOf } from './draw';

/** The definition: every pair adds its product at the sum of its places. */
function naive(first: readonly number[], second: readonly number[]): number[] {
  const sums = Array.from({ length: first.length + second.length - 1 }, () => 0);
  first.forEach((x, i) => second.forEach((h, j) => (sums[i + j] += x * h)));
  return sums;
}

it('has the figures of the notes: two dice, and a signal with echoes of 1, 1/2, 1/4', () => {
  const [sums] = tableOf(scene, example(scene, 'dice'), 'z');
  expect(sums.map((value) => fraction(value))).toEqual(
    ['1/36', '1/18', '1/12', '1/9', '5/36', '1/6', '5/36', '1/9', '1/12', '1/18', '1/36'],
  ); // prettier-ignore
  expect(sums.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
  const decay = example(scene, 'decay');
  expect(decay.second).toEqual([1, 0.5, 0.25]);
  expect(tableOf(scene, decay, 'z')[0]).toEqual([4, 2, 1, 8, 8, 4, 1, 0, 0, 0]);
});

it('agrees with the definition for any valid setting, and so do its pairs', () => {
  for (const state of draw(scene, 60, 4)) {
    const expected = naive(state.first, state.second);
    expect(tableOf(scene, state, 'z')[0]).toEqual(expected);
    for (let at = 0; at < scene.steps(state); at++) {
      const lit = scene.linked(state, { part: 'output', index: at }, at);
      const pairs = [...lit.first].map((i) => [i, at - i]);
      expect(new Set(pairs.map(([, j]) => j))).toEqual(lit.second);
      expect(pairs.reduce((sum, [i, j]) => sum + state.first[i] * state.second[j], 0)).toBe(expected[at]);
    }
    const [value, largest, pairs] = scene.questions;
    const asked = value.ask(state, 1)!;
    expect(expected).toContain(asked.answer);
    const most = largest.ask(state, 1);
    if (most) expect(expected[most.answer - (state.about === 'dice' ? 2 : 0)]).toBe(Math.max(...expected));
    expect(pairs.ask(state, 1)!.answer).toBeLessThanOrEqual(Math.min(state.first.length, state.second.length));
  }
});

it('writes fractions that people read, and no others', () => {
  expect(fraction(1 / 6)).toBe('1/6');
  expect(fraction(-0.25)).toBe('−1/4');
  expect(fraction(3)).toBe('3');
  expect(fraction(0.123)).toBe('0.123');
});
