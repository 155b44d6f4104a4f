import { expect, it } from 'vitest';
import {
  lossOf,
  oneHot,
  PLACES,
  probabilities,
  REACH,
  softmax as scene,
  terrain,
} from '../../../src/renderer/src/learn/scenes/softmax/scene';
import { draw, example } from './draw';

it('agrees with plain sums, and its gradient with central differences, for any logits', () => {
  for (const state of draw(scene, 60, 61)) {
    const [logits] = state.logits;
    const most = Math.max(...logits);
    const powers = logits.map((z) => Math.exp(z - most));
    const sum = powers.reduce((a, b) => a + b, 0);
    powers.forEach((power, i) => expect(probabilities(state)[i]).toBeCloseTo(power / sum, 12));
    const loss = (to: readonly number[]): number => {
      const top = Math.max(...to);
      return top + Math.log(to.reduce((all, z) => all + Math.exp(z - top), 0)) - to[state.label];
    };
    expect(lossOf(state).loss).toBeCloseTo(loss(logits), 9);
    const h = 1e-4;
    logits.forEach((_, k) => {
      const by = (change: number): number => loss(logits.map((z, i) => (i === k ? z + change : z)));
      expect(lossOf(state).gradient[k]).toBeCloseTo((by(h) - by(-h)) / (2 * h), 5);
      expect(lossOf(state).gradient[k]).toBeCloseTo(probabilities(state)[k] - oneHot(state)[k], 9);
    });
    // The corners of the terrain.
    const corner = (x: number, y: number): number => loss(logits.map((z, i) => (i === 0 ? x : i === 1 ? y : z)));
    const hills = terrain(state);
    expect(hills[0]).toBeCloseTo(corner(-REACH, REACH), 9);
    expect(hills[PLACES * PLACES - 1]).toBeCloseTo(corner(REACH, -REACH), 9);
  }
});

it('costs ln 5 when five classes are alike, and next to nothing when sure and right', () => {
  expect(lossOf(example(scene, 'even')).loss).toBeCloseTo(Math.log(5), 12);
  expect(lossOf(example(scene, 'sure')).loss).toBeLessThan(1e-3);
});
