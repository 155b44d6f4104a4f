/** Average pooling that a file has as a convolution with ones and a factor for each place. */
import { avgpool } from '../../layers/avgpool';
import { poolGeometry } from '../../layers/pooling';
import { Settings } from '../../layers/settings';
import { poolDivisor } from '../../kernels/reference/pool';
import { eachWindow } from '../../kernels/reference/windows';
import { channelsOf, spatialOf } from '../../geometry';
import { paramKey } from '../../model/graph';
import { SpecError } from '../../model/spec';
import { sizeOf, type FeatureShape } from '../../tensor';
import type { NodeCall } from './call';
import { dimsOf, type Constant, type Features } from './values';

/** The pooling that sums · factors is; null where `sums` is no sum over windows, or the factors are no divisors of it. */
export function averaged({ taking, node }: NodeCall, sums: Features, factors: Constant): Features | null {
  const layer = taking.layerOf(sums.layer, 'conv');
  const channels = channelsOf(sums.shape);
  const places = spatialOf(sums.shape);
  if (!layer || !sums.alone || layer.groups !== channels || layer.bias === true) return null;
  if (taking.params.get(paramKey(layer.name, 'weight'))!.some((weight) => weight !== 1)) return null;
  const { shape } = factors;
  const own = shape.slice(-places.length);
  if (sizeOf(own) !== sizeOf(shape) || dimsOf(sums).length !== places.length + 2) return null;
  if (own.some((size, axis) => size !== places[axis])) return null;
  const input = taking.features(layer.inputs![0]);
  if (channelsOf(input.shape) !== channels) return null;
  const { kernel: size, stride, dilation, padding } = layer;
  for (const candidate of candidatesFor(padding as readonly number[])) {
    const settings = { size, stride, dilation, ...candidate };
    if (divides(settings, input.shape, sums.shape, factors.numbers()))
      return { ...taking.emit(node, 'avgpool', settings, [input]), axes: sums.axes };
  }
  return null;
}

/** Rounding the size up is padding at the end to a convolution, which counts for the divisor or not. */
function candidatesFor(padding: readonly number[]): { padding: number[]; countPadding: boolean; ceil: boolean }[] {
  const axes = padding.length / 2;
  let ends: number[][] = [[]];
  for (const most of padding.slice(axes))
    ends = ends.flatMap((before) => Array.from({ length: most + 1 }, (_, less) => [...before, most - less]));
  return ends.flatMap((end) => {
    const cells = [...padding.slice(0, axes), ...end];
    return [false, true].map((countPadding) => ({ padding: cells, countPadding, ceil: end !== ends[0] }));
  });
}

function divides(
  settings: Record<string, unknown>,
  input: FeatureShape,
  output: FeatureShape,
  factors: ArrayLike<number>,
): boolean {
  try {
    const config = avgpool.parse(new Settings(settings, 'avgpool', input.length - 1), 'avgpool');
    const shape = avgpool.outputShape(config, [input], 'avgpool');
    if (shape.some((size, axis) => size !== output[axis])) return false;
    const geometry = poolGeometry(config, 1, input, output);
    let same = true;
    eachWindow(geometry, (window, _first, _cells, at) => {
      const expected = 1 / (poolDivisor(geometry, at, config.countPadding) || 1);
      same &&= Math.abs(factors[window] - expected) < 1e-6 * expected;
    });
    return same;
  } catch (error) {
    // Padding as wide as the window is none that pooling takes.
    if (error instanceof SpecError) return false;
    throw error;
  }
}
