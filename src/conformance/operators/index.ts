import type { Operator } from '../call';
import * as dense from './dense';
import * as elementwise from './elementwise';
import * as join from './join';
import * as normalization from './normalization';
import * as shape from './shape';
import * as training from './training';
import * as transposed from './transposed';
import * as window from './window';

/** The operators that our layers, losses and optimizers implement, by ONNX's name. */
const standard: Record<string, Operator> = {
  Conv: window.conv,
  ConvTranspose: transposed.convTranspose,
  MaxPool: window.maxPool,
  AveragePool: window.averagePool,
  GlobalAveragePool: window.globalAveragePool,
  GlobalMaxPool: window.globalMaxPool,
  BatchNormalization: normalization.batchNormalization,
  LayerNormalization: normalization.layerNormalization,
  GroupNormalization: normalization.groupNormalization,
  InstanceNormalization: normalization.instanceNormalization,
  LRN: normalization.lrn,
  Dropout: normalization.dropout,
  Softmax: normalization.softmax,
  LogSoftmax: normalization.logSoftmax,
  Gemm: dense.gemm,
  MatMul: dense.matMul,
  Add: join.add,
  Sum: join.sum,
  Mul: join.mul,
  Concat: join.concat,
  Flatten: shape.flatten,
  Reshape: shape.reshape,
  DepthToSpace: shape.depthToSpace,
  Relu: elementwise.relu,
  LeakyRelu: elementwise.leakyRelu,
  PRelu: elementwise.pRelu,
  Elu: elementwise.elu,
  Selu: elementwise.selu,
  Sigmoid: elementwise.sigmoid,
  HardSigmoid: elementwise.hardSigmoid,
  Tanh: elementwise.tanh,
  Softplus: elementwise.softplus,
  HardSwish: elementwise.hardSwish,
  Gelu: elementwise.gelu,
  SoftmaxCrossEntropyLoss: training.softmaxCrossEntropyLoss,
  NegativeLogLikelihoodLoss: training.negativeLogLikelihoodLoss,
};

const preview: Record<string, Operator> = {
  Adam: training.adam,
  Adagrad: training.adagrad,
  Momentum: training.momentum,
};

/** By domain ('' is ai.onnx) and name. */
export function findOperator(domain: string, opType: string): Operator | null {
  const table = domain === '' ? standard : domain === 'ai.onnx.preview.training' ? preview : {};
  return Object.hasOwn(table, opType) ? table[opType] : null;
}
