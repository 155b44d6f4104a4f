import fc from 'fast-check';
import { expect, it } from 'vitest';
import { preluBackward, preluForward } from '../../../src/core/kernels/reference/prelu';
import { erfc } from '../../../src/core/layers/gelu';
import { forCases, normals, size, steps } from './draws';
import { describeBuilds, expectClose } from './workspace';

const { fround } = Math;
const logistic = (x: number): number => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
const normal = (x: number): number => (x < 0 ? 0.5 * erfc(-x / Math.SQRT2) : 1 - 0.5 * erfc(x / Math.SQRT2));
const inner = (x: number): number => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
const [ALPHA, GAMMA, BETA] = [fround(1.6732632), fround(1.050701), fround(0.4)];

type Alphas = number[];
interface Activation {
  forward: string;
  backward: string;
  alphas: Alphas;
  /** In doubles. */
  value(x: number): number;
  slope(x: number): number;
  saves: 'x' | 'y';
  /** Largest error in units in the last place; where the result nears 0 by cancellation, absolute instead. */
  ulps: number;
  /** Units in the last place more, where an intermediate result loses them. */
  spread?(x: number): number;
  /** An error of this size is let pass whatever the result. */
  absolute?: number;
}

const ACTIVATIONS: Activation[] = [
  {
    forward: 'reluForward',
    backward: 'reluBackward',
    alphas: [],
    value: (x) => (x > 0 ? x : x * 0),
    slope: (x) => (x > 0 ? 1 : 0),
    saves: 'y',
    ulps: 0,
  },
  {
    forward: 'leakyReluForward',
    backward: 'leakyReluBackward',
    alphas: [fround(0.01)],
    value: (x) => (x > 0 ? x : fround(0.01) * x),
    slope: (x) => (x > 0 ? 1 : fround(0.01)),
    saves: 'x',
    ulps: 0.5,
  },
  {
    forward: 'eluForward',
    backward: 'eluBackward',
    alphas: [BETA],
    value: (x) => (x > 0 ? x : BETA * Math.expm1(x)),
    slope: (x) => (x > 0 ? 1 : BETA * Math.exp(x)),
    saves: 'x',
    ulps: 3,
  },
  {
    forward: 'seluForward',
    backward: 'seluBackward',
    alphas: [ALPHA, GAMMA],
    value: (x) => GAMMA * (x > 0 ? x : ALPHA * Math.expm1(x)),
    slope: (x) => GAMMA * (x > 0 ? 1 : ALPHA * Math.exp(x)),
    saves: 'x',
    ulps: 4,
  },
  {
    forward: 'sigmoidForward',
    backward: 'sigmoidBackward',
    alphas: [],
    value: logistic,
    slope: (x) => logistic(x) * logistic(-x),
    saves: 'y',
    ulps: 4,
  },
  {
    forward: 'tanhForward',
    backward: 'tanhBackward',
    alphas: [],
    value: Math.tanh,
    slope: (x) => 1 - Math.tanh(x) ** 2,
    saves: 'y',
    ulps: 3,
  },
  {
    forward: 'softplusForward',
    backward: 'softplusBackward',
    alphas: [],
    value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    slope: logistic,
    saves: 'x',
    ulps: 4,
  },
  {
    forward: 'relu6Forward',
    backward: 'relu6Backward',
    alphas: [],
    value: (x) => Math.max(0, Math.min(6, x)),
    slope: (x) => (x > 0 && x < 6 ? 1 : 0),
    saves: 'y',
    ulps: 0,
  },
  {
    forward: 'geluForward',
    backward: 'geluBackward',
    alphas: [],
    value: (x) => x * normal(x),
    slope: (x) => normal(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
    saves: 'x',
    ulps: 8,
    absolute: 1e-40,
  },
  {
    forward: 'geluTanhForward',
    backward: 'geluTanhBackward',
    alphas: [],
    value: (x) => x * logistic(2 * inner(x)),
    slope: (x) =>
      logistic(2 * inner(x)) +
      2 * x * logistic(2 * inner(x)) * logistic(-2 * inner(x)) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x),
    saves: 'x',
    ulps: 4,
    /** The exponent of 2u itself is rounded: by that much more where it is large. */
    spread: (x) => 6 * Math.abs(inner(x)),
    absolute: 1e-40,
  },
  {
    forward: 'siluForward',
    backward: 'siluBackward',
    alphas: [],
    value: (x) => x * logistic(x),
    slope: (x) => logistic(x) * (1 + x * logistic(-x)),
    saves: 'x',
    ulps: 5,
    /** Below −87 the sigmoid is denormal, with few digits. */
    absolute: 1e-40,
  },
  {
    forward: 'hardSwishForward',
    backward: 'hardSwishBackward',
    alphas: [],
    value: (x) => x * Math.max(0, Math.min(1, x / 6 + 0.5)),
    slope: (x) => Math.max(0, Math.min(1, x / 6 + 0.5)) + (x > -3 && x < 3 ? x / 6 : 0),
    saves: 'x',
    ulps: 4,
    /** Near −3 the gate is a small difference. */
    absolute: 1e-6,
  },
];

