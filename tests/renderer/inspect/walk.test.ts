import { expect, it } from 'vitest';
import { along, nextStep } from '../../../src/renderer/src/inspect/pixel/walk.svelte';

it('goes through the output row by row, and no further', () => {
  const places = [];
  for (let at: { y: number; x: number } | null = { y: 0, x: 0 }; at; at = along(at, 1, 2, 3)) places.push([at.y, at.x]);
  expect(places).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
  expect(along({ y: 1, x: 0 }, -1, 2, 3)).toEqual({ y: 0, x: 2 });
  expect(along({ y: 0, x: 0 }, -1, 2, 3)).toBeNull();
});

it('adds every product of a window once before it moves on, or moves at once', () => {
  const added = [];
  let step = nextStep('product', 0, 3);
  for (; !step.move; step = nextStep('product', step.added, 3)) added.push(step.added);
  expect(added).toEqual([1, 2, 3]);
  expect(step.added).toBe(1);
  expect(nextStep('slow', null, 3)).toEqual({ move: true, added: null });
  expect(nextStep('product', null, 0)).toEqual({ move: true, added: null });
});
