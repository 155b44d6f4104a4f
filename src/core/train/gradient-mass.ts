import type { BackwardContext, Call } from '../layers/layer';
import { paramKey, type Graph, type GraphLayer } from '../model/graph';
import type { FloatArray } from '../tensor';

/**
 * The same graph, whose layers with parameters also say how much their gradients are summed from: `masses` gets, by `layer.param`, the largest
 * Σ |term| over the parameter's numbers. Where the terms cancel, as for a bias before batch norm, whose gradient is 0, rounding is a share of
 * this and not of the sum (Higham 2002, "Accuracy and stability of numerical algorithms", 4.2).
 */
export function weighingGraph(graph: Graph, masses: Map<string, number>): Graph {
  const layers = graph.layers.map((layer): GraphLayer => {
    if (!layer.params.some(({ trainable }) => trainable)) return layer;
    return {
      ...layer,
      backward(call) {
        layer.backward(call);
        weigh(layer, call, masses);
      },
    };
  });
  return { ...graph, layers };
}

function weigh<A extends FloatArray>(
  layer: GraphLayer,
  call: Call<BackwardContext<A>>,
  masses: Map<string, number>,
): void {
  const sums = call.dParams.map((own) => own && new Float64Array(own.length));
  // Sums of products have those of the sizes for their mass.
  layer.backward<FloatArray>({
    ...call,
    x: call.x.map(sizes),
    dy: sizes(call.dy),
    dx: call.x.map(() => undefined),
    dParams: sums,
  });
  // Normalized inputs have deviation 1: the mass of the scale's gradient is about that of the shift's.
  if (layer.params[0]?.name === 'scale') sums[0] = sums[1];
  layer.params.forEach(({ name }, i) => {
    const mass = sums[i]?.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    if (mass !== undefined) masses.set(paramKey(layer.name, name), mass);
  });
}

const sizes = <A extends FloatArray>(values: A): A => values.map(Math.abs) as A;
