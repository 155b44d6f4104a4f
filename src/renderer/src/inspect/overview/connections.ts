import type { LayerInfo, ModelInfo } from '../../../../shared/protocol';
import { isFlat, layerAt, mapsOf } from '../../state/layers';
import { followsOneMap } from '../layer/block';
import { foldedSource } from '../../state/layers';

/**
 * How the maps of a layer hang together with those of one of its inputs:
 * `one`: map c comes from map c − offset alone; `all`: every map from every map, by weights;
 * `group`: by weights, each from its own group; `fold`: unit i comes from map ⌊i ÷ cells⌋.
 */
export type Tie =
  | { kind: 'one'; source: number; offset: number; channels: number }
  | { kind: 'all'; source: number }
  | { kind: 'group'; source: number; inputs: number; outputs: number }
  | { kind: 'fold'; source: number; cells: number };

/** The ties of a layer, one per input; none for the image. One that reads all features is tied to the maps that were flattened. */
export function tiesOf(model: ModelInfo, index: number): Tie[] {
  if (index < 0) return [];
  const layer = model.layers[index];
  const [channels] = mapsOf(layer);
  const { maps, groups, weights } = layer.traits;
  if (weights === 'matrix') return [{ kind: 'all', source: foldedSource(model.layers, index) }];
  let offset = 0;
  return layer.inputs.map((source): Tie => {
    const [from, height, width] = mapsOf(layerAt(model, source));
    if (maps === 'stacked') {
      const tie: Tie = { kind: 'one', source, offset, channels: from };
      offset += from;
      return tie;
    }
    if (maps === 'some') return { kind: 'all', source };
    if (maps === 'mixed') {
      if (groups === 1) return { kind: 'all', source };
      return { kind: 'group', source, inputs: from / groups, outputs: channels / groups };
    }
    if (height * width > 1 && isFlat(layer) && channels === from * height * width)
      return { kind: 'fold', source, cells: height * width };
    return { kind: 'one', source, offset: 0, channels: from };
  });
}

/** The maps of the tie's source that one map is made of. */
export function sourcesThrough(model: ModelInfo, tie: Tie, channel: number): number[] {
  const [count] = mapsOf(layerAt(model, tie.source));
  switch (tie.kind) {
    case 'one': {
      const from = channel - tie.offset;
      return from >= 0 && from < tie.channels ? [from] : [];
    }
    case 'fold':
      return [Math.floor(channel / tie.cells)];
    case 'group': {
      const first = Math.floor(channel / tie.outputs) * tie.inputs;
      return Array.from({ length: tie.inputs }, (_, i) => first + i);
    }
    case 'all':
      return Array.from({ length: count }, (_, i) => i);
  }
}

export interface Node {
  layer: number;
  channel: number;
}
export interface LitLine {
  from: Node;
  to: Node;
  /** The kernel on the line: input `column` of `to`'s weights; null where the number passes without weights. */
  column: number | null;
}

/** At most this many kernels are drawn for one map; the heaviest, where there are more. */
export const MOST_LINES = 128;

/**
 * What lights up with a map: back along single maps to the last layer that mixes channels, whose weighted lines end it.
 * Where branches join (add, concat) every branch is followed.
 */
export function litPath(model: ModelInfo, start: Node): LitLine[] {
  const lines: LitLine[] = [];
  const open: Node[] = [start];
  const seen = new Set<string>();
  while (open.length > 0) {
    const to = open.shift()!;
    const key = `${to.layer}:${to.channel}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const tie of tiesOf(model, to.layer)) {
      const weighted = hasWeights(model, to.layer);
      const sources = sourcesThrough(model, tie, to.channel);
      for (const [column, channel] of sources.entries()) {
        const from = { layer: tie.source, channel };
        lines.push({ from, to, column: weighted ? column : null });
        if (!weighted && sources.length === 1) open.push(from);
      }
    }
  }
  return lines;
}

function hasWeights(model: ModelInfo, index: number): boolean {
  return index >= 0 && model.layers[index].traits.weights !== null;
}

/** Whether a layer belongs to the block of the one before it: narrow gap, straight lines. */
export function continuesBlock(layers: readonly LayerInfo[], index: number): boolean {
  return index > 0 && layers[index].inputs[0] === index - 1 && followsOneMap(layers, layers[index]);
}
