/** Arithmetic of confusion matrices: rows are the true classes, columns what the network says. */
export type Matrix = readonly (readonly number[])[];

export interface Cell {
  truth: number;
  predicted: number;
}

export interface ConfusedPair extends Cell {
  count: number;
  /** Of the true class's pictures. */
  share: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function rowSums(matrix: Matrix): number[] {
  return matrix.map(sum);
}

export function columnSums(matrix: Matrix): number[] {
  return matrix.map((_, column) => sum(matrix.map((row) => row[column])));
}

/** Each cell as a share of its row, 0 … 1; a class without pictures has noughts. */
export function rowShares(matrix: Matrix): number[][] {
  return matrix.map((row) => {
    const total = sum(row);
    return row.map((count) => (total > 0 ? count / total : 0));
  });
}

/** Cell by cell `to` − `from`. */
export function difference(to: Matrix, from: Matrix): number[][] {
  return to.map((row, y) => row.map((value, x) => value - from[y][x]));
}

/** The diagonal's part of each sum; null where there is nothing to divide by. */
export function rightShares(matrix: Matrix, sums: readonly number[]): (number | null)[] {
  return sums.map((total, i) => (total > 0 ? matrix[i][i] / total : null));
}

/** The largest absolute value, the diagonal left out where `errors` are meant. */
export function most(matrix: Matrix, errors: boolean): number {
  let largest = 0;
  for (const [y, row] of matrix.entries())
    for (const [x, value] of row.entries()) if (!(errors && x === y)) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** What is taken for what most often: by the number of pictures, then by the share of the class. Noughts are left out. */
export function confusedPairs(matrix: Matrix, count: number): ConfusedPair[] {
  const shares = rowShares(matrix);
  const pairs: ConfusedPair[] = [];
  for (const [truth, row] of matrix.entries())
    for (const [predicted, value] of row.entries())
      if (truth !== predicted && value > 0)
        pairs.push({ truth, predicted, count: value, share: shares[truth][predicted] });
  return pairs.sort((a, b) => b.count - a.count || b.share - a.share).slice(0, count);
}

export const sameCell = (a: Cell | null, b: Cell | null): boolean =>
  a === b || (a !== null && b !== null && a.truth === b.truth && a.predicted === b.predicted);
