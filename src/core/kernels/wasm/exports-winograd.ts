/**
 * 3×3 convolution with stride 1 by Winograd's minimal filtering, F(4×4, 3×3) and F(2×2, 3×3) (Lavin & Gray 2016), with
 * interpolation points 0, ±√½, ±√2, ∞ for F(4×4), which keep the error at the level of direct convolution.
 *
 * With m = 4 or 2 and n = m + 2, a strip of tiles is transformed to n² matrices (ξ = 0 … n²−1), one GEMM each:
 * forward V = Bᵀ x B, U = G w Gᵀ, M_ξ = V_ξ U_ξ, y = Aᵀ M A; backward Y = A dy Aᵀ serves both dU_ξ += V_ξᵀ Y_ξ and
 * dx = B (Y_ξ U_ξᵀ) Bᵀ; dw = Gᵀ dU G once at the end of the batch.
 *
 * `channels` and `filters` are multiples of 8 (pad with zero filters). A tile matrix V_ξ is `[tiles][C]`, M_ξ and Y_ξ
 * `[tiles][O]`, U_ξ panels `[O/8][C][8]`. The `…Stride` from one ξ to the next is in **bytes**, a multiple of 16 and not
 * a power of two (else all ξ share cache sets), with room for 4 more tiles: the GEMMs round the tiles up.
 * `tilesHigh` ≤ 160 in one call (the instance's scratch).
 */
export interface WinogradKernels {
  /** Once an instance: `SCRATCH_BYTES` of its own. `instantiateKernels` does it. */
  setScratch(pointer: number): void;

  /** V from x, the padded image: rows up to tilesHigh·m + 2 and columns up to tilesWide·m + 2 exist (zeros). */
  winogradInput4: WinogradInput;
  winogradInput2: WinogradInput;
  /** y = Aᵀ M A + bias; only outHeight × outWidth pixels are written. @param bias 0: none. */
  winogradOutput4: WinogradOutput;
  winogradOutput2: WinogradOutput;
  /** Y from dy: zero outside the valid area up to tilesHigh·m × tilesWide·m. */
  winogradOutputGradient4: WinogradInput;
  winogradOutputGradient2: WinogradInput;
  /**
   * dx += B M Bᵀ, overlapping: covers tilesHigh·m + 2 rows and tilesWide·m + 2 columns, zeroed by the caller. The halo
   * of dx then holds round-off, not zeros.
   */
  winogradInputGradient4: WinogradInputGradient;
  winogradInputGradient2: WinogradInputGradient;
  /** U from weight panels `[O/8][9·C][8]`. */
  winogradWeights4: WinogradWeights;
  winogradWeights2: WinogradWeights;
  /** dWeights += Gᵀ dU G; dU is cleared. */
  winogradWeightGradient4: WinogradWeightGradient;
  winogradWeightGradient2: WinogradWeightGradient;

  /** M_ξ = V_ξ U_ξ for ξ in [from, to): `[tiles × depth] · [depth × outputs]`. depth % 8 = outputs % 8 = 0. */
  winogradGemm(
    from: number,
    to: number,
    tiles: number,
    depth: number,
    outputs: number,
    v: number,
    vStride: number,
    u: number,
    uStride: number,
    m: number,
    mStride: number,
  ): void;
  /** dU_ξ += V_ξᵀ Y_ξ for ξ in [from, to). */
  winogradGemmGradient(
    from: number,
    to: number,
    tiles: number,
    channels: number,
    filters: number,
    v: number,
    vStride: number,
    y: number,
    yStride: number,
    du: number,
    duStride: number,
  ): void;
}

type WinogradInput = (
  x: number,
  xRow: number,
  channels: number,
  tilesHigh: number,
  tilesWide: number,
  v: number,
  vStride: number,
) => void;

type WinogradOutput = (
  m: number,
  mStride: number,
  filters: number,
  tilesHigh: number,
  tilesWide: number,
  outHeight: number,
  outWidth: number,
  bias: number,
  y: number,
  yRow: number,
  relu: number,
) => void;

type WinogradInputGradient = (
  m: number,
  mStride: number,
  channels: number,
  tilesHigh: number,
  tilesWide: number,
  dx: number,
  dxRow: number,
) => void;

type WinogradWeights = (weights: number, channels: number, filters: number, u: number, uStride: number) => void;

type WinogradWeightGradient = (
  du: number,
  duStride: number,
  channels: number,
  filters: number,
  dWeights: number,
) => void;
