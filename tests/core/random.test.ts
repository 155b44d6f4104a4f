import { describe, expect, it } from 'vitest';
import { draw, drawUniform, Generator, keyOf, mix, stream } from '../../src/core/random';

describe('draws', () => {
  it('are fixed for all time: seeds of old runs and files depend on them', () => {
    expect([0, 1, 0xdeadbeef].map(mix)).toEqual([0, 0x514e28b7, 0x0de5c6a9]);
    expect(keyOf(1, stream.dropout, 2, 3, 4)).toMatchInlineSnapshot(`
      [
        1297435107,
        3459051072,
      ]
    `);
    expect([0, 1, 2].map((counter) => draw(keyOf(7), counter))).toMatchInlineSnapshot(`
      [
        1481048814,
        2870246712,
        1605785807,
      ]
    `);
    const generator = new Generator(42);
    expect([generator.next(), generator.uniform(), generator.normal(), generator.integer(10)]).toMatchInlineSnapshot(`
      [
        4101810497,
        0.976320112219577,
        -0.5373548699349979,
        1,
      ]
    `);
  });

  it('differ for each part of a key, in each order', () => {
    const keys = [
      keyOf(1, 2, 3),
      keyOf(1, 3, 2),
      keyOf(2, 1, 3),
      keyOf(1, 2),
      keyOf(1, 2, 3, 0),
      keyOf(1, 2, 3 + 2 ** 32),
      keyOf(0),
      keyOf(2 ** 53 - 1),
    ];
    expect(new Set(keys.map(String)).size).toBe(keys.length);
    const many = new Set<string>();
    for (let sample = 0; sample < 200; sample++)
      for (let layer = 0; layer < 100; layer++) many.add(String(keyOf(1, 1, 0, sample, layer)));
    expect(many.size).toBe(20000);
  });

  it('are even in every bit and bin, and neighbors are unrelated', () => {
    const key = keyOf(3, stream.dropout, 0, 0, 0);
    const count = 1 << 16;
    const bins = new Float64Array(256);
    const ones = new Float64Array(32);
    let product = 0;
    for (let i = 0; i < count; i++) {
      const bits = draw(key, i);
      bins[bits >>> 24]++;
      for (let bit = 0; bit < 32; bit++) ones[bit] += (bits >>> bit) & 1;
      product += (drawUniform(key, i) - 0.5) * (drawUniform(key, i + 1) - 0.5);
    }
    // χ² with 255 degrees of freedom: mean 255, deviation 22.6; five deviations.
    const chi = bins.reduce((sum, n) => sum + (n - count / 256) ** 2 / (count / 256), 0);
    expect(chi).toBeGreaterThan(255 - 5 * 22.6);
    expect(chi).toBeLessThan(255 + 5 * 22.6);
    for (const n of ones) expect(Math.abs(n / count - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(count));
    expect(Math.abs(product / count)).toBeLessThan(5 / 12 / Math.sqrt(count));
  });

  it('of neighboring samples and layers are unrelated', () => {
    const count = 1 << 14;
    const base = keyOf(3, stream.dropout, 0, 0, 0);
    for (const other of [
      keyOf(3, stream.dropout, 0, 1, 0),
      keyOf(3, stream.dropout, 0, 0, 1),
      keyOf(3, stream.dropout, 1, 0, 0),
      keyOf(4, stream.dropout, 0, 0, 0),
    ]) {
      let [product, equal] = [0, 0];
      for (let i = 0; i < count; i++) {
        product += (drawUniform(base, i) - 0.5) * (drawUniform(other, i) - 0.5);
        if (draw(base, i) === draw(other, i)) equal++;
      }
      expect(Math.abs(product / count)).toBeLessThan(5 / 12 / Math.sqrt(count));
      expect(equal).toBeLessThan(2);
    }
  });
});

describe('a generator', () => {
  it('goes on from its state as if never stopped', () => {
    const generator = new Generator(9, 1);
    generator.normal();
    const restored = Generator.restore(JSON.parse(JSON.stringify(generator.state)));
    const next = (each: Generator): number[] => [each.uniform(), each.normal(), each.integer(1000), each.next()];
    expect(next(restored)).toEqual(next(generator));
    expect(next(new Generator(9, 2))).not.toEqual(next(new Generator(9, 1)));
  });

  it('goes on under a new key after 2³² draws', () => {
    const generator = Generator.restore({ key: [1, 2], counter: 2 ** 32 - 1 });
    expect(generator.next()).toBe(draw([1, 2], 2 ** 32 - 1));
    expect(generator.state.counter).toBe(0);
    expect(generator.state.key).not.toEqual([1, 2]);
  });

  it('draws uniform and normal numbers with the right moments', () => {
    const generator = new Generator(1);
    const count = 50000;
    const uniform = Array.from({ length: count }, () => generator.uniform());
    const normal = Array.from({ length: count }, () => generator.normal());
    const moment = (values: number[], power: number): number =>
      values.reduce((sum, value) => sum + value ** power, 0) / count;
    expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(moment(uniform, 1)).toBeCloseTo(1 / 2, 2);
    expect(moment(uniform, 2)).toBeCloseTo(1 / 3, 2);
    expect(moment(normal, 1)).toBeCloseTo(0, 1);
    expect(moment(normal, 2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(normal, 4) - 3)).toBeLessThan(0.15);
    expect(normal.every(Number.isFinite)).toBe(true);
  });

  it('draws whole numbers evenly, from ranges that 2³² does not divide too', () => {
    const generator = new Generator(2);
    const counts = new Float64Array(6);
    for (let i = 0; i < 60000; i++) counts[generator.integer(6)]++;
    for (const count of counts) expect(Math.abs(count - 10000)).toBeLessThan(500);
    const large = Array.from({ length: 100 }, () => generator.integer(2 ** 40));
    expect(Math.max(...large)).toBeGreaterThan(2 ** 32);
    expect(large.every((value) => Number.isInteger(value) && value < 2 ** 40)).toBe(true);
  });

  it('shuffles: every order as likely as the others, nothing lost', () => {
    const generator = new Generator(3);
    const orders = new Map<string, number>();
    for (let i = 0; i < 12000; i++) {
      const order = generator.shuffle([0, 1, 2, 3]).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    for (const count of orders.values()) expect(Math.abs(count - 500)).toBeLessThan(120);
    expect([...generator.shuffle(new Int32Array(50).map((_, i) => i))].sort((a, b) => a - b)).toEqual([
      ...Array(50).keys(),
    ]);
  });
});
