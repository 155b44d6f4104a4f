/**
 * Winograd's F(2×2, 3×3) as the kernels compute it (`kernels/assembly/generator/winograd.mjs`, with its signs): y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. A tile
 * of 2 × 2 outputs takes 16 products in place of 36. Source: Lavin & Gray 2016, "Fast Algorithms for Convolutional Neural Networks".
 */
export const winograd = {
  /** Bᵀ, 4 × 4: sums and differences of the input alone. */
  input: [
    [-1, 0, 1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, -1, 0, 1],
  ],
  /** G, 4 × 3. */
  kernel: [
    [-1, 0, 0],
    [0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5],
    [0, 0, 1],
  ],
  /** Aᵀ, 2 × 4. */
  output: [
    [1, 1, 1, 0],
    [0, 1, -1, 1],
  ],
} as const;

export type Matrix = readonly (readonly number[])[];

/** T x Tᵀ, in doubles: both sides of a transform. */
export function transformed(transform: Matrix, x: Matrix): number[][] {
  const half = transform.map((row) => x[0].map((_, j) => row.reduce((sum, value, k) => sum + value * x[k][j], 0)));
  return half.map((row) => transform.map((other) => other.reduce((sum, value, k) => sum + value * row[k], 0)));
}

/** Every stage of one tile. @param d `[4, 4]` inputs. @param g `[3, 3]` weights. */
export function winogradTile(d: Matrix, g: Matrix): { v: number[][]; u: number[][]; m: number[][]; y: number[][] } {
  const v = transformed(winograd.input, d);
  const u = transformed(winograd.kernel, g);
  const m = v.map((row, i) => row.map((value, j) => value * u[i][j]));
  return { v, u, m, y: transformed(winograd.output, m) };
}
