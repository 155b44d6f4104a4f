import { say } from '../../words';
import type { ExplainInput } from '../layers/layer';
import { asMap, planeAt, type Region } from '../geometry';
import { SpecError } from '../model/spec';
import { paramKey, type Graph, type ParamSet } from '../model/graph';
import { unitField } from '../model/receptive-field';
import type { FeatureShape } from '../tensor';
import type { Explanation } from './types';
import { valueAt } from './unit';

/**
 * How one unit's value is computed, recomputed in double precision from the layer's inputs and weights alone, beside
 * the value on screen.
 * @param activation the float32 output of a layer for one sample, NHWC; −1 is the input.
 * @param channel the unit's channel, row and column; flat features have y = x = 0.
 * Throws SpecError where there is no such unit.
 */
export function explain(
  { graph, params }: { graph: Graph; params: ParamSet },
  activation: (layer: number) => Float32Array,
  layer: number,
  channel: number,
  y: number,
  x: number,
): Explanation {
  const explained = layerAt(graph, layer);
  const { name, outputShape } = explained;
  checkUnit(name, outputShape, channel, y, x);
  const { value: recomputed, body } = explained.explain({
    inputs: explained.inputs.map((source, i): ExplainInput => {
      const shape = explained.inputShapes[i];
      return { layer: source, shape, values: activation(source), origin: originOf(graph, source, shape) };
    }),
    params: explained.params.map((spec) => params.get(paramKey(name, spec.name)) as Float32Array),
    channel,
    y,
    x,
  });
  const shown = valueAt({ shape: outputShape, values: activation(layer) }, channel, y, x);
  // Equal infinities have difference 0.
  const difference = shown === recomputed ? 0 : shown - recomputed;
  const receptiveField = pixels(unitField(graph, layer, channel, y, x), graph.inputShape);
  return { layer, channel, y, x, shown, recomputed, difference, receptiveField, body };
}

/** A box of the input as rows and columns of its picture (`asMap`). */
function pixels(box: Region | null, shape: FeatureShape): Explanation['receptiveField'] {
  if (!box) return { top: 0, left: 0, bottom: -1, right: -1, height: 0, width: 0 };
  const { y: top } = planeAt(shape, box.start);
  const { y: bottom } = planeAt(shape, box.end);
  const [left, right] = [box.start[box.start.length - 1], box.end[box.end.length - 1]];
  return { top, left, bottom, right, height: bottom - top + 1, width: right - left + 1 };
}

function layerAt(graph: Graph, index: number): Graph['layers'][number] {
  const layer = graph.layers[index];
  if (!layer) throw new SpecError(String(index), 'index', index, say('spec.index', { most: graph.layers.length - 1 }));
  return layer;
}

function checkUnit(name: string, shape: FeatureShape, channel: number, y: number, x: number): void {
  const [height, width, channels] = asMap(shape);
  for (const [field, value, size] of [
    ['channel', channel, channels],
    ['row', y, height],
    ['column', x, width],
  ] as const) {
    if (!Number.isInteger(value) || value < 0 || value >= size) {
      throw new SpecError(name, field, value, say('spec.whole', { from: 0, to: size - 1 }));
    }
  }
}

/** The map behind flat features, where they come from one unchanged (through flatten, reshape, dropout); the layer itself otherwise. */
function originOf(graph: Graph, layer: number, shape: FeatureShape): { layer: number; shape: FeatureShape } {
  let [index, found] = [layer, shape];
  while (found.length === 1 && index >= 0 && graph.layers[index].traits.copies) {
    found = graph.layers[index].inputShapes[0];
    index = graph.layers[index].inputs[0];
  }
  return found.length > 1 ? { layer: index, shape: found } : { layer, shape };
}
