import { convolutionKernels } from './exports-convolution';
import { denseKernels } from './exports-dense';
import { elementwiseKernels } from './exports-elementwise';
import { lossKernels } from './exports-loss';
import { normalizationKernels } from './exports-normalization';
import { optimizerKernels } from './exports-optimizer';
import { poolKernels } from './exports-pool';
import { winogradKernels } from './exports-winograd';
import type { callByName } from './kernel';

/**
 * The functions that the WebAssembly kernels export (`src/core/kernels/assembly`). They work on pointers into one shared
 * memory. Each declaration names the kernel's parameters in the order of its source.
 *
 * - **Pointers** are byte addresses, multiples of 4. `0` means "none" where a description allows it.
 * - **Strides** are counted in floats: `xRow` from a row of an image to the next. Pixels of a row follow each other
 *   (`channels` floats apart) unless there is an `xPixel`. Winograd's `…Stride` parameters are in bytes.
 * - **Images** are NHWC. A kernel works on one image (or a block of rows); the caller loops over the batch.
 * - **Padding** of convolutions is in the buffer: `x` points at the first float of the *padded* image (a halo of zeros).
 *   Pooling instead clips its windows, so its `x` points at the image proper.
 * - **Slack**: kernels read whole vectors, up to 64 bytes past the last element of any operand. They write only
 *   inside unless the description says otherwise. `Arena` keeps that room.
 * - **Weight panels**: convolution and dense weights lie in panels of 8 outputs, `[⌈O/8⌉][K][8]`, K = KH·KW·C in the
 *   order of an NHWC window (K = I for dense). Lanes past O are zero and their gradients stay zero. Grouped weights are
 *   one such block per group, one after the other. `packPanels` makes panels from the canonical `[O][K]`.
 *   A bias has room for ⌈O/8⌉·8 floats; the lanes past O must be finite.
 * - **Gradients** of parameters accumulate (`+=`). Gradients of activations are assigned unless the description says otherwise.
 * - **Flags** are 0 or 1. `relu` applies max(·, 0) to the result; NaN stays NaN.
 * - **Order**: every sum is taken in an order that the arguments fix. The same call gives the same bits on any thread.
 */
export const KERNELS = {
  ...convolutionKernels,
  ...winogradKernels,
  ...denseKernels,
  ...poolKernels,
  ...elementwiseKernels,
  ...normalizationKernels,
  ...lossKernels,
  ...optimizerKernels,
};

/** The kernels of one instance. Each takes a record: `k.fillZero({ pointer, bytes })`. */
export type Kernels = ReturnType<typeof callByName<typeof KERNELS>>;
