import type { ExplainContext, ExplainInput, Recomputed } from '../layers/layer';
import {
  channelsOf,
  placeAt,
  planeAt,
  planeWindow,
  spatialOf,
  unitRegion,
  unravel,
  windowRegion,
  type WindowGeometry,
} from '../geometry';
import { sizeOf } from '../tensor';
import { valueAt } from './unit';
import { largestTerms, parts } from './terms';
import type { ExplanationBody, Term, Window, WindowPlane } from './types';

/** One cell of a window, in row-major order. */
interface Cell {
  /** Where it lies in the source, as in `asMap`; −1 in padding. */
  y: number;
  x: number;
  inside: boolean;
  /** Whether a mean that counts padding counts it: not what ceil mode reaches beyond the padding. */
  padded: boolean;
}

/** The cells of the window of a unit. */
function cellsOf(geometry: WindowGeometry, { inputs: [{ shape }], outputShape, y, x }: ExplainContext): Cell[] {
  const { kernel, dilation, pad } = geometry;
  const sizes = spatialOf(shape);
  const { start } = windowRegion(geometry, unitRegion(placeAt(outputShape, y, x), 0));
  return Array.from({ length: sizeOf(kernel) }, (_, index) => {
    const place = unravel(index, kernel).map((cell, axis) => start[axis] + cell * dilation[axis]);
    const inside = place.every((at, axis) => at >= 0 && at < sizes[axis]);
    return {
      ...(inside ? planeAt(shape, place) : { y: -1, x: -1 }),
      inside,
      padded: place.every((at, axis) => at >= -pad[axis] && at < sizes[axis] + pad[axis + sizes.length]),
    };
  });
}

/** The window as a view draws it: over rows and columns. Null for one over three axes. */
function windowAt(geometry: WindowGeometry, { inputs: [input], y, x }: ExplainContext): Window | null {
  const plane = planeWindow(geometry);
  if (!plane) return null;
  const { kernel, stride, dilation, pad } = plane;
  return {
    source: input.layer,
    top: y * stride[0] - pad[0],
    left: x * stride[1] - pad[1],
    height: kernel[0],
    width: kernel[1],
    stride: [...stride],
    dilation: [...dilation],
  };
}

/** One channel of a window; `weights` one per cell, or null where cells are not weighted (pooling). */
function planeOf(input: ExplainInput, cells: Cell[], channel: number, weights: Float64Array | null): WindowPlane {
  const inside = Uint8Array.from(cells, (cell) => Number(cell.inside));
  const values = Float64Array.from(cells, ({ inside, y, x }) => (inside ? valueAt(input, channel, y, x) : 0));
  const sum = values.reduce((total, value, i) => (inside[i] ? total + value * (weights ? weights[i] : 1) : total), 0);
  return { channel, values, weights, inside, sum };
}

/** bias + Σ over the filter's channels of Σ over the window of value · weight. */
export function explainConv(
  geometry: WindowGeometry,
  { filters, groups }: { filters: number; groups: number },
  context: ExplainContext,
): Recomputed {
  const { inputs, params, channel } = context;
  const [weights, biases] = params;
  const area = sizeOf(geometry.kernel);
  const depth = channelsOf(inputs[0].shape) / groups;
  const firstChannel = Math.floor(channel / (filters / groups)) * depth;
  return explainWindows(geometry, context, {
    channels: Array.from({ length: depth }, (_, c) => firstChannel + c),
    weight: (c, cell) => weights[(channel * area + cell) * depth + c],
    bias: biases ? biases[channel] : 0,
  });
}

/** What a unit sums up: the channels that it reads, the weight of channel number i of them in a cell of the window, and a bias. */
interface WeightedWindow {
  channels: readonly number[];
  weight(i: number, cell: number): number;
  bias: number;
}

/** bias + Σ over the channels of Σ over the window of value · weight. */
export function explainWindows(
  geometry: WindowGeometry,
  context: ExplainContext,
  { channels, weight, bias }: WeightedWindow,
): Recomputed {
  const cells = cellsOf(geometry, context);
  const planes = channels.map((channel, i) => {
    const own = Float64Array.from(cells, (_, cell) => weight(i, cell));
    return planeOf(context.inputs[0], cells, channel, own);
  });
  const value = planes.reduce((sum, plane) => sum + plane.sum, bias);
  return { value, body: sumBody(geometry, context, cells, planes, bias) };
}

/** What a sum over a window is told as; over three axes without the window, as over all features. */
function sumBody(
  geometry: WindowGeometry,
  context: ExplainContext,
  cells: readonly Cell[],
  planes: WindowPlane[],
  bias: number,
): ExplanationBody {
  // Cells in padding are no terms of the sum.
  const terms: Term[] = planes.flatMap(({ channel, values, weights, inside }) =>
    cells.flatMap(({ y, x }, i) => {
      if (!inside[i] || !weights) return [];
      return [{ channel, y, x, value: values[i], weight: weights[i], product: values[i] * weights[i] }];
    }),
  );
  const products = Float64Array.from(terms, (term) => term.product);
  const largest = largestTerms(products, (i) => terms[i]);
  const window = windowAt(geometry, context);
  const told = { window, planes: window && planes, bias, largest, ...parts(products, largest) };
  return { kind: 'sum', source: context.inputs[0].layer, ...told };
}

/** The largest value of the window inside the map: the first in row-major order on a tie, a NaN before all. */
export function explainMaxPool(geometry: WindowGeometry, context: ExplainContext): Recomputed {
  const { inputs, channel } = context;
  const cells = cellsOf(geometry, context);
  const plane = planeOf(inputs[0], cells, channel, null);
  const candidates = cells
    .map(({ y, x, inside }, i) => ({ y, x, inside, value: plane.values[i] }))
    .filter((cell) => cell.inside);
  const largest = candidates.reduce((best, cell) => Math.max(best, cell.value), -Infinity);
  const found = candidates.find((cell) => Object.is(cell.value, largest) || cell.value === largest);
  const winner = found ? { y: found.y, x: found.x, value: found.value } : { y: -1, x: -1, value: -Infinity };
  const window = windowAt(geometry, context);
  const source = inputs[0].layer;
  if (window) return { value: winner.value, body: { kind: 'pick', source, window, plane, winner } };
  // Over three axes: where it comes from; a window wholly in padding is a sum of nothing.
  const { value, y, x } = winner;
  if (found) return { value, body: { kind: 'copy', source, channel, y, x } };
  return { value, body: sumBody(geometry, context, cells, [], value) };
}

/** The window's sum ÷ the number of cells that count. */
export function explainAveragePool(
  geometry: WindowGeometry,
  countPadding: boolean,
  context: ExplainContext,
): Recomputed {
  const { inputs, channel } = context;
  const cells = cellsOf(geometry, context);
  const plane = planeOf(inputs[0], cells, channel, null);
  const divisor = cells.filter((cell) => (countPadding ? cell.padded : cell.inside)).length;
  const value = plane.sum / (divisor || 1);
  const window = windowAt(geometry, context);
  if (window) return { value, body: { kind: 'mean', source: inputs[0].layer, window, plane, divisor } };
  const shares = { ...plane, weights: plane.values.map(() => 1 / (divisor || 1)) };
  return { value, body: sumBody(geometry, context, cells, [shares], 0) };
}
