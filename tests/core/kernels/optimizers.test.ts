import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forCases, normals, size } from './draws';
import { describeBuilds, expectClose } from './workspace';

type Rule = (g: number, w: number, state: number[], rate: number, extra: number[]) => { w: number; state: number[] };

/** Update rules in doubles: the gradient already scaled and decayed. */
const RULES: Record<string, { states: number; extra: number[]; rule: Rule }> = {
  sgd: { states: 0, extra: [], rule: (g, w, _s, rate) => ({ w: w - rate * g, state: [] }) },
  momentum: {
    states: 1,
    extra: [0.9],
    rule: (g, w, [v], rate, [mu]) => ({ w: w - rate * (mu * v + g), state: [mu * v + g] }),
  },
  nesterov: {
    states: 1,
    extra: [0.9],
    rule: (g, w, [v], rate, [mu]) => ({ w: w - rate * (g + mu * (mu * v + g)), state: [mu * v + g] }),
  },
  adagrad: {
    states: 1,
    extra: [1e-6],
    rule: (g, w, [h], rate, [epsilon]) => ({
      w: w - (rate * g) / (Math.sqrt(h + g * g) + epsilon),
      state: [h + g * g],
    }),
  },
  rmsprop: {
    states: 1,
    extra: [0.9, 1e-6],
    rule(g, w, [h], rate, [rho, epsilon]) {
      const mean = rho * h + (1 - rho) * g * g;
      return { w: w - (rate * g) / (Math.sqrt(mean) + epsilon), state: [mean] };
    },
  },
  adam: {
    states: 2,
    extra: [0.9, 0.999, 1e-6, 1.5, 0.98],
    rule(g, w, [m, h], rate, [beta1, beta2, epsilon, root, shrink]) {
      const first = beta1 * m + (1 - beta1) * g;
      const second = beta2 * h + (1 - beta2) * g * g;
      return { w: shrink * w - (rate * first) / (Math.sqrt(second) * root + epsilon), state: [first, second] };
    },
  },
};

describeBuilds('optimizers', (workspace) => {
  it.each([
    // w = 1, g = 2, rate 0.1; then the states before and after.
    { name: 'sgd', before: [], extra: [], after: [], w: 0.8 },
    { name: 'momentum', before: [1], extra: [0.5], after: [2.5], w: 0.75 },
    { name: 'nesterov', before: [1], extra: [0.5], after: [2.5], w: 0.675 },
    { name: 'adagrad', before: [12], extra: [0], after: [16], w: 0.95 },
    { name: 'rmsprop', before: [20], extra: [0.75, 0], after: [16], w: 0.95 },
    { name: 'adam', before: [0, 0], extra: [0.5, 0.75, 0, 1, 1], after: [1, 1], w: 0.9 },
  ])('an example of $name', ({ name, before, extra, after, w }) => {
    const four = (value: number): number[] => [value, value, value, value];
    const weights = workspace.put(four(1), 'weights');
    const states = before.map((state) => workspace.put(four(state), 'a state'));
    workspace.call(name, weights, workspace.put(four(2)), 16, 1, 4, 0, 0.1, 1, 0, ...states, ...extra);
    expectClose(workspace.read(weights, 4), four(w), 1e-7, 'weights');
    states.forEach((state, i) => expectClose(workspace.read(state, 4), four(after[i]), 1e-7, `state ${i}`));
    workspace.expectGuards();
  });

  const shape = fc.record({
    quads: size(1, 6),
    shards: size(1, 4),
    clear: fc.boolean(),
    decay: fc.constantFrom(0, 0.01),
    scale: fc.constantFrom(1, 0.25),
  });

  it.each(Object.keys(RULES))('%s agrees with its rule, over shards, with clipping and decay', (name) => {
    const { states, rule, extra } = RULES[name];
    forCases(shape, 40, (s, generator) => {
      const count = 4 * s.quads;
      const rate = 0.05;
      const w = normals(generator, count);
      const gradients = Array.from({ length: s.shards }, () => normals(generator, count));
      // Second moments are positive.
      const state = Array.from({ length: states }, (_, i) =>
        normals(generator, count).map((v) =>
          name === 'momentum' || name === 'nesterov' || (name === 'adam' && i === 0) ? v : v * v,
        ),
      );
      const expected = Array.from(w, (weight, i) => {
        const sum = gradients.reduce((total, gradient) => total + gradient[i], 0);
        return rule(
          s.scale * sum + s.decay * weight,
          weight,
          state.map((values) => values[i]),
          rate,
          extra,
        );
      });
      const pw = workspace.put(w);
      const pg = workspace.put(gradients.flatMap((gradient) => [...gradient]));
      const ps = state.map((values) => workspace.put(values));
      workspace.call(
        name,
        pw,
        pg,
        count * 4,
        s.shards,
        count,
        s.clear ? 1 : 0,
        rate,
        s.scale,
        s.decay,
        ...ps,
        ...extra,
      );
      expectClose(
        workspace.read(pw, count),
        expected.map((e) => e.w),
        2e-6,
        'weights',
      );
      ps.forEach((pointer, k) =>
        expectClose(
          workspace.read(pointer, count),
          expected.map((e) => e.state[k]),
          2e-6,
          `state ${k}`,
        ),
      );
      const left = workspace.read(pg, count * s.shards);
      expect([...left]).toEqual(
        s.clear ? new Array(left.length).fill(0) : gradients.flatMap((gradient) => [...gradient]),
      );
      workspace.expectGuards();
    });
  });

  it('decayed states and weights become 0, not denormal', () => {
    const tiny = Float32Array.of(1e-39, -8e-19, 9e-19, 1);
    const [pw, pv] = [workspace.put(tiny), workspace.put(tiny)];
    workspace.call('momentum', pw, workspace.zeros(4), 0, 1, 4, 0, 0, 1, 0, pv, 1);
    const flushed = [0, 0, Math.fround(9e-19), 1];
    expect([...workspace.read(pv, 4)].map((v) => v + 0)).toEqual(flushed);
    expect([...workspace.read(pw, 4)].map((v) => v + 0)).toEqual(flushed);
    const square = workspace.put([1e-39, 1.2e-38, 0, 1]);
    workspace.call('rmsprop', pw, workspace.zeros(4), 0, 1, 4, 0, 0, 1, 0, square, 1, 1e-8);
    expect([...workspace.read(square, 4)].map((v) => v + 0)).toEqual([0, Math.fround(1.2e-38), 0, 1]);
  });

  it('a NaN gradient is not hidden', () => {
    const pw = workspace.put([1, 2, 3, 4]);
    workspace.call('sgd', pw, workspace.put([NaN, 0, 0, 0]), 0, 1, 4, 0, 0.1, 1, 0);
    expect([...workspace.read(pw, 4)]).toEqual([NaN, 2, 3, 4]);
  });

  it('reduces shards in their order', () => {
    const shards = [Float32Array.of(1e8, 1, 2, 3), Float32Array.of(-1e8, 1, 1, 1), Float32Array.of(1, 1, 1, 1)];
    const pg = workspace.put(shards.flatMap((shard) => [...shard]));
    workspace.call('reduceGradients', pg, 16, 3, 4, 1);
    // In any other order the first would be 0.
    expect([...workspace.read(pg, 12)]).toEqual([1, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0]);
    workspace.expectGuards();
  });
});
