import { add, div, mul, sub } from './arithmetic';
import type { TakeNode } from './call';
import { gemm, matMul } from './dense';
import { elementwise } from './elementwise';
import * as margin from './margin';
import * as normalize from './normalize';
import * as resize from './resize';
import * as shape from './shape';
import * as window from './window';

/** How each operator of ai.onnx becomes layers of ours. */
export const operators: Readonly<Record<string, TakeNode>> = {
  ...elementwise,
  Conv: window.conv,
  MaxPool: window.maxPool,
  AveragePool: window.averagePool,
  GlobalAveragePool: window.globalAveragePool,
  GlobalMaxPool: window.globalMaxPool,
  ReduceMean: window.reduceMean,
  ReduceMax: window.reduceMax,
  Pad: margin.pad,
  Slice: margin.slice,
  Split: margin.split,
  ConvTranspose: resize.convTranspose,
  Resize: resize.resize,
  Upsample: resize.resize,
  DepthToSpace: resize.depthToSpace,
  Gemm: gemm,
  MatMul: matMul,
  Add: add,
  Sum: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  BatchNormalization: normalize.batchNormalization,
  LayerNormalization: normalize.layerNormalization,
  InstanceNormalization: normalize.instanceNormalization,
  GroupNormalization: normalize.groupNormalization,
  LRN: normalize.localResponse,
  Softmax: normalize.softmax,
  LogSoftmax: normalize.logSoftmax,
  Identity: shape.same,
  Cast: shape.cast,
  Shape: shape.shapeOf,
  Size: shape.sizeOfTensor,
  Reshape: shape.reshape,
  Flatten: shape.flatten,
  Squeeze: shape.squeeze,
  Unsqueeze: shape.unsqueeze,
  Transpose: shape.transpose,
  Concat: shape.concat,
};
