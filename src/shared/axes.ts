/** What an axis of a value counts; `other` if it is unknown. */
export type Axis = 'batch' | 'channel' | 'depth' | 'row' | 'column' | 'unit' | 'token' | 'other';

/** Sizes of a value's axes; null (in the window 0) for one that is known only when the network has run. */
export type Dims = readonly (number | null)[];

/** Which axes a value's maps, their rows and their columns are counted along, outermost first. */
export interface Fold {
  maps: number[];
  rows: number[];
  columns: number[];
}

/**
 * How a value of any rank is looked at, as maps of rows and columns. An image's rows and columns are those of its maps, the
 * slices of a volume lie below each other. A
 * vector (the batch aside) is single units, maps of 1 × 1. Of anything else the last two axes are the rows and columns: a
 * sequence of tokens is one map of tokens × units, an attention matrix one map a head.
 */
export function foldOf(axes: readonly Axis[]): Fold {
  const all = axes.map((_, axis) => axis);
  const spatial = (...wanted: Axis[]): number[] => all.filter((axis) => wanted.includes(axes[axis]));
  let [rows, columns] = [spatial('depth', 'row'), spatial('column')];
  if (rows.length + columns.length === 0) {
    const inner = all.filter((axis) => axes[axis] !== 'batch');
    if (inner.length > 1) [rows, columns] = [inner.slice(-2, -1), inner.slice(-1)];
  }
  return { maps: all.filter((axis) => !rows.includes(axis) && !columns.includes(axis)), rows, columns };
}

/** Maps, rows and columns of a value; an axis of a size that is not known counts as one. */
export function mapSizes(dims: Dims, axes: readonly Axis[]): [maps: number, rows: number, columns: number] {
  const { maps, rows, columns } = foldOf(axes);
  const product = (along: number[]): number => along.reduce((size, axis) => size * (dims[axis] || 1), 1);
  return [product(maps), product(rows), product(columns)];
}

/** Whether a value has single units in place of maps: a vector, or a number. */
export function isVector(axes: readonly Axis[]): boolean {
  const { rows, columns } = foldOf(axes);
  return rows.length + columns.length === 0;
}
