import { kernel } from './kernel';

const WINDOW = 'kernelHeight kernelWidth strideHeight strideWidth dilationHeight dilationWidth';

const LOCAL =
  'channels height width kernelHeight kernelWidth strideHeight strideWidth dilationHeight dilationWidth padTop padLeft outHeight outWidth filters images';

const convForwardRow = kernel(
  'x xRow channels kernelHeight outHeight outWidth weights bias filters y yRow relu zeroRows',
);

const planarConvForward = kernel('x xRow outHeight outWidth weights bias filters y yRow plane relu');

const planarConvWeightGradient = kernel('x xRow outHeight outWidth dy dyRow plane filters partial');

/** Direct convolution of NHWC images: forward, gradient of the input (dX), gradient of the weights (dW). */
export const convolutionKernels = {
  // ---- stride 1, dilation 1, one group: the fast path

  /**
   * y = x ∗ w + bias over one image, `[OH+KH−1, OW+KW−1, C]` (padded) → `[OH, OW, O]`.
   * Also dX: x is then dY with a halo of KH−1−pad rows and KW−1−pad columns of zeros, the weights come from
   * `packRotated`, channels and filters are swapped, bias is 0.
   * @param bias 0: none.
   * @param zeroRows rows of x that are known to be zero, as many at its top as at its bottom: they are skipped.
   */
  convForward: kernel(
    'x xRow channels kernelHeight kernelWidth outHeight outWidth',
    'weights bias filters y yRow relu zeroRows',
  ),
  /** `convForward` with kernelWidth·channels = 9, unrolled. Needs filters % 8 = 0, outWidth even and ≥ 4, and a bias. */
  convForwardRow9: convForwardRow,
  /** The same with kernelWidth·channels = 30. */
  convForwardRow30: convForwardRow,
  /** dWeights += xᵀ ∗ dy for one image; dWeights in panels, x padded as in forward. */
  convWeightGradient: kernel('x xRow channels kernelHeight kernelWidth outHeight outWidth dWeights filters dy dyRow'),
  /** Panels `[O/8][KH·KW·C][8]` → turned by 180° and transposed, for dX: `[C/8][KH·KW·O][8]`. */
  packRotated: kernel('weights channels kernelHeight kernelWidth filters rotated'),
  /** dBias += the sum of dy over `rows` × `width` pixels. Writes ⌈channels/4⌉·4 floats (zeros past `channels` stay). */
  biasGradient: kernel('dy dyRow rows width channels dBias'),

  // ---- dX as GEMM and scatter: faster for 5×5 than the rotated convolution

  /** Panels → `[KH][⌈KW·C/8⌉][O][8]` for `convInputScatter`. */
  packScatter: kernel('weights channels kernelHeight kernelWidth filters packed'),
  /**
   * dx += the gradient of one image, stride 1. dy has no halo; dx covers the padded image (and 7 floats after its last
   * pixel are read and written back) and was zeroed by the caller. Needs filters % 8 = 0, outWidth even and ≥ 4.
   * @param columns scratch of outWidth · KH · ⌈KW·C/8⌉·8 floats (and 4 rows of slack).
   */
  convInputScatter: kernel(
    'dy dyRow filters outHeight outWidth kernelHeight kernelWidth channels packed dx dxRow columns',
  ),

  // ---- any stride, dilation and groups

  /**
   * y = x ∗ w + bias. Output (i, j) reads x at rows i·strideHeight + u·dilationHeight, and columns in the same way.
   * @param xPixel floats from a pixel to the next, at least groups · groupChannels.
   * @param groupFilters filters of one group. Weights: one block of panels per group. Bias: `[groups · groupFilters]` and
   * 7 floats of slack.
   */
  convForwardGeneral: kernel(
    'x xRow xPixel groupChannels',
    WINDOW,
    'groups outHeight outWidth weights bias groupFilters y yRow yPixel relu',
  ),
  /** dx += the gradient; dx covers the padded image. Weights from `packTransposed`. */
  convInputGradientGeneral: kernel(
    'dy dyRow dyPixel groupFilters',
    WINDOW,
    'groups outHeight outWidth transposed groupChannels dx dxRow dxPixel',
  ),
  convWeightGradientGeneral: kernel(
    'x xRow xPixel groupChannels',
    WINDOW,
    'groups outHeight outWidth dWeights groupFilters dy dyRow dyPixel',
  ),
  /** Panels of every group → `[groups][KH·KW][⌈C/8⌉][O][8]` (C, O of one group) for `convInputGradientGeneral`. */
  packTransposed: kernel('weights groupChannels kernelHeight kernelWidth groupFilters groups transposed'),

  // ---- depthwise: as many groups as channels, one filter each. Weights `[KH·KW][C]`, no panels

  depthwiseForward: kernel('x xRow channels', WINDOW, 'outHeight outWidth weights bias y yRow relu'),
  /** dx += the gradient; dx covers the padded image. */
  depthwiseInputGradient: kernel('dy dyRow channels', WINDOW, 'outHeight outWidth weights dx dxRow'),
  depthwiseWeightGradient: kernel('x xRow channels', WINDOW, 'outHeight outWidth dWeights dy dyRow'),

  // ---- weights of its own at each place, `[OH][OW][KH][KW][C][F]`, of `images` images `…Image` floats apart. Windows are clipped to the image

  localForward: kernel('x xRow xImage', LOCAL, 'weights bias y yRow yImage'),
  /** dx += the gradient. */
  localInputGradient: kernel('dy dyRow dyImage', LOCAL, 'weights dx dxRow dxImage'),
  /** dWeights and dBias `[OH][OW][F]` (0: none) += the gradients. */
  localWeightGradient: kernel('x xRow xImage', LOCAL, 'dWeights dBias dy dyRow dyImage'),

  // ---- weights

  /** Canonical `[outputs][depth]` (one group) → panels `[⌈outputs/8⌉][depth][8]`, lanes past `outputs` zero. */
  packPanels: kernel('weights outputs depth panels'),
  unpackPanels: kernel('panels outputs depth weights'),

  // ---- a first layer of one channel, 3×3 or 5×5, vectorized along the width, and the 2×2 pooling that follows it

  /**
   * y = x ∗ w + bias, planar: `y[o][row][column]`. x: one padded channel. Filters are computed in blocks of 4 (5×5 with 5
   * or 6 filters: one block of 6): y has room for ⌈filters/8⌉·8 planes, and weights and bias exist that far. Columns are
   * computed in blocks of 8: yRow = ⌈OW/8⌉·8, and x is read (not used) up to 7 + KW floats past a row.
   * @param plane floats from a plane to the next, at least yRow · OH + 16.
   */
  planarConvForward3: planarConvForward,
  planarConvForward5: planarConvForward,
  /**
   * Adds the gradient of one image to `partial`, vectors of 4 partial sums: `[⌈filters/2⌉·2][KH·KW][4]`, zero at the
   * start of a batch. dy: planar, zero from OW up to yRow, and the plane after the last one zero where filters is odd.
   */
  planarConvWeightGradient3: planarConvWeightGradient,
  planarConvWeightGradient5: planarConvWeightGradient,
  /** dWeights (panels) += the partial sums, which are cleared. */
  planarConvFinish3: kernel('partial filters dWeights'),
  planarConvFinish5: kernel('partial filters dWeights'),
  /** 2×2 max pooling with stride 2 from planes to NHWC: x as `planarConvForward` leaves it. */
  planarPoolForward: kernel('x xRow plane channels outHeight outWidth y yRow'),
  /**
   * Backward of relu and `planarPoolForward` together: dx (planar, strides of x) gets dy where x was the window's first
   * maximum and positive, 0 elsewhere. dBias += the sum. Columns are written in blocks of 8; rows and columns that no
   * window covers beyond that are not written and must be zero.
   */
  planarPoolBackward: kernel('x xRow plane channels outHeight outWidth y yRow dy dyRow dx dBias'),
};
