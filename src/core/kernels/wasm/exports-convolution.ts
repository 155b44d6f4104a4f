/** Direct convolution of NHWC images: forward, gradient of the input (dX), gradient of the weights (dW). */
export interface ConvolutionKernels {
  // ---- stride 1, dilation 1, one group: the fast path

  /**
   * y = x ∗ w + bias over one image, `[OH+KH−1, OW+KW−1, C]` (padded) → `[OH, OW, O]`.
   * Also dX: x is then dY with a halo of KH−1−pad rows and KW−1−pad columns of zeros, the weights come from
   * `packRotated`, channels and filters change places, bias is 0.
   * @param bias 0: none.
   * @param zeroRows rows of x that are known to be zero, as many at its top as at its bottom: they are skipped.
   */
  convForward(
    x: number,
    xRow: number,
    channels: number,
    kernelHeight: number,
    kernelWidth: number,
    outHeight: number,
    outWidth: number,
    weights: number,
    bias: number,
    filters: number,
    y: number,
    yRow: number,
    relu: number,
    zeroRows: number,
  ): void;
  /** `convForward` with kernelWidth·channels = 9, unrolled. Needs filters % 8 = 0, outWidth even and ≥ 4, and a bias. */
  convForwardRow9: ConvForwardRow;
  /** The same with kernelWidth·channels = 30. */
  convForwardRow30: ConvForwardRow;
  /** dWeights += xᵀ ∗ dy for one image; dWeights in panels, x padded as in forward. */
  convWeightGradient(
    x: number,
    xRow: number,
    channels: number,
    kernelHeight: number,
    kernelWidth: number,
    outHeight: number,
    outWidth: number,
    dWeights: number,
    filters: number,
    dy: number,
    dyRow: number,
  ): void;
  /** Panels `[O/8][KH·KW·C][8]` → turned by 180° and transposed, for dX: `[C/8][KH·KW·O][8]`. */
  packRotated(
    weights: number,
    channels: number,
    kernelHeight: number,
    kernelWidth: number,
    filters: number,
    rotated: number,
  ): void;
  /** dBias += the sum of dy over `rows` × `width` pixels. Writes ⌈channels/4⌉·4 floats (zeros past `channels` stay). */
  biasGradient(dy: number, dyRow: number, rows: number, width: number, channels: number, dBias: number): void;

  // ---- dX as GEMM and scatter: faster for 5×5 than the rotated convolution

  /** Panels → `[KH][⌈KW·C/8⌉][O][8]` for `convInputScatter`. */
  packScatter(
    weights: number,
    channels: number,
    kernelHeight: number,
    kernelWidth: number,
    filters: number,
    packed: number,
  ): void;
  /**
   * dx += the gradient of one image, stride 1. dy has no halo; dx covers the padded image (and 7 floats after its last
   * pixel are read and written back) and was zeroed by the caller. Needs filters % 8 = 0, outWidth even and ≥ 4.
   * @param columns scratch of outWidth · KH · ⌈KW·C/8⌉·8 floats (and 4 rows of slack).
   */
  convInputScatter(
    dy: number,
    dyRow: number,
    filters: number,
    outHeight: number,
    outWidth: number,
    kernelHeight: number,
    kernelWidth: number,
    channels: number,
    packed: number,
    dx: number,
    dxRow: number,
    columns: number,
  ): void;

  // ---- any stride, dilation and groups

  /**
   * y = x ∗ w + bias. Output (i, j) reads x at rows i·strideHeight + u·dilationHeight, likewise columns.
   * @param xPixel floats from a pixel to the next, at least groups · groupChannels.
   * @param groupFilters filters of one group. Weights: one block of panels a group. Bias: `[groups · groupFilters]` and
   * 7 floats of slack.
   */
  convForwardGeneral(
    x: number,
    xRow: number,
    xPixel: number,
    groupChannels: number,
    kernelHeight: number,
    kernelWidth: number,
    strideHeight: number,
    strideWidth: number,
    dilationHeight: number,
    dilationWidth: number,
    groups: number,
    outHeight: number,
    outWidth: number,
    weights: number,
    bias: number,
    groupFilters: number,
    y: number,
    yRow: number,
    yPixel: number,
    relu: number,
  ): void;
  /** dx += the gradient; dx covers the padded image. Weights from `packTransposed`. */
  convInputGradientGeneral(
    dy: number,
    dyRow: number,
    dyPixel: number,
    groupFilters: number,
    kernelHeight: number,
    kernelWidth: number,
    strideHeight: number,
    strideWidth: number,
    dilationHeight: number,
    dilationWidth: number,
    groups: number,
    outHeight: number,
    outWidth: number,
    transposed: number,
    groupChannels: number,
    dx: number,
    dxRow: number,
    dxPixel: number,
  ): void;
  convWeightGradientGeneral(
    x: number,
    xRow: number,
    xPixel: number,
    groupChannels: number,
    kernelHeight: number,
    kernelWidth: number,
    strideHeight: number,
    strideWidth: number,
    dilationHeight: number,
    dilationWidth: number,
    groups: number,
    outHeight: number,
    outWidth: number,
    dWeights: number,
    groupFilters: number,
    dy: number,
    dyRow: number,
    dyPixel: number,
  ): void;
  /** Panels of every group → `[groups][KH·KW][⌈C/8⌉][O][8]` (C, O of one group) for `convInputGradientGeneral`. */
  packTransposed(
    weights: number,
    groupChannels: number,
    kernelHeight: number,
    kernelWidth: number,
    groupFilters: number,
    groups: number,
    transposed: number,
  ): void;

