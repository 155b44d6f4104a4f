import { largestTerms, parts } from '../explain/terms';
import { valueAt } from '../explain/unit';
import { channelsOf, placeAt, planeAt, spatialOf } from '../geometry';
import { resampleBackward, resampleForward, sharesOf, tapsAlong, type Tap } from '../kernels/reference/resample';
import type { FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import { expression, tuple } from './pytorch';
import { shortPerAxis } from './settings';
import { plainTraits } from './traits';
import { mapShape } from './window';

export interface UpsampleConfig {
  factor: readonly number[];
  mode: 'nearest' | 'linear';
}

/** What each place of the output reads, along every axis. */
export function tapsOf({ factor, mode }: UpsampleConfig, input: FeatureShape): Tap[][] {
  return spatialOf(input).map((size, axis) => tapsAlong(size, factor[axis], mode === 'linear'));
}

/**
 * Upsampling: x `[H, W, C]`, y `[factor · H, factor · W, C]`; signals and volumes likewise. Nearest: each value repeated. Linear (bilinear on a
 * map): between the values around (o + ½) ÷ factor − ½, the outermost beyond them. Settings: factor, mode 'nearest'.
 * Source: ONNX Resize, asymmetric with floor, and half_pixel; PyTorch Upsample with align_corners=False.
 */
export const upsample: LayerDefinition<UpsampleConfig> = {
  kind: 'upsample',
  arity: 'one',

  parse: (settings) => ({
    factor: settings.perAxis('factor', undefined, 1, 64),
    mode: settings.oneOf('mode', 'nearest', ['nearest', 'linear']),
  }),
  settings: ({ factor, mode }) => ({ factor: shortPerAxis(factor), mode }),

  outputShape({ factor }, [input], name) {
    return [...spatialOf(mapShape(input, name)).map((size, axis) => size * factor[axis]), channelsOf(input)];
  },

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs' }),

  forward(config, { n, inputShapes: [input], outputShape, x, y }) {
    resampleForward(n, input, outputShape, tapsOf(config, input), x[0], y);
  },
  backward(config, { n, inputShapes: [input], outputShape, dy, dx }) {
    if (dx[0]) resampleBackward(n, input, outputShape, tapsOf(config, input), dy, dx[0]);
  },

  toOnnx({ factor, mode }, { name, inputs, initializer }) {
    const scales = initializer('scales', [factor.length + 2], Float32Array.of(1, 1, ...factor));
    const attributes: Record<string, string> =
      mode === 'linear'
        ? { mode, coordinate_transformation_mode: 'half_pixel' }
        : { mode, coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    return [{ opType: 'Resize', inputs: [inputs[0], '', scales], outputs: [name], attributes }];
  },

  toPyTorch({ factor, mode }) {
    const linear = ['linear', 'bilinear', 'trilinear'][factor.length - 1];
    const how = mode === 'linear' ? `mode='${linear}', align_corners=False` : `mode='nearest'`;
    return expression((x) => `F.interpolate(${x}, scale_factor=${tuple(factor)}, ${how})`);
  },

  reads({ factor, mode }, region) {
    // Between the places around (o + ½) ÷ factor − ½, which at the border lie outside.
    const at = (place: number, axis: number): number =>
      mode === 'linear' ? (2 * place + 1 - factor[axis]) / (2 * factor[axis]) : Math.floor(place / factor[axis]);
    // + 0: not −0.
    return {
      ...region,
      start: region.start.map((place, axis) => Math.floor(at(place, axis))),
      end: region.end.map((place, axis) => Math.ceil(at(place, axis)) + 0),
    };
  },
  explain(config, { inputs: [input], outputShape, channel, y, x }) {
    const shares = sharesOf(tapsOf(config, input.shape), placeAt(outputShape, y, x));
    const terms = shares.map(({ place, weight }) => {
      const at = planeAt(input.shape, place);
      const value = valueAt(input, channel, at.y, at.x);
      return { channel, ...at, value, weight, product: value * weight };
    });
    const source = input.layer;
    const [only] = terms;
    if (terms.length === 1) return { value: only.value, body: { kind: 'copy', source, channel, y: only.y, x: only.x } };
    const products = Float64Array.from(terms, ({ product }) => product);
    const largest = largestTerms(products, (i) => terms[i]);
    const told = parts(products, largest);
    return {
      value: told.positive + told.negative,
      body: { kind: 'sum', source, window: null, planes: null, bias: 0, largest, ...told },
    };
  },
};
