import { expect, it } from 'vitest';
import {
  code,
  leftOver,
  output,
  products,
  relationship,
  sizes as scene,
  type Sizes,
} from '../../../src/renderer/src/learn/scenes/sizes/scene';
import { draw, example } from './draw';

/** Counted, not calculated: places at which the whole window lies on the padded input, or cells that any input reaches. */
function counted({ kind, input, kernel, stride, padding, dilation, outputPadding }: Sizes): number {
  const cells = Array.from({ length: kernel }, (_, k) => k * dilation);
  if (kind === 'convolution') {
    let count = 0;
    for (let at = 0; at + cells[kernel - 1] < input + 2 * padding; at += stride) count++;
    return count;
  }
  let reach = 0;
  for (let i = 0; i < input; i++) for (const cell of cells) reach = Math.max(reach, i * stride + cell + 1);
  return reach + outputPadding - 2 * padding;
}

const base: Sizes = { kind: 'convolution', input: 6, kernel: 3, stride: 1, padding: 0, dilation: 1, outputPadding: 0 };

it('has the figures of the notes', () => {
  // 6 × 6, kernel 3, stride 2, padding 1: one row and one column are left over.
  const state = example(scene, 'leftOver');
  expect([output(state), leftOver(state)]).toEqual([3, 1]);
  // Transposed: (in − 1)·s + k: 2, 3, 4 → 7.
  const transposed = example(scene, 'transposed');
  expect([transposed.input, transposed.stride, transposed.kernel, output(transposed)]).toEqual([2, 3, 4, 7]);
});

it('has the six relationships for every size, each under its own number', () => {
  for (let i = 1; i <= 10; i++)
    for (let k = 1; k <= Math.min(7, i); k++)
      for (let p = 0; p <= 6; p++)
        for (let s = 1; s <= 3; s++) {
          const state = { ...base, input: i, kernel: k, padding: p, stride: s };
          const expected: Record<string, number> = {
            '1': i - k + 1,
            '2': i - k + 2 * p + 1,
            '3': i,
            '4': i + k - 1,
            '5': Math.floor((i - k) / s) + 1,
            '6': Math.floor((i + 2 * p - k) / s) + 1,
          };
          expect(output(state)).toBe(expected[relationship(state)]);
          expect(output(state)).toBe(counted(state));
          expect(leftOver(state)).toBe(i + 2 * p - ((output(state) - 1) * s + k));
        }
});

it('agrees with counting for any valid setting, and its links stay inside', () => {
  for (const state of draw(scene, 50, 8)) {
    const size = counted(state);
    expect(output(state)).toBe(size);
    const meets = (wide: number, narrow: number, k: number): boolean =>
      wide === narrow * state.stride - state.padding + k * state.dilation;
    const stray = products(state).filter(({ input, output, weight }) => {
      const [iy, ix] = [Math.floor(input / state.input), input % state.input];
      const [oy, ox] = [Math.floor(output / size), output % size];
      const [ky, kx] = [Math.floor(weight / state.kernel), weight % state.kernel];
      const back = state.kind === 'transposed';
      const met = back ? meets(oy, iy, ky) && meets(ox, ix, kx) : meets(iy, oy, ky) && meets(ix, ox, kx);
      return !met || input >= state.input ** 2 || output >= size ** 2;
    });
    expect(stray).toEqual([]);
    const [larger, left, same] = scene.questions;
    const asked = larger.ask(state, 4)!;
    expect(asked.answer).toBe(counted({ ...state, input: asked.values.input as number }));
    const over = left.ask(state, 4);
    if (over) {
      const next = { ...state, stride: over.values.stride as number };
      const last = (counted(next) - 1) * next.stride + (next.kernel - 1) * next.dilation + 1;
      expect(over.answer).toBe(next.input + 2 * next.padding - last);
    }
    const { values, answer } = same.ask(state, 4)!;
    const kept = { ...base, input: 30, kernel: values.kernel as number, dilation: state.dilation, padding: answer };
    expect(counted(kept)).toBe(30);
  }
});

it('writes code with its own numbers', () => {
  const state = { ...base, kernel: 5, stride: 2, padding: 1, dilation: 1 };
  expect(code(state, 'pytorch')).toBe('nn.Conv2d(1, 1, kernel_size=5, stride=2, padding=1, dilation=1)');
  expect(code(state, 'keras')).toContain('keras.layers.ZeroPadding2D(1), keras.layers.Conv2D(1, 5, strides=2');
  expect(code(state, 'onnx')).toContain('kernel_shape=[5, 5], strides=[2, 2], pads=[1, 1, 1, 1], dilations=[1, 1]');
  const back = { ...state, kind: 'transposed' as const, outputPadding: 1 };
  expect(code(back, 'pytorch')).toContain('ConvTranspose2d(1, 1, kernel_size=5, stride=2, padding=1, output_padding=1');
  expect(code(back, 'keras')).toContain('output_padding=1), keras.layers.Cropping2D(1)');
});
