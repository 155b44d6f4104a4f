import { add } from './add';
import { avgpool } from './avgpool';
import { batchnorm } from './batchnorm';
import { channelshuffle } from './channelshuffle';
import { channelslice } from './channelslice';
import { concat } from './concat';
import { conv } from './conv';
import { convtranspose } from './convtranspose';
import { cropping } from './cropping';
import { dense } from './dense';
import { depthtospace } from './depthtospace';
import { dropout } from './dropout';
import { elu } from './elu';
import { flatten } from './flatten';
import { gelu } from './gelu';
import { globalavgpool } from './globalavgpool';
import { globalmaxpool } from './globalmaxpool';
import { groupnorm } from './groupnorm';
import { hardsigmoid } from './hardsigmoid';
import { hardswish } from './hardswish';
import { instancenorm } from './instancenorm';
import type { LayerDefinition } from './layer';
import { layernorm } from './layernorm';
import { leakyrelu } from './leakyrelu';
import { localconv } from './localconv';
import { lrn } from './lrn';
import { maxout } from './maxout';
import { maxpool } from './maxpool';
import { multiply } from './multiply';
import { zeropadding } from './zeropadding';
import { partialconv } from './partialconv';
import { prelu } from './prelu';
import { relu } from './relu';
import { relu6 } from './relu6';
import { reshape } from './reshape';
import { rrelu } from './rrelu';
import { selu } from './selu';
import { sigmoid } from './sigmoid';
import { silu } from './silu';
import { logsoftmax, softmax } from './softmax';
import { softplus } from './softplus';
import { spatialpyramid } from './spatialpyramid';
import { subsampling } from './subsampling';
import { tanh } from './tanh';
import { upsample } from './upsample';

/** Every kind of layer. A new one is added in three places: here, in its own file, and in the contract test. */
const definitions: readonly LayerDefinition[] = [
  conv,
  partialconv,
  localconv,
  convtranspose,
  dense,
  relu,
  relu6,
  leakyrelu,
  rrelu,
  prelu,
  elu,
  selu,
  sigmoid,
  hardsigmoid,
  tanh,
  softplus,
  gelu,
  silu,
  hardswish,
  maxout,
  softmax,
  logsoftmax,
  maxpool,
  avgpool,
  globalavgpool,
  globalmaxpool,
  subsampling,
  spatialpyramid,
  batchnorm,
  layernorm,
  groupnorm,
  instancenorm,
  lrn,
  dropout,
  zeropadding,
  cropping,
  upsample,
  depthtospace,
  channelshuffle,
  channelslice,
  flatten,
  reshape,
  add,
  multiply,
  concat,
];

export const registry: ReadonlyMap<string, LayerDefinition> = new Map(definitions.map((each) => [each.kind, each]));
