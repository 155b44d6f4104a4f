import { foldOf } from '../../shared/axes';
import type { Unit } from '../inspect/network';
import type { Tensor } from '../inspect/tensor';

/** Where one number of the file's tensor is, by the way in which it is looked at; null for a unit that is not there. */
export function indexOf({ shape, axes }: Pick<Tensor, 'shape' | 'axes'>, { channel, y, x }: Unit): number[] | null {
  const { maps, rows, columns } = foldOf(axes);
  const index = shape.map(() => 0);
  for (const [along, place] of [
    [maps, channel],
    [rows, y],
    [columns, x],
  ] as const) {
    let left = place;
    for (const axis of [...along].reverse()) {
      index[axis] = left % shape[axis];
      left = Math.floor(left / shape[axis]);
    }
    if (left !== 0) return null;
  }
  return index;
}

/** The other way round. */
export function unitOf({ shape, axes }: Pick<Tensor, 'shape' | 'axes'>, index: readonly number[]): Unit {
  const { maps, rows, columns } = foldOf(axes);
  const along = (all: readonly number[]): number => all.reduce((sum, axis) => sum * shape[axis] + index[axis], 0);
  return { channel: along(maps), y: along(rows), x: along(columns) };
}
