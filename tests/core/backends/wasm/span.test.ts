import { describe, expect, it } from 'vitest';
import { Control } from '../../../../src/core/backends/wasm/control';
import type { Run } from '../../../../src/core/backends/wasm/lower/lowering';
import { SHARDS } from '../../../../src/core/backends/wasm/shards';
import { Span } from '../../../../src/core/backends/wasm/span';

/** Two groups of images a shard. */
const BATCH = SHARDS * 16;

function spanOf(thread: number, threads: number): { span: Span; turns: Int32Array } {
  const control = new Control(threads);
  const run: Run = { thread, threads, n: BATCH, training: true, shard: 0, update: null, draw: null };
  return { span: new Span(control, run), turns: control.turns(0) };
}

describe('a thread among several', () => {
  it('takes a group of the own shard that has progressed least, so that the last groups are of different shards', () => {
    const { span, turns } = spanOf(1, 2);
    // The other has done its own.
    turns.set([-1, -1], 0);
    const taken: [number, number][] = [];
    span.add({ grouped: true, shard: (first, _, shard) => taken.push([shard, first]) });
    span.flush();
    expect(taken).toEqual([
      [2, 32],
      [3, 48],
      [2, 40],
      [3, 56],
    ]);
  });

  it('helps where most is left once its own are done, and takes a shard that comes free meanwhile', () => {
    const { span, turns } = spanOf(0, 2);
    // The other is at the first group of shard 2 and has not begun shard 3.
    turns[2] = 1;
    const taken: [number, number][] = [];
    const shard = (first: number, _: number, index: number): void => {
      taken.push([index, first]);
      if (index === 3 && first === 56) turns[2] = 2;
    };
    span.add({ grouped: true, shard });
    span.flush();
    expect(taken.slice(4)).toEqual([
      [3, 48],
      [3, 56],
      [2, 40],
    ]);
    expect([...turns]).toEqual([-1, -1, -1, -1]);
  });

  it('does not wait for ever for a group that another is at: the barrier is next', () => {
    const { span, turns } = spanOf(0, 2);
    turns.set([-1, -1, -1, 3]);
    let taken = 0;
    span.add({ grouped: true, shard: () => taken++ });
    span.flush();
    expect(taken).toBe(0);
    expect(turns[3]).toBe(3);
  });

  it('goes through the steps of a shard in order, those for the whole shard after all its groups', () => {
    const { span } = spanOf(0, 2);
    const steps: string[] = [];
    span.add({ grouped: true, shard: (first, count, shard) => steps.push(`${shard}: ${first}+${count}`) });
    span.add({ grouped: false, shard: (first, count, shard) => steps.push(`${shard}: all ${first}+${count}`) });
    span.flush();
    expect(steps.filter((step) => step.startsWith('1:'))).toEqual(['1: 16+8', '1: 24+8', '1: all 16+16']);
    expect(steps).toHaveLength(SHARDS * 3);
  });
});

it('one thread alone takes shard after shard', () => {
  const { span } = spanOf(0, 1);
  const taken: number[] = [];
  span.add({ grouped: true, shard: (first) => taken.push(first) });
  span.flush();
  expect(taken).toEqual([0, 8, 16, 24, 32, 40, 48, 56]);
});
