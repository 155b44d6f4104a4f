import { say } from '../../words';
import { explainCopy } from '../explain/copy';
import { SpecError } from '../model/spec';
import { channelsFirst, sizeOf, type FeatureShape, type FloatArray } from '../tensor';
import { toChannelsFirst, toChannelsLast } from './layout';
import { kerasChannelsFirst, kerasChannelsLast } from './keras';
import type { LayerDefinition } from './layer';
import { expression } from './pytorch';
import { reshapeRegion } from '../geometry';
import { plainTraits } from './traits';

export interface ReshapeConfig {
  /** `[features]` or up to three spatial sizes and the channels, `[height, width, channels]`; one −1 is computed from the others. */
  shape: readonly number[];
}

/** The shape with its −1 worked out. */
function target({ shape }: ReshapeConfig, input: FeatureShape, name: string): FeatureShape {
  const size = sizeOf(input);
  const known = sizeOf(shape.filter((dimension) => dimension !== -1));
  const full = shape.map((dimension) => (dimension === -1 ? size / known : dimension));
  if (sizeOf(full) !== size || !full.every(Number.isInteger)) {
    throw new SpecError(name, 'shape', shape, say('spec.reshape', { size, input: input.join(', ') }));
  }
  return full;
}

/** y += the numbers of x, both read in channel-major order. */
function move<A extends FloatArray>(n: number, x: A, from: FeatureShape, y: A, to: FeatureShape): void {
  const moved = toChannelsLast(toChannelsFirst(x, n, from), n, to);
  for (let i = 0; i < y.length; i++) y[i] += moved[i];
}

/**
 * The same numbers in another shape, in channel-major order as ONNX has it: number i of `[C, H, W]` stays number i.
 * x of any shape, y of the shape in the setting: `[C]`, `[L, C]`, `[H, W, C]` or `[D, H, W, C]`. Settings: shape. Source: ONNX Reshape.
 */
export const reshape: LayerDefinition<ReshapeConfig> = {
  kind: 'reshape',
  arity: 'one',

  parse: (settings) => ({ shape: settings.shape('shape') }),
  settings: ({ shape }) => ({ shape: [...shape] }),

  outputShape: (config, [input], name) => target(config, input, name),

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs', maps: 'reshaped', copies: true }),

  forward(_config, { n, inputShapes, outputShape, x, y }) {
    y.fill(0);
    move(n, x[0], inputShapes[0], y, outputShape);
  },
  backward(_config, { n, inputShapes, outputShape, dy, dx }) {
    if (dx[0]) move(n, dy, outputShape, dx[0], inputShapes[0]);
  },

  toOnnx(_config, { name, inputs, outputShape, integers }) {
    // 0 keeps the batch dimension.
    const shape = integers('shape', [0, ...channelsFirst(outputShape)]);
    return [{ opType: 'Reshape', inputs: [inputs[0], shape], outputs: [name] }];
  },

  toPyTorch: (_config, { outputShape }) =>
    expression((x) => `${x}.reshape(${['-1', ...channelsFirst(outputShape)].join(', ')})`),

  toKeras(_config, { inputShapes: [input], outputShape }) {
    const shape = `(${['-1', ...channelsFirst(outputShape)].join(', ')})`;
    return expression((x) => kerasChannelsLast(outputShape, `ops.reshape(${kerasChannelsFirst(input, x)}, ${shape})`));
  },

  reads: (config, region, _input, [input]) => reshapeRegion(region, target(config, input, 'reshape'), input),
  explain: (_config, context) => explainCopy(context),
};
