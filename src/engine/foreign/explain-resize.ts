import type { ExplanationBody } from '../../core/explain/types';
import { floatsOf, intOf, intsOf, textOf } from '../../core/onnx-graph/attributes';
import type { GraphNode } from '../../core/onnx-graph/network';
import { coordinates, nearest } from '../../core/onnx-graph/take-in/resize';
import { sumOf } from './explain-reduce';
import { numberAt, numbersIn, type NodeInput } from './node-input';
import { unitOf } from './units';

type Told = { value: number; body: ExplanationBody };
/** A place along an axis of the input, and its share of the output's number. */
type Tap = { place: number; weight: number };

/**
 * Resize and Upsample by any factors, nearest or linear: a number from one place, or shares of the places around. Null for cubic, antialiasing,
 * crops, and any other operator. Source: ONNX Resize 19.
 */
export function explainResize(
  node: GraphNode,
  opset: number,
  inputs: readonly (NodeInput | null)[],
  shape: readonly number[],
  index: readonly number[],
): Told | null {
  const [input] = inputs;
  if (node.domain !== '' || !input || input.value === null || !['Resize', 'Upsample'].includes(node.opType))
    return null;
  const old = node.opType === 'Upsample' || opset < 11;
  const mode = textOf(node, 'mode', 'nearest');
  const way = textOf(node, 'coordinate_transformation_mode', old ? 'asymmetric' : 'half_pixel');
  const rounding = textOf(node, 'nearest_mode', old ? 'floor' : 'round_prefer_floor');
  const known = Object.hasOwn(coordinates, way) && Object.hasOwn(nearest, rounding);
  const plain = intOf(node, 'antialias', 0) === 0 && textOf(node, 'keep_aspect_ratio_policy', 'stretch') === 'stretch';
  if (!known || !plain || (mode !== 'nearest' && mode !== 'linear')) return null;
  const { tensor } = input;
  const along = (intsOf(node, 'axes') ?? shape.map((_, axis) => axis)).map(
    (axis) => (axis + shape.length) % shape.length,
  );
  const listed =
    floatsOf(node, 'scales') ?? Array.from(inputs[old ? 1 : 2] ? numbersIn(inputs[old ? 1 : 2]!.tensor) : []);
  const taps = shape.map((to, axis): Tap[] => {
    const from = tensor.shape[axis];
    const given = listed[along.indexOf(axis)] as number | undefined;
    if (from === to && (given ?? 1) === 1) return [{ place: index[axis], weight: 1 }];
    const at = coordinates[way](index[axis], from, to, given ?? to / from);
    const within = (place: number): number => Math.max(0, Math.min(from - 1, place));
    if (mode === 'nearest') return [{ place: within(nearest[rounding](at)), weight: 1 }];
    const place = Math.floor(within(at));
    const share = within(at) - place;
    return [{ place, weight: 1 - share }, ...(share > 0 ? [{ place: place + 1, weight: share }] : [])];
  });
  let read: { index: number[]; weight: number }[] = [{ index: [], weight: 1 }];
  for (const each of taps)
    read = read.flatMap((before) =>
      each.map(({ place, weight }) => ({ index: [...before.index, place], weight: before.weight * weight })),
    );
  if (read.length > 1) return sumOf(input, read.length, (k) => read[k]);
  const [{ index: from }] = read;
  return { value: numberAt(tensor, from), body: { kind: 'copy', source: input.value, ...unitOf(tensor, from) } };
}
