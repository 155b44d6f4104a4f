import { add } from './add';
import { avgpool } from './avgpool';
import { batchnorm } from './batchnorm';
import { concat } from './concat';
import { conv } from './conv';
import { dense } from './dense';
import { dropout } from './dropout';
import { elu } from './elu';
import { flatten } from './flatten';
import { globalavgpool } from './globalavgpool';
import { globalmaxpool } from './globalmaxpool';
import { hardsigmoid } from './hardsigmoid';
import type { LayerDefinition } from './layer';
import { leakyrelu } from './leakyrelu';
import { maxpool } from './maxpool';
import { prelu } from './prelu';
import { relu } from './relu';
import { reshape } from './reshape';
import { selu } from './selu';
import { sigmoid } from './sigmoid';
import { logsoftmax, softmax } from './softmax';
import { softplus } from './softplus';
import { tanh } from './tanh';

/** Every kind of layer there is. A new one is added here, in its own file, and in the contract test. */
const definitions: readonly LayerDefinition[] = [
  conv,
  dense,
  relu,
  leakyrelu,
  prelu,
  elu,
  selu,
  sigmoid,
  hardsigmoid,
  tanh,
  softplus,
  softmax,
  logsoftmax,
  maxpool,
  avgpool,
  globalavgpool,
  globalmaxpool,
  batchnorm,
  dropout,
  flatten,
  reshape,
  add,
  concat,
];

export const registry: ReadonlyMap<string, LayerDefinition> = new Map(definitions.map((each) => [each.kind, each]));
