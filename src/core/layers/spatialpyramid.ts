import { say } from '../../words';
import { explainMaxPool } from '../explain/window';
import { channelsOf, spatialOf, union, unravel, type Region } from '../geometry';
import { binsOf, pyramidBackward, pyramidForward, type Bin } from '../kernels/reference/pyramid';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import type { LayerDefinition, OnnxContext, OnnxNodeSpec } from './layer';
import { expression } from './pytorch';
import { plainTraits } from './traits';
import { mapShape } from './window';

export interface SpatialPyramidConfig {
  levels: readonly number[];
}

/** Bins of a level: as many along each axis. */
const cellsOf = (level: number, input: FeatureShape): number => level ** spatialOf(input).length;

/** Level, channel and bin (its place along every axis) of a unit of the output. */
export function unitOf(
  levels: readonly number[],
  input: FeatureShape,
  unit: number,
): { level: number; channel: number; place: number[] } {
  let first = 0;
  for (const level of levels) {
    const cells = cellsOf(level, input);
    const within = unit - first;
    if (within < cells * channelsOf(input)) {
      const sizes = spatialOf(input).map(() => level);
      return { level, channel: Math.floor(within / cells), place: unravel(within % cells, sizes) };
    }
    first += cells * channelsOf(input);
  }
  throw new RangeError(`unit ${unit} of ${first}`);
}

/** What a bin covers, cell by cell: a window that is moved nowhere. */
const binAt = (sizes: readonly number[], level: number, place: readonly number[]): Bin[] =>
  sizes.map((size, axis) => binsOf(size, level)[place[axis]]);

/**
 * Spatial pyramid pooling: for each level n the map is divided into n × n bins, whose largest values are the output, level by level, in each `[C, n, n]`: x `[H, W, C]` of any
 * size, y `[C · Σ n²]`; 21 bins for levels 1, 2, 4. Bin i along an axis of a cells reaches from ⌊i · a ÷ n⌋ to ⌈(i + 1) · a ÷ n⌉, so that 13 × 13 are pooled in windows
 * of 5 by steps of 4 for n = 3, and bins overlap where n does not divide a. Signals and volumes along their axes. On a tie the first cell gets the
 * gradient. Settings: levels. Source: He, Zhang, Ren & Sun 2014, "Spatial pyramid pooling in deep convolutional networks".
 */
export const spatialpyramid: LayerDefinition<SpatialPyramidConfig> = {
  kind: 'spatialpyramid',
  arity: 'one',

  parse(settings, name) {
    const levels = settings.list('levels', [1, 2, 4], 1, 64);
    if (new Set(levels).size < levels.length) throw new SpecError(name, 'levels', [...levels], say('spec.distinct'));
    return { levels };
  },
  settings: ({ levels }) => ({ levels: [...levels] }),

  outputShape({ levels }, [input], name) {
    const channels = channelsOf(mapShape(input, name));
    return [levels.reduce((sum, level) => sum + cellsOf(level, input), 0) * channels];
  },

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs', maps: 'some' }),

  forward({ levels }, { n, inputShapes: [input], x, y }) {
    pyramidForward(levels, n, input, x[0], y);
  },
  backward({ levels }, { n, inputShapes: [input], x, dy, dx }) {
    if (dx[0]) pyramidBackward(levels, n, input, x[0], dy, dx[0]);
  },

  toOnnx({ levels }, context) {
    const { name } = context;
    const pooled = levels.map((level) => poolLevel(level, context));
    const flat = levels.map((level) => (levels.length > 1 ? `${name}.flat${level}` : name));
    return [
      ...pooled.flat(),
      ...levels.map((_, i): OnnxNodeSpec => {
        return { opType: 'Flatten', inputs: pooled[i].at(-1)!.outputs, outputs: [flat[i]], attributes: { axis: 1 } };
      }),
      ...(levels.length > 1 ? [{ opType: 'Concat', inputs: flat, outputs: [name], attributes: { axis: 1 } }] : []),
    ];
  },

  toPyTorch({ levels }, { inputShapes: [input] }) {
    const axes = spatialOf(input).length;
    return expression((x) => {
      const pooled = levels.map((level) => `F.adaptive_max_pool${axes}d(${x}, ${level}).flatten(1)`);
      return `torch.cat([${pooled.join(', ')}], dim=1)`;
    });
  },

  reads({ levels }, region, _input, [input]) {
    const sizes = spatialOf(input);
    const count = region.last - region.first + 1;
    const boxes = Array.from({ length: count }, (_, i): Region => {
      const { level, channel, place } = unitOf(levels, input, region.first + i);
      const bins = binAt(sizes, level, place);
      return {
        start: bins.map(({ start }) => start),
        end: bins.map(({ end }) => end - 1),
        first: channel,
        last: channel,
      };
    });
    return boxes.reduce(union);
  },
  explain({ levels }, context) {
    const [{ shape }] = context.inputs;
    const { level, channel, place } = unitOf(levels, shape, context.channel);
    const bins = binAt(spatialOf(shape), level, place);
    const one = bins.map(() => 1);
    const window = {
      kernel: bins.map(({ start, end }) => end - start),
      stride: one,
      dilation: one,
      pad: [...bins.map(({ start }) => -start), ...one.map(() => 0)],
    };
    return explainMaxPool(window, { ...context, outputShape: [...one, channelsOf(shape)], channel, y: 0, x: 0 });
  },
};

/** Nodes that pool one level: a single MaxPool where its bins lie as windows do, else axis by axis, a slice of the map for each bin. */
function poolLevel(level: number, { name, inputs, inputShapes: [input], integers }: OnnxContext): OnnxNodeSpec[] {
  const sizes = spatialOf(input);
  const pads = sizes.flatMap(() => [0, 0]);
  const all = sizes.map((size) => binsOf(size, level));
  const strides = all.map((bins) => (bins[1]?.start ?? 1) - bins[0].start);
  const even = all.every((bins, axis) =>
    bins.every(({ start, end }, i) => start === i * strides[axis] && end - start === bins[0].end),
  );
  if (even && strides.every((stride) => stride > 0)) {
    const attributes = { kernel_shape: all.map(([{ end }]) => end), strides, pads };
    return [{ opType: 'MaxPool', inputs: [inputs[0]], outputs: [`${name}.level${level}`], attributes }];
  }
  const nodes: OnnxNodeSpec[] = [];
  let value = inputs[0];
  all.forEach((bins, axis) => {
    const own = `${name}.level${level}-axis${axis}`;
    const parts = bins.map(({ start, end }, i) => {
      const bounds = [
        integers(`level${level}-axis${axis}-start${i}`, [start]),
        integers(`level${level}-axis${axis}-end${i}`, [end]),
        integers(`level${level}-axis${axis}-axes${i}`, [axis + 2]),
      ];
      const kernel = sizes.map((_, other) => (other === axis ? end - start : 1));
      nodes.push(
        { opType: 'Slice', inputs: [value, ...bounds], outputs: [`${own}.slice${i}`] },
        {
          opType: 'MaxPool',
          inputs: [`${own}.slice${i}`],
          outputs: [`${own}.bin${i}`],
          attributes: { kernel_shape: kernel, strides: sizes.map(() => 1), pads },
        },
      );
      return `${own}.bin${i}`;
    });
    nodes.push({ opType: 'Concat', inputs: parts, outputs: [own], attributes: { axis: axis + 2 } });
    value = own;
  });
  return nodes;
}
