import { columnSums, difference, most, rightShares, rowShares, rowSums, type Matrix } from './matrix';

/** All that a drawn confusion matrix says. */
export interface MatrixView {
  /** Pictures, or how many more there are than in the matrix that it is set against. */
  cells: Matrix;
  /** The same as shares of the row. */
  shares: Matrix;
  /** Pictures of each class, and answers that named it. */
  totals: readonly number[];
  said: readonly number[];
  /** Of each class what is right, 0 … 1, set against another matrix the difference; null where there is no picture. */
  recall: readonly (number | null)[];
  /** Of each answer what is right; null where it was never given. */
  precision: readonly (number | null)[];
  /** The share at the end of the color scale. */
  end: number;
  /** It is a difference: its diagonal is colored as well. */
  difference: boolean;
}

/** Characters of the longest numeral in the cells of a matrix, or of what it has more than another. */
export function longestNumeral(confusion: Matrix, against: Matrix | null): number {
  return against
    ? String(most(difference(confusion, against), false)).length + 1
    : String(most(confusion, false)).length;
}

/**
 * @param against a matrix that is subtracted
 * @param scale the share at the end of the colors, where several matrices have one scale
 */
export function viewOf(confusion: Matrix, against: Matrix | null, scale?: number): MatrixView {
  const totals = rowSums(confusion);
  const said = columnSums(confusion);
  const right = rightShares(confusion, totals);
  const before = against && rightShares(against, rowSums(against));
  const shares = against ? difference(rowShares(confusion), rowShares(against)) : rowShares(confusion);
  return {
    cells: against ? difference(confusion, against) : confusion,
    shares,
    totals,
    said,
    recall: before ? right.map((now, y) => (now === null ? null : now - (before[y] ?? 0))) : right,
    precision: rightShares(confusion, said),
    end: scale ?? most(shares, !against),
    difference: against !== null,
  };
}
