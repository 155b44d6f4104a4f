// Everything that JavaScript may call: src/core/kernels/wasm/exports*.ts says what each function does.
export { convForward, convWeightGradient, packRotated, biasGradient, denseBiasGradient } from './conv-direct';
export {
  convForwardGeneral,
  convInputGradientGeneral,
  convWeightGradientGeneral,
  packTransposed,
} from './conv-general';
export { packScatter, convInputScatter } from './conv-scatter';
export { depthwiseForward, depthwiseInputGradient, depthwiseWeightGradient } from './depthwise';
export { packPanels, unpackPanels, transposePanels } from './panels';
export { planarPoolForward, planarPoolBackward } from './planar-pool';
export { maxPool2x2Forward, maxPool2x2Backward } from './max-pool-2x2';
export { maxPoolForward, maxPoolBackward, averagePoolForward, averagePoolBackward } from './pool';
export {
  globalAveragePoolForward,
  globalAveragePoolBackward,
  globalMaxPoolForward,
  globalMaxPoolBackward,
} from './global-pool';
export { dropoutMask, randomSlopes } from './dropout';
export { multiplyMaps } from './multiply';
export { preluForward, preluBackward } from './prelu';
export { copyRows, copyChannels, nchwToNhwc, nhwcToNchw, fillZero } from './layout';
export {
  batchNormSums,
  batchNormStatistics,
  batchNormInverse,
  batchNormForward,
  batchNormGradientSums,
  batchNormGradients,
  batchNormBackward,
} from './batch-norm';
export {
  layerNormForward,
  layerNormBackward,
  groupNormStatistics,
  groupNormGradients,
  groupNormBackward,
} from './sample-norm';
export { localForward, localInputGradient, localWeightGradient } from './local-conv';
export { maxoutForward, maxoutBackward } from './maxout';
export { lrnForward, lrnBackward } from './lrn';
export { resampleForward, resampleBackward } from './resample';
export { softmaxForward, softmaxBackward, logSoftmaxForward, logSoftmaxBackward } from './softmax';
export { classLoss, softmaxCrossEntropy, negativeLogLikelihood } from './loss';
export { squaredNorm, squaredDistance, moments, flushRows, allFinite } from './scan';

export * from './generated/conv-rows';
export * from './generated/dense';
export * from './generated/elementwise';
export * from './generated/optimizers';
export * from './generated/planar-conv';
export * from './generated/winograd-gemm';
export * from './generated/winograd-transforms';
