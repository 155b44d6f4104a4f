import { registry } from '../../src/core/layers/registry';
import { Settings } from '../../src/core/layers/settings';
import type { LayerInfo } from '../../src/shared/protocol';

/** Settings that a kind cannot do without, where a test leaves them out. */
const needed: Record<string, object> = {
  conv: { filters: 8, kernel: 3 },
  dense: { units: 10 },
  maxpool: { size: 2 },
  avgpool: { size: 2 },
  reshape: { shape: [-1] },
};

/** What the layer's own file says of itself. */
export function traitsOf(kind: string, { groups = 1 }: { groups?: number } = {}): LayerInfo['traits'] {
  const definition = registry.get(kind);
  if (!definition) throw new Error(`no layer of the kind '${kind}'`);
  const settings = { ...needed[kind], ...(kind === 'conv' && { groups, filters: groups * 4 }) };
  return definition.traits(definition.parse(new Settings(settings, kind), kind));
}
