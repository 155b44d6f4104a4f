import { expect, it } from 'vitest';
import { im2col, multiplyFilter, naiveFilter } from '../../../src/engine/lab/race';
import { Generator } from '../../../src/core/random';
import { productsOf, race as scene, rowsOf } from '../../../src/renderer/src/learn/scenes/race/scene';
import { RACE } from '../../../src/shared/lab';
import { draw } from './draw';

it('counts multiply-adds as a plain loop would, and never lets a race grow too long', () => {
  for (const state of draw(scene, 40, 31)) {
    expect(productsOf(state)).toBeLessThanOrEqual(Math.max(RACE.products, productsOf({ ...state, filters: 1 })));
    const { channels, kernel } = state;
    let one = 0;
    for (let y = 0; y + kernel <= state.side; y++) for (let c = 0; c < channels; c++) one += kernel * kernel;
    expect(productsOf(state)).toBe(one * rowsOf(state) * state.filters);
    expect(scene.questions[1].ask(state, 0)!.answer).toBe(one * rowsOf(state));
  }
});

it('races what is the same: the loops and the matrix of any small size', () => {
  const random = new Generator(2);
  for (let turn = 0; turn < 20; turn++) {
    const size = {
      channels: 1 + random.integer(4),
      filters: 1 + random.integer(4),
      side: 7 + random.integer(6),
      kernel: 1 + random.integer(7), // prettier-ignore
    };
    const rows = size.side - size.kernel + 1;
    const x = Float32Array.from({ length: size.channels * size.side ** 2 }, () => random.integer(9) - 4);
    const w = Float32Array.from(
      { length: size.filters * size.channels * size.kernel ** 2 },
      () => random.integer(9) - 4,
    );
    const [a, b] = [new Float32Array(size.filters * rows ** 2), new Float32Array(size.filters * rows ** 2)];
    const patches = im2col(size, x);
    for (let f = 0; f < size.filters; f++) {
      naiveFilter(size, x, w, a, f);
      multiplyFilter(size, patches, w, b, f);
    }
    expect(b).toEqual(a);
  }
});
