import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { frequencyResponse, kernelFacts } from '../../../src/core/explain/kernel';
import { Generator } from '../../../src/core/random';
import { OWN, samplePictures } from '../../../src/renderer/src/learn/model/samples';
import { gallery, names } from '../../../src/renderer/src/learn/scenes/kernels/gallery';
import {
  factsOf,
  kernels as scene,
  patchAt,
  pixelAt,
  PLACES,
  planeOf,
  stepAt,
  valueAt,
} from '../../../src/renderer/src/learn/scenes/kernels/scene';
import { draw, example } from './draw';

vi.hoisted(() => Object.assign(globalThis, { window: globalThis, location: { hash: '', protocol: 'http:' } }));

it('has the nine kernels of the notes, with their sums, ranks and vectors', () => {
  expect(names).toHaveLength(9);
  const facts = Object.fromEntries(names.map((name) => [name, factsOf(example(scene, name))]));
  const sums = Object.entries(facts).map(([name, { sum }]) => [name, Math.round(sum * 100) / 100]);
  expect(Object.fromEntries(sums)).toEqual({
    sharpen: 1,
    vertical: 0,
    surround: -1,
    'sobel-y': 0,
    identity: 1,
    horizontal: 0,
    blur: 0.99,
    'sobel-x': 0,
    emboss: 1, // prettier-ignore
  });
  expect(facts['sobel-x'].separated).toEqual({ column: [1, 2, 1], row: [-1, 0, 1] });
  expect(facts.blur.rank).toBe(1);
  expect(facts.sharpen.rank).toBe(2);
  expect(facts.emboss.separated).toBeNull();
  expect(example(scene, 'sobel-x').kernel).toEqual([gallery['sobel-x']]);
});

it('names every bundled sample', () => {
  const file = join(__dirname, '..', '..', '..', 'resources', 'samples', 'samples.json');
  const bundled = (JSON.parse(readFileSync(file, 'utf8')) as { id: string }[]).map(({ id }) => id);
  expect([...samplePictures].sort()).toEqual(bundled.sort());
  expect(scene.fields.picture.has(OWN)).toBe(true);
});

it('finds rank, norm and vectors of random kernels: a sum of r columns times rows has rank r', () => {
  const random = new Generator(3);
  for (let k = 1; k <= 11; k++)
    for (const rank of new Set([1, Math.min(2, k), k])) {
      const values = new Float64Array(k * k);
      for (let r = 0; r < rank; r++) {
        const [column, row] = [0, 1].map(() => Array.from({ length: k }, () => random.normal()));
        for (let i = 0; i < k * k; i++) values[i] += column[Math.floor(i / k)] * row[i % k];
      }
      const facts = kernelFacts({ rows: k, columns: k, values });
      expect(facts.rank, `${k} ${rank}`).toBe(rank);
      const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
      expect(facts.norm).toBeCloseTo(norm, 10);
      // The squares of the singular values add up to the square of the norm.
      expect(Math.sqrt(facts.singular.reduce((sum, value) => sum + value * value, 0))).toBeCloseTo(norm, 10);
      if (rank === 1) {
        const { column, row } = facts.separated!;
        values.forEach((value, i) => expect(column[Math.floor(i / k)] * row[i % k]).toBeCloseTo(value, 10));
      } else expect(facts.separated).toBeNull();
    }
  expect(kernelFacts({ rows: 2, columns: 2, values: [0, 0, 0, 0] })).toMatchObject({ rank: 0, separated: null });
});

it('lets a wave pass as the response says: the kernel over a wave itself', () => {
  const size = 17;
  for (const state of draw(scene, 12, 4)) {
    const plane = planeOf(state);
    const k = plane.length;
    const response = frequencyResponse({ rows: k, columns: k, values: plane.flat() }, size);
    for (const [v, u] of [
      [8, 8],
      [3, 11],
      [16, 0],
    ]) {
      // prettier-ignore
      // The kernel over cos and sin of the wave, at one place: amplitude by Pythagoras.
      const at = (part: (turn: number) => number): number =>
        plane.flat().reduce((sum, weight, i) => {
          const turn = (Math.PI * ((u - 8) * (i % k) + (v - 8) * Math.floor(i / k))) / 8;
          return sum + weight * part(turn);
        }, 0);
      expect(response[v * size + u]).toBeCloseTo(Math.hypot(at(Math.cos), at(Math.sin)), 6);
    }
  }
});

it('computes a pixel as a plain loop does, in the middle and at the edge, and finds it again', () => {
  const random = new Generator(9);
  for (const state of draw(scene, 30, 6)) {
    const [width, height] = [9 + random.integer(20), 7 + random.integer(20)];
    const channels = state.color ? 3 : 1;
    const pixels = Uint8Array.from({ length: width * height * channels }, () => random.integer(256));
    const planes = { width, height, channels, pixels } as const;
    const plane = planeOf(state);
    const k = plane.length;
    for (const at of [0, random.integer(PLACES ** 2), PLACES ** 2 - 1]) {
      const { row, column } = pixelAt(at, planes);
      expect(pixelAt(stepAt(row, column, planes), planes)).toEqual({ row, column });
      let sum = 0;
      for (let i = 0; i < k; i++)
        for (let j = 0; j < k; j++) {
          const [y, x] = [row + i - Math.floor((k - 1) / 2), column + j - Math.floor((k - 1) / 2)];
          if (y >= 0 && x >= 0 && y < height && x < width)
            sum += (plane[i][j] * pixels[(y * width + x) * channels + state.channel]) / 255;
        }
      expect(valueAt(state, planes, row, column)).toBeCloseTo(sum, 6);
      expect(patchAt(state, planes, row, column)).toHaveLength(k * k);
    }
  }
});
