/** A plane of numbers, row by row. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
}

/** What a kernel is as a matrix. */
export interface KernelFacts {
  /** Of its weights: what a flat picture is multiplied by. */
  readonly sum: number;
  /** √ of the sum of squares (Frobenius). */
  readonly norm: number;
  /** Singular values, the largest first. */
  readonly singular: readonly number[];
  /** How many of them count: those above σ₁ · max(rows, columns) · 2⁻⁵², as LAPACK's users take it. */
  readonly rank: number;
  /** Column and row whose products are the kernel, where its rank is 1; else null. */
  readonly separated: { readonly column: readonly number[]; readonly row: readonly number[] } | null;
}

const EPSILON = 2 ** -52;

/**
 * Sum, norm, rank, and for a kernel of rank 1 the two vectors: one pass with the column and one with the row is the same convolution, for k + k
 * products in place of k · k. The vectors have whole numbers where the kernel has (Sobel: 1 2 1 and −1 0 1).
 */
export function kernelFacts(kernel: Plane): KernelFacts {
  const values = Array.from({ length: kernel.rows * kernel.columns }, (_, i) => kernel.values[i]);
  const singular = singularValues(kernel);
  const least = singular[0] * Math.max(kernel.rows, kernel.columns) * EPSILON;
  const rank = singular.filter((value) => value > least).length;
  return {
    sum: values.reduce((sum, value) => sum + value, 0),
    norm: Math.hypot(...values),
    singular,
    rank,
    separated: rank === 1 ? separate(kernel) : null,
  };
}

/** Through the largest weight: its column, and its row as shares of it; a column of whole numbers is divided by what all share. */
function separate({ rows, columns, values }: Plane): NonNullable<KernelFacts['separated']> {
  let most = 0;
  for (let i = 1; i < rows * columns; i++) if (Math.abs(values[i]) > Math.abs(values[most])) most = i;
  const [top, left] = [Math.floor(most / columns), most % columns];
  const line = Array.from({ length: rows }, (_, y) => values[y * columns + left]);
  const shared = line.every(Number.isInteger) ? line.reduce((a, b) => divisor(a, b), 0) : 1;
  const by = shared * Math.sign(values[most]);
  const column = line.map((value) => value / by || 0);
  const row = Array.from({ length: columns }, (_, x) => values[top * columns + x] / column[top] || 0);
  return { column, row };
}

/** The greatest common divisor. */
const divisor = (a: number, b: number): number => (b === 0 ? Math.abs(a) : divisor(b, a % b));

/**
 * Singular values by one-sided Jacobi rotations: columns are turned in pairs until all are at right angles; their lengths are the
 * values. Hestenes 1958; the rotation as in Golub & Van Loan, Matrix Computations, 8.6.
 */
function singularValues({ rows, columns, values }: Plane): number[] {
  const column = Array.from({ length: columns }, (_, x) =>
    Array.from({ length: rows }, (_, y) => values[y * columns + x]),
  );
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  for (let sweep = 0, turned = true; turned && sweep < 60; sweep++) {
    turned = false;
    for (let p = 0; p < columns; p++)
      for (let q = p + 1; q < columns; q++) {
        const [a, b, c] = [dot(column[p], column[p]), dot(column[q], column[q]), dot(column[p], column[q])];
        if (c === 0 || Math.abs(c) <= EPSILON * Math.sqrt(a * b)) continue;
        turned = true;
        const zeta = (b - a) / (2 * c);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cos = 1 / Math.hypot(1, t);
        for (let y = 0; y < rows; y++) {
          const [left, right] = [column[p][y], column[q][y]];
          column[p][y] = cos * (left - t * right);
          column[q][y] = cos * (right + t * left);
        }
      }
  }
  return column
    .map((each) => Math.hypot(...each))
    .sort((a, b) => b - a)
    .slice(0, Math.min(rows, columns));
}

/**
 * How strongly waves of each direction and length pass: |Σ w[y, x] · e^(−i (u·x + v·y))| for `size` × `size` frequencies from −π to π a cell, the
 * slowest (a flat picture) in the middle. `size` is odd; returned row by row, v down, u to the right.
 */
export function frequencyResponse({ rows, columns, values }: Plane, size: number): Float64Array {
  const half = (size - 1) / 2;
  const out = new Float64Array(size * size);
  for (let v = 0; v < size; v++)
    for (let u = 0; u < size; u++) {
      let [real, imaginary] = [0, 0];
      for (let y = 0; y < rows; y++)
        for (let x = 0; x < columns; x++) {
          const turn = (Math.PI * ((u - half) * x + (v - half) * y)) / half;
          real += values[y * columns + x] * Math.cos(turn);
          imaginary -= values[y * columns + x] * Math.sin(turn);
        }
      out[v * size + u] = Math.hypot(real, imaginary);
    }
  return out;
}
