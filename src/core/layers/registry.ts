import { batchnorm } from './batchnorm';
import { conv } from './conv';
import { dense } from './dense';
import { dropout } from './dropout';
import { flatten } from './flatten';
import type { LayerDefinition } from './layer';
import { maxpool } from './maxpool';
import { relu } from './relu';
import { logsoftmax, softmax } from './softmax';

/** Every kind of layer there is. A new one is added here, in its own file, and in the contract test. */
const definitions: readonly LayerDefinition[] = [
  conv,
  dense,
  relu,
  softmax,
  logsoftmax,
  maxpool,
  batchnorm,
  dropout,
  flatten,
];

export const registry: ReadonlyMap<string, LayerDefinition> = new Map(definitions.map((each) => [each.kind, each]));
