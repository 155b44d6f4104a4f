import { kernel } from './kernel';

const winogradInput = kernel('x xRow channels tilesHigh tilesWide v vStride');

const winogradOutput = kernel('m mStride filters tilesHigh tilesWide outHeight outWidth bias y yRow relu');

const winogradInputGradient = kernel('m mStride channels tilesHigh tilesWide dx dxRow');

const winogradWeights = kernel('weights channels filters u uStride');

const winogradWeightGradient = kernel('du duStride channels filters dWeights');

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
export const winogradKernels = {
  /** Called once per instance, with `SCRATCH_BYTES` of its own; `instantiateKernels` does it. */
  setScratch: kernel('pointer'),

  /** V from x, the padded image: rows up to tilesHigh·m + 2 and columns up to tilesWide·m + 2 exist (zeros). */
  winogradInput4: winogradInput,
  winogradInput2: winogradInput,
  /** y = Aᵀ M A + bias; only outHeight × outWidth pixels are written. @param bias 0: none. */
  winogradOutput4: winogradOutput,
  winogradOutput2: winogradOutput,
  /** Y from dy: zero outside the valid area up to tilesHigh·m × tilesWide·m. */
  winogradOutputGradient4: winogradInput,
  winogradOutputGradient2: winogradInput,
  /**
   * dx += B M Bᵀ, overlapping: covers tilesHigh·m + 2 rows and tilesWide·m + 2 columns, zeroed by the caller. The halo
   * of dx then holds round-off, not zeros.
   */
  winogradInputGradient4: winogradInputGradient,
  winogradInputGradient2: winogradInputGradient,
  /** U from weight panels `[O/8][9·C][8]`. */
  winogradWeights4: winogradWeights,
  winogradWeights2: winogradWeights,
  /** dWeights += Gᵀ dU G; dU is cleared. */
  winogradWeightGradient4: winogradWeightGradient,
  winogradWeightGradient2: winogradWeightGradient,

  /** M_ξ = V_ξ U_ξ for ξ in [from, to): `[tiles × depth] · [depth × outputs]`. depth % 8 = outputs % 8 = 0. */
  winogradGemm: kernel('from to tiles depth outputs v vStride u uStride m mStride'),
  /** dU_ξ += V_ξᵀ Y_ξ for ξ in [from, to). */
  winogradGemmGradient: kernel('from to tiles channels filters v vStride y yStride du duStride'),
};
