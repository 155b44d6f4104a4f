import { isOf, paramKey } from '../../model/graph';
import { channelsOf } from '../../geometry';
import { conv } from '../../layers/conv';
import type { TakenIn } from './take-in';

/**
 * The same network for an input whose channels come in the opposite order (red, green, blue in place of blue, green, red): the weights of
 * the convolutions that read the input are turned round. Null where something else reads it.
 */
export function reversedChannels(taken: TakenIn): TakenIn | null {
  const { graph, scaling } = taken;
  const params = new Map(taken.params);
  for (const layer of graph.layers) {
    if (!layer.inputs.includes(-1)) continue;
    if (!isOf(layer, conv) || layer.config.groups !== 1) return null;
    const key = paramKey(layer.name, 'weight');
    const depth = channelsOf(graph.inputShape);
    const weight = params.get(key)!;
    params.set(
      key,
      weight.map((_, i) => weight[i - (i % depth) + (depth - 1 - (i % depth))]),
    );
  }
  const turned = scaling && { scale: [...scaling.scale].reverse(), shift: [...scaling.shift].reverse() };
  return { ...taken, params, scaling: turned };
}
