import { expect, it } from 'vitest';
import {
  channels as scene,
  channelSums,
  placeOf,
  type Channels,
} from '../../../src/renderer/src/learn/scenes/channels/scene';
import { draw, example, tableOf } from './draw';

/** `[F][y][x]` by plain loops. */
function naive({ input, filters, bias, padding }: Channels): number[][][] {
  const kernel = filters[0][0].length;
  const size = input[0].length + 2 * padding - kernel + 1;
  const axis = Array.from({ length: size }, (_, i) => i);
  return filters.map((filter, f) =>
    axis.map((y) =>
      axis.map((x) => {
        let sum = bias[f];
        for (let c = 0; c < input.length; c++)
          for (let i = 0; i < kernel; i++)
            for (let j = 0; j < kernel; j++)
              sum += (input[c][y + i - padding]?.[x + j - padding] ?? 0) * filter[c][i][j];
        return sum;
      }),
    ),
  );
}

it('has the size of the notes: 3 channels in, 2 filters of 5 × 5 with a bias each', () => {
  const state = example(scene, 'notes');
  expect([state.input.length, state.filters.length, state.filters[0].length, state.filters[0][0].length]).toEqual([
    3, 2, 3, 5,
  ]);
  expect(scene.questions[1].ask(state, 0)!.answer).toBe(2 * (3 * 5 * 5 + 1));
  expect(tableOf(scene, state, 'output 1')).toHaveLength(3);
});

it('agrees with plain loops for any valid setting, channel by channel', () => {
  for (const state of draw(scene, 40, 5)) {
    const expected = naive(state);
    expected.forEach((map, f) => expect(tableOf(scene, state, `output ${f}`)).toEqual(map));
    const steps = scene.steps(state);
    for (const at of [0, steps >> 1, steps - 1]) {
      const { filter, row, column } = placeOf(state, at);
      const sums = channelSums(state, at);
      expect(sums.reduce((a, b) => a + b, state.bias[filter])).toBe(expected[filter][row][column]);
      // A channel alone, the others and the bias put to 0.
      const alone = { ...state, bias: state.bias.map(() => 0), input: state.input.map((plane, c) => (c === 0 ? plane : plane.map((line) => line.map(() => 0)))) }; // prettier-ignore
      expect(sums[0]).toBeCloseTo(naive(alone)[filter][row][column], 6);
    }
    const [cell, , depth] = scene.questions;
    const asked = cell.ask(state, 2)!;
    const { filter, row, column } = asked.values as { filter: number; row: number; column: number };
    expect(asked.answer).toBe(expected[filter][row][column]);
    const { filters } = depth.ask(state, 2)!.values as { filters: number };
    expect(depth.ask(state, 2)!.answer).toBe(filters * expected[0].length ** 2);
  }
});
