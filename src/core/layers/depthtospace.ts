import { say } from '../../words';
import { valueAt } from '../explain/unit';
import { channelsOf } from '../geometry';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import { expression } from './pytorch';
import { plainTraits } from './traits';

export interface DepthToSpaceConfig {
  /** Rows and columns of a block. */
  factor: number;
  mode: 'DCR' | 'CRD';
}

/** The channel of the input that becomes `channel` at row i and column j of a block. */
export function sourceChannel(
  { factor: block, mode }: DepthToSpaceConfig,
  channels: number,
  channel: number,
  i: number,
  j: number,
): number {
  const cell = i * block + j;
  return mode === 'DCR' ? cell * channels + channel : channel * block * block + cell;
}

/** Calls `visit` for every unit, with its index in the output and in the input. */
function eachUnit(
  config: DepthToSpaceConfig,
  n: number,
  [height, width, channels]: FeatureShape,
  visit: (out: number, from: number) => void,
): void {
  const block = config.factor;
  for (let out = 0; out < n * height * width * channels; out++) {
    const channel = out % channels;
    const x = Math.floor(out / channels) % width;
    // Rows of all samples: each is a whole number of blocks.
    const row = Math.floor(out / channels / width);
    const place = Math.floor(row / block) * (width / block) + Math.floor(x / block);
    visit(out, place * channels * block * block + sourceChannel(config, channels, channel, row % block, x % block));
  }
}

/**
 * Depth to space: each place's channels become a block of `block` × `block` places: x `[H, W, C]`, y `[block · H, block · W, C ÷ block²]`. Mode DCR: the
 * channels of the block's first place first; CRD: the places of the first channel first (PyTorch's PixelShuffle).
 * Settings: factor (the block's side), mode 'DCR'. Source: Shi et al. 2016, sub-pixel convolution; ONNX DepthToSpace.
 */
export const depthtospace: LayerDefinition<DepthToSpaceConfig> = {
  kind: 'depthtospace',
  arity: 'one',

  parse: (settings) => ({
    factor: settings.integer('factor', undefined, 1, 64),
    mode: settings.oneOf('mode', 'DCR', ['DCR', 'CRD']),
  }),
  settings: ({ factor, mode }) => ({ factor, mode }),

  outputShape({ factor: block }, [input], name) {
    if (input.length !== 3) throw new SpecError(name, 'inputs', input, say('spec.plane'));
    const [height, width, channels] = input;
    if (channels % block ** 2 !== 0)
      throw new SpecError(name, 'factor', block, say('spec.divisor-square', { channels }));
    return [height * block, width * block, channels / block ** 2];
  },

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs', maps: 'some' }),

  forward(config, { n, outputShape, x, y }) {
    eachUnit(config, n, outputShape, (out, from) => (y[out] = x[0][from]));
  },
  backward(config, { n, outputShape, dy, dx }) {
    const [target] = dx;
    if (target) eachUnit(config, n, outputShape, (out, from) => (target[from] += dy[out]));
  },

  toOnnx: ({ factor: block, mode }, { name, inputs }) => [
    { opType: 'DepthToSpace', inputs: [inputs[0]], outputs: [name], attributes: { blocksize: block, mode } },
  ],

  toPyTorch({ factor, mode }) {
    const turned = `.unflatten(1, (${factor}, ${factor}, -1)).permute(0, 3, 4, 1, 5, 2).flatten(4, 5).flatten(2, 3)`;
    return expression((x) => (mode === 'CRD' ? `F.pixel_shuffle(${x}, ${factor})` : x + turned));
  },

  reads(config, region, _input, [input]) {
    const block = config.factor;
    const channels = channelsOf(input) / block ** 2;
    const blockOf = (place: number): number => Math.floor(place / block);
    // Rows and columns of a block that the region has.
    const cells = region.start.map((start, axis) => {
      const many = Math.min(region.end[axis] - start + 1, block);
      return Array.from({ length: many }, (_, i) => (((start + i) % block) + block) % block);
    });
    const read = cells[0].flatMap((i) =>
      cells[1].flatMap((j) => [region.first, region.last].map((c) => sourceChannel(config, channels, c, i, j))),
    );
    const [start, end] = [region.start.map(blockOf), region.end.map(blockOf)];
    return { start, end, first: Math.min(...read), last: Math.max(...read) };
  },
  explain(config, { inputs: [input], outputShape, channel, y, x }) {
    const block = config.factor;
    const from = {
      channel: sourceChannel(config, channelsOf(outputShape), channel, y % block, x % block),
      y: Math.floor(y / block),
      x: Math.floor(x / block),
    };
    const value = valueAt(input, from.channel, from.y, from.x);
    return { value, body: { kind: 'copy', source: input.layer, ...from } };
  },
};