/** Distance from a float32 to its neighbor at this magnitude. */
function ulp(value: number): number {
  const size = Math.abs(value);
  return size < 2 ** -126 ? 2 ** -149 : 2 ** (Math.floor(Math.log2(size)) - 23);
}

it('erfc is that of the tables', () => {
  // Abramowitz & Stegun 1964, table 7.1; beyond it by 100-digit arithmetic.
  const known: [number, number][] = [
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [1.5, 0.033894853524689274],
    [2, 0.004677734981047266],
    [3, 2.209049699858544e-5],
    [5, 1.5374597944280349e-12],
  ];
  for (const [z, value] of known) expect(Math.abs(erfc(z) / value - 1), String(z)).toBeLessThan(1e-13);
});

describeBuilds('activations', (workspace) => {
  it('an example of each, at −2 and 3', () => {
    const examples: Record<string, [alphas: number[], at: [number, number]]> = {
      reluForward: [[], [0, 3]],
      leakyReluForward: [[0.5], [-1, 3]],
      eluForward: [[1], [-0.8646647, 3]],
      seluForward: [
        [1.6732632, 1.050701],
        [-1.5201665, 3.152103],
      ],
      sigmoidForward: [[], [0.1192029, 0.9525741]],
      hardSigmoidForward: [
        [0.2, 0.5],
        [0.1, 1],
      ],
      tanhForward: [[], [-0.9640276, 0.9950548]],
      softplusForward: [[], [0.126928, 3.0485874]],
    };
    for (const [forward, [alphas, expected]] of Object.entries(examples)) {
      const y = workspace.room(2);
      workspace.call(forward, workspace.put([-2, 3]), 0, y, 0, 1, 2, ...alphas);
      expectClose(workspace.read(y, 2), expected, 2e-7, forward);
    }
    workspace.expectGuards();
  });

  it.each(ACTIVATIONS)(
    '$forward is exact to $ulps units in the last place, from −110 to 110',
    ({ forward, alphas, value, ulps, spread = () => 0, absolute = 0 }) => {
      const x: number[] = [];
      for (let v = -110; v <= 110; v += 0.00317) x.push(v);
      for (let e = -140; e < 7; e++) x.push(2 ** e * 1.37, -(2 ** e) * 1.37, 2 ** e, -(2 ** e));
      const inputs = Float32Array.from(x);
      const py = workspace.room(inputs.length);
      workspace.call(forward, workspace.put(inputs), 0, py, 0, 1, inputs.length, ...alphas);
      const y = workspace.read(py, inputs.length);
      let worst = 0;
      let where = 0;
      for (let i = 0; i < y.length; i++) {
        const error = Math.abs(y[i] - value(inputs[i]));
        const off = error <= absolute ? 0 : error / ulp(value(inputs[i])) - spread(inputs[i]);
        if (!(off <= worst)) [worst, where] = [off, inputs[i]];
      }
      expect(worst, `worst at ${where}`).toBeLessThanOrEqual(ulps === 0 ? 0 : ulps);
      workspace.expectGuards();
    },
  );

  it.each(ACTIVATIONS)('$forward at the edges: infinities and NaN', ({ forward, alphas, value }) => {
    const inputs = [Infinity, -Infinity, NaN, 0, 88.7, -88.7, 1e30, -1e30];
    const py = workspace.room(inputs.length);
    workspace.call(forward, workspace.put(inputs), 0, py, 0, 1, inputs.length, ...alphas);
    const y = workspace.read(py, inputs.length);
    inputs.forEach((x, i) => {
      const expected = forward === 'reluForward' && x === -Infinity ? 0 : value(fround(x));
      if (Number.isFinite(expected))
        expect(Math.abs(y[i] - expected), `f(${x})`).toBeLessThanOrEqual(1e-6 * Math.abs(expected));
      else expect(y[i], `f(${x})`).toBe(expected);
    });
  });

  it.each(ACTIVATIONS)(
    '$forward, $backward over rows: tails, strides, in place, accumulated',
    ({ forward, backward, alphas, value, slope, saves }) => {
      forCases(
        fc.record({
          rows: size(1, 4),
          length: size(1, 13),
          gap: size(0, 3),
          accumulate: fc.boolean(),
          inPlace: fc.boolean(),
        }),
        40,
        (s, generator) => {
          const row = s.length + s.gap;
          const count = s.rows * row - s.gap;
          const x = generator.integer(2) ? normals(generator, count) : steps(generator, count);
          const inside = (i: number): boolean => i % row < s.length;
          const px = workspace.put(x, 'x');
          const py = s.inPlace ? px : workspace.put(x, 'y');
          workspace.call(forward, px, row, py, row, s.rows, s.length, ...alphas);
          const y = workspace.read(py, count);
          // Between the rows nothing changes.
          expectClose(
            y,
            x.map((v, i) => (inside(i) ? value(v) : v)),
            1e-6,
            'y',
          );

          const dy = normals(generator, count);
          const before = normals(generator, count);
          const saved = workspace.put(saves === 'x' ? x : y, 'saved');
          const pdy = workspace.put(dy, 'dy');
          const pdx = s.inPlace && !s.accumulate ? pdy : workspace.put(before, 'dx');
          const start = pdx === pdy ? dy : before;
          workspace.call(
            backward,
            saved,
            row,
            pdy,
            row,
            pdx,
            row,
            s.rows,
            s.length,
            s.accumulate ? 1 : 0,
            ...(backward === 'eluBackward' || backward === 'leakyReluBackward' || backward === 'seluBackward'
              ? alphas
              : []),
          );
          const expected = start.map((v, i) => (inside(i) ? (s.accumulate ? v : 0) + dy[i] * slope(x[i]) : v));
          // From y, 1 − y² is a difference: exact to the size of dy.
          expectClose(workspace.read(pdx, count), expected, 2e-6, 'dx', Math.max(...dy.map(Math.abs)));
          workspace.expectGuards();
        },
      );
    },
  );

  it('hardSigmoid clamps, and passes gradients between the clamps', () => {
    const [alpha, beta] = [fround(0.2), 0.5];
    const x = Float32Array.of(-10, -2.5, -2.4, -1, 0, 1, 2.4, 2.5, 10, NaN, Infinity);
    const [py, pdx] = [workspace.room(x.length), workspace.room(x.length)];
    workspace.call('hardSigmoidForward', workspace.put(x), 0, py, 0, 1, x.length, alpha, beta);
    const y = workspace.read(py, x.length);
    x.forEach((v, i) => {
      const expected = Math.max(0, Math.min(1, alpha * v + beta));
      if (Number.isNaN(expected)) expect(y[i]).toBeNaN();
      else expect(y[i]).toBeCloseTo(expected, 6);
    });
    workspace.call('hardSigmoidBackward', py, 0, workspace.put(x.map(() => 1)), 0, pdx, 0, 1, x.length, 0, alpha);
    expect([...workspace.read(pdx, x.length)]).toEqual([0, 0, alpha, alpha, alpha, alpha, alpha, 0, 0, 0, 0]);
    workspace.expectGuards();
  });

  it('prelu agrees with the reference, a slope for each channel', () => {
    forCases(
      fc.record({ rows: size(1, 4), width: size(1, 7), channels: size(1, 11), accumulate: fc.boolean() }),
      60,
      (s, generator) => {
        const row = s.width * s.channels;
        const count = s.rows * row;
        const x = steps(generator, count);
        const [slope, dy, before] = [s.channels, count, count].map((n) => normals(generator, n));
        const y = new Float64Array(count);
        preluForward(Float64Array.from(x), Float64Array.from(slope), y);
        const dx = s.accumulate ? Float64Array.from(before) : new Float64Array(count);
        const dSlope = new Float64Array(s.channels);
        preluBackward(Float64Array.from(x), Float64Array.from(slope), Float64Array.from(dy), dx, dSlope);
        const [px, ps, py] = [workspace.put(x), workspace.put(slope), workspace.room(count)];
        workspace.kernels.preluForward({
          x: px,
          xRow: row,
          y: py,
          yRow: row,
          rows: s.rows,
          width: s.width,
          channels: s.channels,
          slope: ps,
        });
        expectClose(workspace.read(py, count), y, 1e-6, 'y');
        const [pdx, pds] = [workspace.put(before), workspace.zeros(s.channels)];
        workspace.kernels.preluBackward({
          x: px,
          xRow: row,
          dy: workspace.put(dy),
          dyRow: row,
          dx: pdx,
          dxRow: row,
          rows: s.rows,
          width: s.width,
          channels: s.channels,
          slope: ps,
          dSlope: pds,
          accumulate: s.accumulate ? 1 : 0,
        });
        expectClose(workspace.read(pdx, count), dx, 1e-6, 'dx');
        expectClose(workspace.read(pds, s.channels), dSlope, 3e-6, 'dSlope');
        workspace.expectGuards();
      },
    );
  });
});