  // ---- depthwise: as many groups as channels, one filter each. Weights `[KH·KW][C]`, no panels

  depthwiseForward(
    x: number,
    xRow: number,
    channels: number,
    kernelHeight: number,
    kernelWidth: number,
    strideHeight: number,
    strideWidth: number,
    dilationHeight: number,
    dilationWidth: number,
    outHeight: number,
    outWidth: number,
    weights: number,
    bias: number,
    y: number,
    yRow: number,
    relu: number,
  ): void;
  /** dx += the gradient; dx covers the padded image. */
  depthwiseInputGradient(
    dy: number,
    dyRow: number,
    channels: number,
    kernelHeight: number,
    kernelWidth: number,
    strideHeight: number,
    strideWidth: number,
    dilationHeight: number,
    dilationWidth: number,
    outHeight: number,
    outWidth: number,
    weights: number,
    dx: number,
    dxRow: number,
  ): void;
  depthwiseWeightGradient(
    x: number,
    xRow: number,
    channels: number,
    kernelHeight: number,
    kernelWidth: number,
    strideHeight: number,
    strideWidth: number,
    dilationHeight: number,
    dilationWidth: number,
    outHeight: number,
    outWidth: number,
    dWeights: number,
    dy: number,
    dyRow: number,
  ): void;

  // ---- weights

  /** Canonical `[outputs][depth]` (one group) → panels `[⌈outputs/8⌉][depth][8]`, lanes past `outputs` zero. */
  packPanels(weights: number, outputs: number, depth: number, panels: number): void;
  unpackPanels(panels: number, outputs: number, depth: number, weights: number): void;

  // ---- a first layer of one channel, 3×3 or 5×5, vectorised along the width, with the 2×2 pooling behind it

  /**
   * y = x ∗ w + bias, planar: `y[o][row][column]`. x: one padded channel. Filters are computed in blocks of 4 (5×5 with 5
   * or 6 filters: one block of 6): y has room for ⌈filters/8⌉·8 planes, and weights and bias exist that far. Columns are
   * computed in blocks of 8: yRow = ⌈OW/8⌉·8, and x is read (not used) up to 7 + KW floats past a row.
   * @param plane floats from a plane to the next, at least yRow · OH + 16.
   */
  planarConvForward3: PlanarConvForward;
  planarConvForward5: PlanarConvForward;
  /**
   * Adds the gradient of one image to `partial`, vectors of 4 partial sums: `[⌈filters/2⌉·2][KH·KW][4]`, zero at the
   * start of a batch. dy: planar, zero from OW up to yRow, and the plane after the last one zero where filters is odd.
   */
  planarConvWeightGradient3: PlanarConvWeightGradient;
  planarConvWeightGradient5: PlanarConvWeightGradient;
  /** dWeights (panels) += the partial sums, which are cleared. */
  planarConvFinish3(partial: number, filters: number, dWeights: number): void;
  planarConvFinish5(partial: number, filters: number, dWeights: number): void;
  /** 2×2 max pooling with stride 2 from planes to NHWC: x as `planarConvForward` leaves it. */
  planarPoolForward(
    x: number,
    xRow: number,
    plane: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    y: number,
    yRow: number,
  ): void;
  /**
   * Backward of relu and `planarPoolForward` together: dx (planar, strides of x) gets dy where x was the window's first
   * maximum and positive, 0 elsewhere. dBias += the sum. Columns are written in blocks of 8; rows and columns that no
   * window covers beyond that are not written and must be zero.
   */
  planarPoolBackward(
    x: number,
    xRow: number,
    plane: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    y: number,
    yRow: number,
    dy: number,
    dyRow: number,
    dx: number,
    dBias: number,
  ): void;
}

type ConvForwardRow = (
  x: number,
  xRow: number,
  channels: number,
  kernelHeight: number,
  outHeight: number,
  outWidth: number,
  weights: number,
  bias: number,
  filters: number,
  y: number,
  yRow: number,
  relu: number,
  zeroRows: number,
) => void;

type PlanarConvForward = (
  x: number,
  xRow: number,
  outHeight: number,
  outWidth: number,
  weights: number,
  bias: number,
  filters: number,
  y: number,
  yRow: number,
  plane: number,
  relu: number,
) => void;

type PlanarConvWeightGradient = (
  x: number,
  xRow: number,
  outHeight: number,
  outWidth: number,
  dy: number,
  dyRow: number,
  plane: number,
  filters: number,
  partial: number,
) => void;
