/** The reference kernels on cases worked out by hand, the nasty ones by name. */
import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '../../../src/core/model/spec';
import { ReferenceExecutor } from '../../../src/core/backends/reference/executor';
import { graphOf } from '../helpers';

/** One layer on one image of one channel (or flat features given as 1 × 1 × C), float32. */
function run(
  layer: Record<string, unknown> & { kind: string },
  rows: number[][],
  params: Record<string, number[]> = {},
): { y: number[]; gradient(dy: number[]): number[] } {
  const input: ModelSpec['input'] = { height: rows.length, width: rows[0].length, channels: 1 };
  const graph = graphOf([layer], input);
  const executor = new ReferenceExecutor(graph);
  const name = graph.layers[0].name;
  executor.setParams(
    new Map(Object.entries(params).map(([key, values]) => [`${name}.${key}`, Float32Array.from(values)])),
  );
  executor.forward(Float32Array.from(rows.flat()), 1);
  return {
    y: [...executor.activation(0)],
    gradient(dy) {
      executor.backward(Float32Array.from(dy));
      return [...executor.gradient(-1)];
    },
  };
}

const digits = (text: string): number[][] => text.split(' ').map((row) => [...row].map(Number));

describe('convolution by hand', () => {
  const conv = { kind: 'conv', filters: 1, kernel: 3, bias: false };

  it('same padding with a turned Sobel kernel', () => {
    const { y } = run({ ...conv, padding: 'same' }, digits('123 456 789'), { weight: [1, 2, 1, 0, 0, 0, -1, -2, -1] });
    expect(y).toEqual([-13, -20, -17, -18, -24, -18, 13, 20, 17]);
  });

  it('a binary picture', () => {
    const { y } = run(conv, digits('11100 01110 00111 00110 01100'), { weight: [1, 0, 1, 0, 1, 0, 1, 0, 1] });
    expect(y).toEqual([4, 3, 4, 2, 4, 3, 2, 3, 4]);
  });

  it('a vertical edge filter: first value −5', () => {
    const rows = digits('301274 158931 272513 013178 421628 245239');
    const { y } = run(conv, rows, { weight: [1, 0, -1, 1, 0, -1, 1, 0, -1] });
    expect(y).toHaveLength(16);
    expect(y[0]).toBe(-5);
  });

  it('half white, half gray: 30 in the middle columns', () => {
    const rows = Array.from({ length: 6 }, () => [10, 10, 10, 0, 0, 0]);
    const { y } = run(conv, rows, { weight: [1, 0, -1, 1, 0, -1, 1, 0, -1] });
    expect(y).toEqual([0, 30, 30, 0, 0, 30, 30, 0, 0, 30, 30, 0, 0, 30, 30, 0]);
  });

  it('in one dimension: the sum of two dice is the full convolution of their distributions', () => {
    const die = Array<number>(6).fill(1);
    const { y } = run({ ...conv, kernel: [1, 6], padding: [0, 5] }, [die], { weight: die });
    expect(y).toEqual([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]);
  });

  it('the error of x is the full convolution with the kernel turned by 180°', () => {
    const { gradient } = run({ ...conv, kernel: 2 }, digits('123 456 789'), { weight: [1, 2, 3, 4] });
    expect(gradient([1, 0, 0, 0])).toEqual([1, 2, 0, 3, 4, 0, 0, 0, 0]);
    expect(gradient([1, 1, 1, 1])).toEqual([1, 3, 2, 4, 10, 6, 3, 7, 4]);
  });
});

