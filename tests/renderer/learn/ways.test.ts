/** Three ways of one convolution against plain loops, and against onnxruntime. */
import { expect, it } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import { plainMetadata } from '../../../src/core/model/model';
import { writeModel } from '../../../src/core/onnx/write';
import { OnnxSession } from '../../../src/engine/runtime/onnxruntime';
import {
  matrixOf,
  outputs,
  products,
  runningSum,
  sizesOf,
  ways as scene,
  type Ways,
} from '../../../src/renderer/src/learn/scenes/ways/scene';
import { draw, example } from './draw';

/** `[N, F, OH, OW]` in order, by seven loops. */
function naive({ input, filters, stride, padding }: Ways): number[] {
  const [k, size] = [filters[0][0].length, input[0][0].length];
  const rows = Math.floor((size + 2 * padding - k) / stride) + 1;
  const out: number[] = [];
  for (const sample of input)
    for (const filter of filters)
      for (let y = 0; y < rows; y++)
        for (let x = 0; x < rows; x++) {
          let sum = 0;
          for (let c = 0; c < sample.length; c++)
            for (let i = 0; i < k; i++)
              for (let j = 0; j < k; j++)
                sum += (sample[c][y * stride + i - padding]?.[x * stride + j - padding] ?? 0) * filter[c][i][j];
          out.push(sum);
        }
  return out;
}

/** The matrix times what is above it, row by row, sorted into outputs. */
function multiplied(state: Ways): number[] {
  const form = matrixOf(state);
  const numbers = { input: state.input.flat(3), filter: state.filters.flat(3) };
  const out = Array<number>(form.right.length).fill(NaN);
  for (let row = 0; row < form.rows; row++)
    for (let b = 0; b < form.rightColumns; b++) {
      let sum = 0;
      for (let column = 0; column < form.columns; column++) {
        const cell = form.cells[row * form.columns + column];
        if (cell === null) continue;
        sum += numbers[form.cellsAre][cell] * numbers[form.aboveIs][form.above[b * form.columns + column]];
      }
      out[form.right[row * form.rightColumns + b]] = sum;
    }
  return out;
}

it('gives the same by loops, im2col and Toeplitz for any valid setting, as plain loops do', () => {
  for (const state of draw(scene, 60, 21)) {
    const expected = naive(state);
    expect(outputs(state)).toEqual(expected);
    for (const way of ['im2col', 'toeplitz'] as const) expect(multiplied({ ...state, way })).toEqual(expected);
    // At the last product of an output its running sum is the output.
    const all = products(state);
    for (let step = 0; step < all.length; step += 7) {
      const end = all.findLastIndex(({ output }) => output === all[step].output);
      expect(runningSum(state, end)).toBe(expected[all[end].output]);
    }
    const [cell, columns, copies] = scene.questions;
    const asked = cell.ask(state, 1)!;
    expect(expected).toContain(asked.answer);
    expect(columns.ask(state, 1)!.answer).toBe(sizesOf(state).channels * sizesOf(state).kernel ** 2);
    expect(copies.ask(state, 1)!.answer).toBeLessThanOrEqual(sizesOf(state).kernel ** 2);
  }
});

it('agrees with onnxruntime’s Conv', async () => {
  for (const state of draw(scene, 4, 22)) {
    const { batch, channels, filters, input, kernel } = sizesOf(state);
    const { stride, padding } = state;
    const graph = buildGraph({
      input: { height: input, width: input, channels },
      layers: [{ kind: 'conv', filters, kernel, stride, padding, bias: false }],
    });
    // The core's kernels have channels last.
    const weights = state.filters.flatMap((filter) =>
      filter[0].flatMap((row, i) => row.flatMap((_, j) => filter.map((plane) => plane[i][j]))),
    );
    const params = new Map([['conv1.weight', Float32Array.from(weights)]]);
    const session = await OnnxSession.open(writeModel({ graph, params, metadata: plainMetadata(graph) }));
    const found: number[] = [];
    for (let n = 0; n < batch; n++) {
      const data = Float32Array.from(state.input[n].flat(2));
      const [out] = (
        await session.run({ [session.inputNames[0]]: { shape: [1, channels, input, input], data } })
      ).values();
      found.push(...out.data);
    }
    outputs(state).forEach((value, i) => expect(found[i]).toBeCloseTo(value, 1));
  }
});

it('has the memory that im2col costs: a 4 × 4 plane under a 3 × 3 kernel becomes 36 cells', () => {
  expect(matrixOf(example(scene, 'im2col')).cells).toHaveLength(36);
  const batch = matrixOf(example(scene, 'batch'));
  expect([batch.rows, batch.columns, batch.rightColumns]).toEqual([8, 18, 2]);
  const sparse = matrixOf(example(scene, 'toeplitz'));
  expect([sparse.rows, sparse.columns, sparse.cells.filter((cell) => cell === null).length]).toEqual([4, 16, 28]);
});
