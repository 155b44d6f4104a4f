import { valueAt } from '../explain/unit';
import { channelsOf, placeAt, planeAt, spatialOf } from '../geometry';
import type { FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import { expression, padded, sidesOf } from './pytorch';
import { beforeOf, eachPlace, moved, type Margin } from './margin';
import { shortPadding } from './settings';
import { plainTraits } from './traits';
import { mapShape, WINDOW_LIMIT } from './window';

export interface PadConfig {
  /** Cells before each axis, then after each. */
  cells: readonly number[];
}

const marginOf = ({ cells }: PadConfig, n: number, input: FeatureShape, output: FeatureShape): Margin => ({
  n,
  inner: input,
  outer: output,
  before: beforeOf(cells),
});

/**
 * Zero padding: x `[H, W, C]` with zeros around it, y `[top + H + bottom, left + W + right, C]`; signals and volumes likewise.
 * Settings: cells. Source: ONNX Pad.
 */
export const zeropadding: LayerDefinition<PadConfig> = {
  kind: 'zeropadding',
  arity: 'one',

  parse: (settings) => ({ cells: settings.sides('cells', undefined, WINDOW_LIMIT) }),
  settings: ({ cells }) => ({ cells: shortPadding(cells) }),

  outputShape({ cells }, [input], name) {
    const sizes = spatialOf(mapShape(input, name));
    return [...sizes.map((size, axis) => cells[axis] + size + cells[axis + sizes.length]), channelsOf(input)];
  },

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs' }),

  forward(config, { n, inputShapes: [input], outputShape, x, y }) {
    y.fill(0);
    const channels = channelsOf(input);
    eachPlace(marginOf(config, n, input, outputShape), (inner, outer) => {
      for (let c = 0; c < channels; c++) y[outer + c] = x[0][inner + c];
    });
  },
  backward(config, { n, inputShapes: [input], outputShape, dy, dx }) {
    const [target] = dx;
    if (!target) return;
    const channels = channelsOf(input);
    eachPlace(marginOf(config, n, input, outputShape), (inner, outer) => {
      for (let c = 0; c < channels; c++) target[inner + c] += dy[outer + c];
    });
  },

  toOnnx({ cells }, { name, inputs, integers }) {
    const before = beforeOf(cells);
    const pads = integers('cells', [0, 0, ...before, 0, 0, ...cells.slice(before.length)]);
    return [{ opType: 'Pad', inputs: [inputs[0], pads], outputs: [name] }];
  },

  toPyTorch: ({ cells }) => expression((x) => padded(x, ...sidesOf(cells))),

  reads({ cells }, region) {
    const before = beforeOf(cells);
    return { ...region, start: moved(region.start, before, -1), end: moved(region.end, before, -1) };
  },
  explain({ cells }, { inputs: [input], outputShape, channel, y, x }) {
    const at = moved(placeAt(outputShape, y, x), beforeOf(cells), -1);
    const source = input.layer;
    if (at.every((place, axis) => place >= 0 && place < input.shape[axis])) {
      const own = planeAt(input.shape, at);
      return { value: valueAt(input, channel, own.y, own.x), body: { kind: 'copy', source, channel, ...own } };
    }
    // A zero of the margin: a sum of nothing.
    const nothing = { bias: 0, terms: 0, largest: [], positive: 0, negative: 0, rest: 0 };
    return { value: 0, body: { kind: 'sum', source, window: null, planes: null, ...nothing } };
  },
};
