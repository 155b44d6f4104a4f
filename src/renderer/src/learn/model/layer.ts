import { unitRegion, type Region } from '../../../../core/geometry';
import type { LayerDefinition } from '../../../../core/layers/layer';
import { Settings } from '../../../../core/layers/settings';
import { sizeOf } from '../../../../core/tensor';

/** A layer of the core on what a scene has, its parameters as they begin: doubles in, doubles out. */
export interface OneMap {
  /** `[H, W, 1]`, or `[units]`. */
  shape: readonly number[];
  values: Float64Array;
  /** Which cells of the input a unit of the output reads. */
  reads(unit: number): Region;
  /** The gradient of the input, from that of the output. */
  back(dy: Float64Array): Float64Array;
  /** How much the output would gain for each unit that an input gains: its gradient, through one unit of the output. */
  shares(unit: number): Float64Array;
}

/** @param input `[H, W, channels]`, row by row. @throws SpecError where the settings do not fit the input. */
export function layerOn<C>(
  definition: LayerDefinition<C>,
  settings: Readonly<Record<string, unknown>>,
  inputShape: readonly number[],
  input: ArrayLike<number>,
): OneMap {
  const name = 'scene';
  const config = definition.parse(new Settings(settings, name, inputShape.length - 1), name);
  const shape = definition.outputShape(config, [inputShape], name);
  const values = new Float64Array(sizeOf(shape));
  const x = [Float64Array.from(input)];
  const params = definition.params(config, [inputShape]).map(({ shape: own, init }) => {
    if (init === 'weight') throw new Error(`${definition.kind} has weights to be learned`);
    return new Float64Array(sizeOf(own)).fill(init);
  });
  const shared = { n: 1, inputShapes: [inputShape], outputShape: shape, params, training: false, saved: {} };
  definition.forward(config, { ...shared, x, y: values });
  const back = (dy: Float64Array): Float64Array => {
    const dx = [new Float64Array(input.length)];
    definition.backward(config, { ...shared, x, y: values, dy, dx, dParams: params.map(() => undefined) });
    return dx[0];
  };
  return {
    shape,
    values,
    reads(unit) {
      const [columns, channels] = shape.length > 1 ? [shape[1], shape[2]] : [0, shape[0]];
      const place = Math.floor(unit / channels);
      const at = shape.length > 1 ? [Math.floor(place / columns), place % columns] : [];
      return definition.reads(config, unitRegion(at, unit % channels), 0, [inputShape])!;
    },
    back,
    shares(unit) {
      const dy = new Float64Array(values.length);
      dy[unit] = 1;
      return back(dy);
    },
  };
}
