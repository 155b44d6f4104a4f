import { valueAt } from '../explain/unit';
import { channelsOf } from '../geometry';
import { sizeOf, type FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import { plainTraits } from './traits';

/** A layer whose maps are maps of its input, each unchanged: its own part, and which map of the input becomes `channel`. */
type Choice<C> = Pick<LayerDefinition<C>, 'kind' | 'parse' | 'settings' | 'outputShape' | 'toOnnx' | 'toPyTorch'> & {
  from(config: C, channel: number, channels: number): number;
};

/** Everything else of such a layer. Any shape; x of `channels` maps. */
export function channelChoice<C>({ from, ...own }: Choice<C>): LayerDefinition<C> {
  /** For each map of the output the map of the input. */
  const chosen = (config: C, input: FeatureShape, output: FeatureShape): Int32Array =>
    Int32Array.from({ length: channelsOf(output) }, (_, channel) => from(config, channel, channelsOf(input)));

  return {
    ...own,
    arity: 'one',
    params: () => [],
    macs: () => 0,
    traits: () => ({ ...plainTraits, negative: 'as inputs', maps: 'some' }),

    forward(config, { n, inputShapes: [input], outputShape, x: [x], y }) {
      const [channels, sources] = [channelsOf(input), chosen(config, input, outputShape)];
      const places = n * (sizeOf(outputShape) / sources.length);
      for (let place = 0; place < places; place++)
        for (let c = 0; c < sources.length; c++) y[place * sources.length + c] = x[place * channels + sources[c]];
    },
    backward(config, { n, inputShapes: [input], outputShape, dy, dx: [dx] }) {
      if (!dx) return;
      const [channels, sources] = [channelsOf(input), chosen(config, input, outputShape)];
      const places = n * (sizeOf(outputShape) / sources.length);
      for (let place = 0; place < places; place++)
        for (let c = 0; c < sources.length; c++) dx[place * channels + sources[c]] += dy[place * sources.length + c];
    },

    reads(config, region, _input, [input]) {
      let [first, last] = [Infinity, -Infinity];
      for (let channel = region.first; channel <= region.last; channel++) {
        const source = from(config, channel, channelsOf(input));
        [first, last] = [Math.min(first, source), Math.max(last, source)];
      }
      return { ...region, first, last };
    },
    explain(config, { inputs: [input], channel, y, x }) {
      const source = from(config, channel, channelsOf(input.shape));
      return {
        value: valueAt(input, source, y, x),
        body: { kind: 'copy', source: input.layer, channel: source, y, x },
      };
    },
  };
}
