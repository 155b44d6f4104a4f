import { channelsOf, spatialOf, unravel } from '../../geometry';
import { sizeOf, type FeatureShape, type FloatArray } from '../../tensor';
import { accumulate } from './conv';

/** What one place of the output reads along an axis: two places (the same one twice for nearest), the second with weight `share`. */
export interface Tap {
  first: number;
  second: number;
  share: number;
}

/**
 * The taps along an axis of `size` places that becomes `factor` times as many. Nearest: ⌊o ÷ factor⌋. Linear: between the two places around
 * (o + ½) ÷ factor − ½, at the borders the last one (PyTorch's align_corners=False, ONNX's half_pixel).
 */
export function tapsAlong(size: number, factor: number, linear: boolean): Tap[] {
  return Array.from({ length: size * factor }, (_, place) => {
    if (!linear) {
      const first = Math.floor(place / factor);
      return { first, second: first, share: 0 };
    }
    const at = Math.max(0, (place + 0.5) / factor - 0.5);
    const first = Math.min(Math.floor(at), size - 1);
    const second = Math.min(first + 1, size - 1);
    return { first, second, share: second === first ? 0 : at - first };
  });
}

/** A place of the input and its weight. */
export interface Share {
  place: number[];
  weight: number;
}

/** What a place of the output is made of; places of weight 0 left out. */
export function sharesOf(taps: readonly (readonly Tap[])[], at: readonly number[]): Share[] {
  let shares: Share[] = [{ place: [], weight: 1 }];
  at.forEach((place, axis) => {
    const { first, second, share } = taps[axis][place];
    shares = shares.flatMap(({ place: before, weight }) => [
      { place: [...before, first], weight: weight * (1 - share) },
      ...(share > 0 ? [{ place: [...before, second], weight: weight * share }] : []),
    ]);
  });
  return shares;
}

/** Calls `visit` for every share of every place: first indices in the output's and the input's array. */
function eachShare(
  n: number,
  input: FeatureShape,
  output: FeatureShape,
  taps: readonly (readonly Tap[])[],
  visit: (out: number, from: number, weight: number) => void,
): void {
  const [sizes, outSizes] = [spatialOf(input), spatialOf(output)];
  const channels = channelsOf(input);
  const places = sizeOf(outSizes);
  for (let place = 0; place < places; place++) {
    for (const share of sharesOf(taps, unravel(place, outSizes))) {
      const from = share.place.reduce((index, each, axis) => index * sizes[axis] + each, 0);
      for (let k = 0; k < n; k++)
        visit((k * places + place) * channels, (k * sizeOf(sizes) + from) * channels, share.weight);
    }
  }
}

/** y = Σ weight · x. */
export function resampleForward<A extends FloatArray>(
  n: number,
  input: FeatureShape,
  output: FeatureShape,
  taps: readonly (readonly Tap[])[],
  x: A,
  y: A,
): void {
  const channels = channelsOf(input);
  const sums = new Float64Array(y.length);
  eachShare(n, input, output, taps, (out, from, weight) => {
    for (let c = 0; c < channels; c++) sums[out + c] += weight * x[from + c];
  });
  y.set(sums);
}

/** dx += weight · dy. */
export function resampleBackward<A extends FloatArray>(
  n: number,
  input: FeatureShape,
  output: FeatureShape,
  taps: readonly (readonly Tap[])[],
  dy: A,
  dx: A,
): void {
  const channels = channelsOf(input);
  const sums = new Float64Array(dx.length);
  eachShare(n, input, output, taps, (out, from, weight) => {
    for (let c = 0; c < channels; c++) sums[from + c] += weight * dy[out + c];
  });
  accumulate(sums, dx);
}
