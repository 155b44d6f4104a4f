import { expect, it } from 'vitest';
import { initParams } from '../../../src/core/model/init';
import {
  gradients as scene,
  LAYERS,
  lookAt,
  network,
  POINTS,
  points,
  STEPS,
  WIDTH,
  type Gradients,
} from '../../../src/renderer/src/learn/scenes/gradients/scene';
import { draw, example } from './draw';

const functions: Record<Gradients['kind'], [(x: number) => number, (x: number) => number]> = {
  sigmoid: [(x) => 1 / (1 + Math.exp(-x)), (x) => Math.exp(-x) / (1 + Math.exp(-x)) ** 2],
  tanh: [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  relu: [(x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0)],
  leakyrelu: [(x) => (x > 0 ? x : 0.01 * x), (x) => (x > 0 ? 1 : 0.01)],
  elu: [(x) => (x > 0 ? x : Math.exp(x) - 1), (x) => (x > 0 ? 1 : Math.exp(x))],
};

/** Outputs of the ten layers and the loss's gradients there, by plain loops: without batch norm. */
function naive(state: Gradients): { loss: number; outputs: number[]; gradients: number[] } {
  const params = initParams(network(state), state.seed, state.init);
  const { input, labels } = points();
  const [f, slope] = functions[state.kind];
  let loss = 0;
  const squares = { outputs: Array<number>(LAYERS).fill(0), gradients: Array<number>(LAYERS).fill(0) };
  for (let n = 0; n < POINTS; n++) {
    const weight = (name: string): Float32Array => params.get(`${name}.weight`)!;
    const product = (name: string, x: number[], units: number): number[] =>
      Array.from({ length: units }, (_, o) =>
        x.reduce((sum, value, i) => sum + value * weight(name)[o * x.length + i], 0),
      );
    const before: number[][] = [];
    const after: number[][] = [[...input.subarray(2 * n, 2 * n + 2)]];
    for (let l = 1; l <= LAYERS; l++) {
      before.push(product(`dense${l}`, after[l - 1], WIDTH));
      after.push(before[l - 1].map(f));
    }
    const logits = product('logits', after[LAYERS], 2);
    const sum = Math.exp(logits[0]) + Math.exp(logits[1]);
    loss -= Math.log(Math.exp(logits[labels[n]]) / sum) / POINTS;
    let back = logits.map((z, i) => (Math.exp(z) / sum - Number(i === labels[n])) / POINTS);
    for (let l = LAYERS; l >= 1; l--) {
      const above = l === LAYERS ? 'logits' : `dense${l + 1}`;
      const dy = after[l].map((_, i) => back.reduce((all, value, o) => all + value * weight(above)[o * WIDTH + i], 0));
      for (const value of dy) squares.gradients[l - 1] += value * value;
      for (const value of after[l]) squares.outputs[l - 1] += value * value;
      back = dy.map((value, i) => value * slope(before[l - 1][i]));
    }
  }
  const root = (sums: number[]): number[] => sums.map((sum) => Math.sqrt(sum / (POINTS * WIDTH)));
  return { loss, outputs: root(squares.outputs), gradients: root(squares.gradients) };
}

it('agrees with plain loops for every activation, initialization and draw, without batch norm', () => {
  for (const drawn of draw(scene, 25, 51)) {
    const state = { ...drawn, norm: false };
    const [expected, found] = [naive(state), lookAt(state, 0)];
    expect(found.loss).toBeCloseTo(expected.loss, 4);
    for (const part of ['outputs', 'gradients'] as const)
      expected[part].forEach((value, i) => {
        if (value < 1e-30) expect(found[part][i]).toBeLessThan(1e-25);
        else expect(found[part][i] / value).toBeCloseTo(1, 2);
      });
  }
});

it('shows what the notes say: vanishing, its cures, zeros that stay, and dying', () => {
  const ratio = (id: string): number => {
    const { gradients } = lookAt(example(scene, id), 0);
    return gradients[0] / gradients[LAYERS - 1];
  };
  expect(ratio('vanishing')).toBeLessThan(1e-8);
  expect(ratio('he')).toBeGreaterThan(0.05);
  expect(ratio('glorot')).toBeGreaterThan(0.05);
  expect(ratio('norm')).toBeGreaterThan(1e3 * ratio('vanishing'));
  const zeros = lookAt(example(scene, 'zeros'), STEPS - 1);
  expect(zeros.gradients).toEqual(Array(LAYERS).fill(0));
  expect(zeros.weights).toEqual(Array(LAYERS).fill(0));
  expect(lookAt(example(scene, 'he'), STEPS - 1).loss).toBeLessThan(
    lookAt(example(scene, 'vanishing'), STEPS - 1).loss,
  );
  const dying = lookAt(example(scene, 'dying'), STEPS - 1).dead;
  expect(dying.reduce((a, b) => a + b, 0)).toBeGreaterThan(WIDTH);
});