describe('max pooling', () => {
  it('ties: the first in row-major order wins and takes the whole error', () => {
    const { y, gradient } = run({ kind: 'maxpool', size: 2 }, [
      [1, 3, 2, 2],
      [3, 3, 2, 2],
    ]);
    expect(y).toEqual([3, 2]);
    expect(gradient([5, 7])).toEqual([0, 5, 7, 0, 0, 0, 0, 0]);
  });

  it('a window that the input does not divide: left out, or ragged with ceil', () => {
    const rows = digits('123 456 789');
    expect(run({ kind: 'maxpool', size: 2 }, rows).y).toEqual([5]);
    expect(run({ kind: 'maxpool', size: 2, ceil: true }, rows).y).toEqual([5, 6, 8, 9]);
  });

  it('overlapping windows add their errors on a common winner', () => {
    const { y, gradient } = run({ kind: 'maxpool', size: 2, stride: 1 }, digits('121 393 121'));
    expect(y).toEqual([9, 9, 9, 9]);
    expect(gradient([1, 2, 3, 4])).toEqual([0, 0, 0, 0, 10, 0, 0, 0, 0]);
  });

  it('padding never wins, not even over negative values', () => {
    expect(
      run({ kind: 'maxpool', size: 3, padding: 1, stride: 2 }, [
        [-5, -6],
        [-7, -8],
      ]).y,
    ).toEqual([-5]);
  });

  it('NaN wins over every number, the first of them', () => {
    const { y, gradient } = run({ kind: 'maxpool', size: [1, 4] }, [[1, NaN, 9, NaN]]);
    expect(y).toEqual([NaN]);
    expect(gradient([2])).toEqual([0, 2, 0, 0]);
  });

  it('a window of −∞ alone has a winner', () => {
    const { y, gradient } = run({ kind: 'maxpool', size: [1, 2] }, [[-Infinity, -Infinity]]);
    expect(y).toEqual([-Infinity]);
    expect(gradient([2])).toEqual([2, 0]);
  });

  it('a window wholly in padding, between the cells of a dilated kernel: −∞, and its error goes nowhere', () => {
    const { y, gradient } = run({ kind: 'maxpool', size: [1, 2], padding: [0, 1], dilation: [1, 2], stride: 1 }, [[4]]);
    expect(y).toEqual([-Infinity]);
    expect(gradient([2])).toEqual([0]);
  });
});

describe('average pooling', () => {
  it('the error goes to the window in equal parts', () => {
    const { y, gradient } = run({ kind: 'avgpool', size: 2 }, digits('12 34'));
    expect(y).toEqual([2.5]);
    expect(gradient([8])).toEqual([2, 2, 2, 2]);
  });

  it('padding counts or does not', () => {
    const settings = { kind: 'avgpool', size: 2, padding: [1, 1, 0, 0], stride: 2 };
    expect(run(settings, digits('88 88')).y).toEqual([8]);
    expect(run({ ...settings, countPadding: true }, digits('88 88')).y).toEqual([2]);
  });

  it('ceil: what lies beyond the padding never counts', () => {
    const settings = { kind: 'avgpool', size: [1, 3], stride: [1, 3], padding: [0, 1], ceil: true };
    // Columns −1 … 1, 2 … 4; column 4 is padding, column 5 would be beyond it.
    expect(run({ ...settings, countPadding: true }, [[6, 6, 6, 6]]).y).toEqual([4, 4]);
    expect(run(settings, [[6, 6, 6, 6]]).y).toEqual([6, 6]);
    // Columns 2 … 4 of three: 2 inside, 3 padding, 4 beyond.
    expect(run({ ...settings, countPadding: true }, [[6, 6, 6]]).y).toEqual([4, 3]);
  });

  it('a window wholly in padding gives 0', () => {
    const { y, gradient } = run({ kind: 'avgpool', size: [1, 2], padding: [0, 1], dilation: [1, 2], stride: 1 }, [[4]]);
    expect(y).toEqual([0]);
    expect(gradient([2])).toEqual([0]);
  });
});

describe('activations at the edges of float32', () => {
  const at = (kind: string, x: number[]): number[] => run({ kind }, [x]).y;

  it('relu: both zeros give 0, NaN stays, slope 0 at 0', () => {
    expect(at('relu', [-1, -0, 0, 2, NaN, Infinity, -Infinity])).toEqual([0, 0, 0, 2, NaN, Infinity, 0]);
    expect(run({ kind: 'relu' }, [[-1, 0, 1]]).gradient([1, 1, 1])).toEqual([0, 0, 1]);
  });

  it('sigmoid, softplus and softmax do not overflow', () => {
    expect(at('sigmoid', [-1000, 0, 1000])).toEqual([0, 0.5, 1]);
    expect(at('softplus', [-1000, 1000])).toEqual([0, 1000]);
    expect(run({ kind: 'softmax', axis: 'width' }, [[1000, 1000, -1000]]).y).toEqual([0.5, 0.5, 0]);
    expect(run({ kind: 'logsoftmax', axis: 'width' }, [[1000, -1000]]).y).toEqual([0, -2000]);
  });

  it('softmax takes −∞ as a share of nothing', () => {
    expect(run({ kind: 'softmax', axis: 'width' }, [[0, -Infinity]]).y).toEqual([1, 0]);
  });
});
