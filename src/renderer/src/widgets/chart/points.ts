export interface Point {
  x: number;
  y: number;
}

export interface Range {
  min: number;
  max: number;
}

/** Two columns as the chart draws them. */
export type Columns = [x: number[], y: number[]];

/** Index of the first point at or behind `x` in points sorted by x. */
export function firstFrom(points: readonly Point[], x: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].x < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What of a line shows between `from` and `to` on so many columns of pixels: of every column its first, least, greatest and
 * last point, so that no peak is lost, and one point beyond either side, so that the line goes on to the edge. Every point
 * is a true one. Points must be sorted by x. On a logarithmic axis what is not above 0 has no place and is left out.
 */
export function thin(points: readonly Point[], from: number, to: number, columns: number, log = false): Columns {
  const first = Math.max(0, firstFrom(points, from) - 1);
  const end = Math.min(points.length, firstFrom(points, to) + 2);
  const xs: number[] = [];
  const ys: number[] = [];
  const take = (i: number): void => {
    const { x, y } = points[i];
    if (Number.isFinite(y) && !(log && y <= 0)) {
      xs.push(x);
      ys.push(y);
    }
  };
  if (end - first <= columns * 4 || !(to > from)) {
    for (let i = first; i < end; i++) take(i);
    return [xs, ys];
  }
  const perColumn = (to - from) / columns;
  for (let i = first; i < end;) {
    const limit = from + (Math.floor((points[i].x - from) / perColumn) + 1) * perColumn;
    let least = i;
    let greatest = i;
    let last = i;
    for (let k = i + 1; k < end && points[k].x < limit; k++) {
      if (points[k].y < points[least].y) least = k;
      if (points[k].y > points[greatest].y) greatest = k;
      last = k;
    }
    let before = -1;
    for (const k of [i, Math.min(least, greatest), Math.max(least, greatest), last]) {
      if (k > before) take(k);
      before = Math.max(before, k);
    }
    i = last + 1;
  }
  return [xs, ys];
}

/** The least and the greatest x of several sorted lines; null where there is no point. */
export function extent(lines: readonly { points: readonly Point[] }[]): Range | null {
  let min = Infinity;
  let max = -Infinity;
  for (const { points } of lines) {
    if (points.length === 0) continue;
    min = Math.min(min, points[0].x);
    max = Math.max(max, points[points.length - 1].x);
  }
  return min <= max ? { min, max } : null;
}

/**
 * Index of a column's value nearest in x to the one at `at`; null where there is none, and beyond the column's ends, so
 * that a line is not read where it is not. `xs` is sorted, columns have gaps.
 */
export function nearestKnown(
  xs: ArrayLike<number>,
  column: ArrayLike<number | null | undefined>,
  at: number,
): number | null {
  const known = (i: number): boolean => column[i] !== null && column[i] !== undefined;
  let left = at;
  while (left >= 0 && !known(left)) left--;
  let right = at;
  while (right < column.length && !known(right)) right++;
  if (left < 0 && right >= column.length) return null;
  if (left >= 0 && right < column.length) return xs[at] - xs[left] <= xs[right] - xs[at] ? left : right;
  // Before the first or behind the last: near enough is a step of the line's own.
  const end = left < 0 ? right : left;
  const inwards = left < 0 ? 1 : -1;
  let next = end + inwards;
  while (next >= 0 && next < column.length && !known(next)) next += inwards;
  const step = next >= 0 && next < column.length ? Math.abs(xs[next] - xs[end]) : Infinity;
  return Math.abs(xs[at] - xs[end]) <= step ? end : null;
}

/** Of values that lie far out, so many of a hundred may leave the chart at either end. */
const OUTLIERS = 0.02;
/** Values lie far out where the rest takes less than this share of the whole range. */
const CROWDED = 0.35;

/**
 * The range of y that shows most of the values well: all of it, but where a few (a first loss of 20) would press the rest flat, that of the
 * middle 96 %. Null without values.
 */
export function steadyRange(values: readonly number[]): Range | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  const [whole, middle] = [
    { min: sorted[0], max: sorted[sorted.length - 1] },
    { min: at(OUTLIERS), max: at(1 - OUTLIERS) },
  ];
  const flat = middle.max - middle.min < CROWDED * (whole.max - whole.min);
  return flat && middle.max > middle.min ? middle : whole;
}

/**
 * A line smoothed over about so many of its points: the exponential mean, without the pull of its beginning (Kingma and Ba 2015, section 3).
 * A value that is not finite stays as it is.
 */
export function smoothed(points: readonly Point[], over: number): Point[] {
  const keep = 1 - 1 / over;
  let [mean, weight] = [0, 0];
  return points.map(({ x, y }) => {
    if (!Number.isFinite(y)) return { x, y };
    mean = keep * mean + (1 - keep) * y;
    weight = keep * weight + (1 - keep);
    return { x, y: mean / weight };
  });
}
