import { buildGraph } from '../../core/model/build';
import type { Graph } from '../../core/model/graph';
import type { LayerSpec } from '../../core/model/spec';

/** A linear head, or one hidden layer: `[F]` → classes. */
export function headGraph(width: number, classes: number, hidden: number): Graph {
  const between: LayerSpec[] =
    hidden > 0
      ? [
          { kind: 'dense', name: 'hidden', units: hidden },
          { kind: 'relu', name: 'relu' },
        ]
      : [];
  return buildGraph({
    input: { height: 1, width: 1, channels: width },
    layers: [
      { kind: 'flatten', name: 'features' },
      ...between,
      { kind: 'dense', name: 'logits', units: classes },
      { kind: 'softmax', name: 'probabilities' },
    ],
  });
}
