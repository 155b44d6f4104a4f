import { say } from '../../words';
import { valueAt } from '../explain/unit';
import { channelsOf, placeAt, planeAt, spatialOf } from '../geometry';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import { expression, slices } from './pytorch';
import { beforeOf, eachPlace, moved, type Margin } from './margin';
import { shortPadding } from './settings';
import { plainTraits } from './traits';
import { mapShape, WINDOW_LIMIT } from './window';

export interface CropConfig {
  /** Cells taken off before each axis, then after each. */
  cells: readonly number[];
}

const marginOf = ({ cells }: CropConfig, n: number, input: FeatureShape, output: FeatureShape): Margin => ({
  n,
  inner: output,
  outer: input,
  before: beforeOf(cells),
});

/**
 * Cropping: x `[H, W, C]` without its outer cells, y `[H − top − bottom, W − left − right, C]`; signals and volumes likewise.
 * Settings: cells. Source: ONNX Slice.
 */
export const cropping: LayerDefinition<CropConfig> = {
  kind: 'cropping',
  arity: 'one',

  parse: (settings) => ({ cells: settings.sides('cells', undefined, WINDOW_LIMIT) }),
  settings: ({ cells }) => ({ cells: shortPadding(cells) }),

  outputShape({ cells }, [input], name) {
    const sizes = spatialOf(mapShape(input, name));
    const left = sizes.map((size, axis) => size - cells[axis] - cells[axis + sizes.length]);
    const axis = left.findIndex((size) => size < 1);
    if (axis >= 0) throw new SpecError(name, 'cells', shortPadding(cells), say('spec.crop', { size: sizes[axis] }));
    return [...left, channelsOf(input)];
  },

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs' }),

  forward(config, { n, inputShapes: [input], outputShape, x, y }) {
    const channels = channelsOf(input);
    eachPlace(marginOf(config, n, input, outputShape), (inner, outer) => {
      for (let c = 0; c < channels; c++) y[inner + c] = x[0][outer + c];
    });
  },
  backward(config, { n, inputShapes: [input], outputShape, dy, dx }) {
    const [target] = dx;
    if (!target) return;
    const channels = channelsOf(input);
    eachPlace(marginOf(config, n, input, outputShape), (inner, outer) => {
      for (let c = 0; c < channels; c++) target[outer + c] += dy[inner + c];
    });
  },

  toOnnx({ cells }, { name, inputs, inputShapes: [input], integers }) {
    const [sizes, before] = [spatialOf(input), beforeOf(cells)];
    const lists = [
      integers('starts', before),
      integers(
        'ends',
        sizes.map((size, axis) => size - cells[axis + sizes.length]),
      ),
      integers(
        'axes',
        sizes.map((_, axis) => axis + 2),
      ),
    ];
    return [{ opType: 'Slice', inputs: [inputs[0], ...lists], outputs: [name] }];
  },

  toPyTorch: ({ cells }, { outputShape }) => expression((x) => x + slices(beforeOf(cells), spatialOf(outputShape))),

  reads({ cells }, region) {
    const before = beforeOf(cells);
    return { ...region, start: moved(region.start, before, 1), end: moved(region.end, before, 1) };
  },
  explain({ cells }, { inputs: [input], outputShape, channel, y, x }) {
    const own = planeAt(input.shape, moved(placeAt(outputShape, y, x), beforeOf(cells), 1));
    return {
      value: valueAt(input, channel, own.y, own.x),
      body: { kind: 'copy', source: input.layer, channel, ...own },
    };
  },
};
