import { expect, it } from 'vitest';
import {
  figures,
  levelsOf,
  pooled,
  pooling as scene,
  windowOf,
  type Pooling,
} from '../../../src/renderer/src/learn/scenes/pooling/scene';
import { draw, example, tableOf } from './draw';

/** First and last + 1 of every window along an axis. */
function windows(length: number, state: Pooling, level: number): [number, number][] {
  const { kind, size, stride } = state;
  if (kind === 'pyramid')
    return Array.from({ length: level }, (_, i) => [
      Math.floor((i * length) / level),
      Math.ceil(((i + 1) * length) / level),
    ]);
  if (kind.startsWith('global')) return [[0, length]];
  const all: [number, number][] = [];
  for (let at = 0; at + size <= length; at += stride) all.push([at, at + size]);
  return all;
}

/** Every figure's numbers by plain loops, and how many cells each unit's gradient reaches. */
function naive(state: Pooling): { values: number[]; reached: number[] } {
  const { input, kind } = state;
  const values: number[] = [];
  const reached: number[] = [];
  for (const level of kind === 'pyramid' ? levelsOf(state) : [0])
    for (const [top, bottom] of windows(input.length, state, level))
      for (const [left, right] of windows(input[0].length, state, level)) {
        const cells = input.slice(top, bottom).flatMap((row) => row.slice(left, right));
        const mean = kind === 'average' || kind === 'global-average';
        values.push(mean ? cells.reduce((a, b) => a + b, 0) / cells.length : Math.max(...cells));
        reached.push(mean ? cells.length : 1);
      }
  return { values, reached };
}

it('has the figures of the notes: 21 bins, and 13 × 13 into 3, 2, 1 by windows of 5, 7, 13', () => {
  expect(pooled(example(scene, 'bins')).values).toHaveLength(21);
  const state = example(scene, 'thirteen');
  expect(state.input).toHaveLength(13);
  expect(figures(state)).toEqual([
    { first: 0, rows: 3, columns: 3 },
    { first: 9, rows: 2, columns: 2 },
    { first: 13, rows: 1, columns: 1 },
  ]);
  expect([0, 9, 13].map((unit) => windowOf(state, unit).rows)).toEqual([5, 7, 13]);
  expect(windowOf(state, 1).left).toBe(4);
  expect(windowOf(state, 10).left).toBe(6);
  expect(tableOf(scene, example(scene, 'average'), 'output 0')).toEqual([
    [3.75, 1.25],
    [3.75, 2],
  ]);
});

it('agrees with plain loops for any valid setting, forward and back', () => {
  const states = draw(scene, 60, 8);
  expect(new Set(states.map(({ kind }) => kind)).size).toBe(5);
  for (const state of states) {
    const { values, reached } = naive(state);
    const found = pooled(state);
    expect(found.values).toHaveLength(values.length);
    values.forEach((value, unit) => expect(found.values[unit]).toBeCloseTo(value, 6));
    for (const unit of [0, values.length - 1]) {
      const shares = found.shares(unit);
      expect(shares.filter((share) => share !== 0)).toHaveLength(reached[unit]);
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }
    const [cell, , gradient] = scene.questions;
    const asked = cell.ask(state, 4)!;
    expect(asked.answer).toBeCloseTo(values[asked.at!], 6);
    const back = gradient.ask(state, 4)!;
    expect(back.answer).toBe(reached[back.at!]);
    const lit = scene.linked(state, { part: 'output', index: 0 }, 0).input;
    for (const cell of lit) expect(scene.linked(state, { part: 'input', index: cell }, 0).output.has(0)).toBe(true);
  }
});
