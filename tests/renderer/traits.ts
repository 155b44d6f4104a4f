import { registry } from '../../src/core/layers/registry';
import { Settings } from '../../src/core/layers/settings';
import { plainTraits } from '../../src/core/layers/traits';
import type { LayerInfo } from '../../src/shared/protocol';

/** Settings that a kind cannot do without, where a test leaves them out. */
const needed: Record<string, object> = {
  conv: { filters: 8, kernel: 3 },
  dense: { units: 10 },
  maxpool: { size: 2 },
  avgpool: { size: 2 },
  reshape: { shape: [-1] },
};

/** A shape as the core has it: maps, or flat features. */
export const shaped = (outputShape: number[]): Pick<LayerInfo, 'outputShape' | 'axes' | 'type'> => ({
  outputShape,
  axes: outputShape.length === 3 ? ['channel', 'row', 'column'] : ['unit'],
  type: 'float32',
});

/** What the layer's own file says of itself. */
export function traitsOf(kind: string, { groups = 1 }: { groups?: number } = {}): LayerInfo['traits'] {
  const definition = registry.get(kind);
  if (!definition) throw new Error(`no layer of the kind '${kind}'`);
  const settings = { ...needed[kind], ...(kind === 'conv' && { groups, filters: groups * 4 }) };
  return definition.traits(definition.parse(new Settings(settings, kind), kind));
}

/** The picture that goes in. */
export const inputLayer = (inputShape: number[]): LayerInfo => ({
  index: -1,
  name: 'input',
  kind: 'input',
  traits: plainTraits,
  settings: {},
  inputs: [],
  ...shaped(inputShape),
  params: 0,
  trainable: 0,
  macs: 0,
  receptiveField: { size: [1, 1], step: [1, 1] },
});
