import type { ExplainContext, ExplainInput, Recomputed } from '../layers/layer';
import { asMap, type WindowGeometry } from '../geometry';
import { valueAt } from './unit';
import { largestTerms, parts } from './terms';
import type { Term, Window, WindowPlane } from './types';

function windowAt({ kernel, stride, dilation, pad }: WindowGeometry, source: number, y: number, x: number): Window {
  return {
    source,
    top: y * stride[0] - pad[0],
    left: x * stride[1] - pad[1],
    height: kernel[0],
    width: kernel[1],
    stride: [stride[0], stride[1]],
    dilation: [dilation[0], dilation[1]],
  };
}

/** The place in the source map of each cell of a window, row by row. */
function cells({ top, left, height, width, dilation }: Window): { y: number; x: number }[] {
  return Array.from({ length: height * width }, (_, i) => ({
    y: top + Math.floor(i / width) * dilation[0],
    x: left + (i % width) * dilation[1],
  }));
}

/** One channel of a window; `weights` one per cell, or null where cells are not weighted (pooling). */
function planeOf(input: ExplainInput, window: Window, channel: number, weights: Float64Array | null): WindowPlane {
  const [height, width] = asMap(input.shape);
  const places = cells(window);
  const inside = Uint8Array.from(places, ({ y, x }) => Number(y >= 0 && y < height && x >= 0 && x < width));
  const values = Float64Array.from(places, ({ y, x }, i) => (inside[i] ? valueAt(input, channel, y, x) : 0));
  const sum = values.reduce((total, value, i) => (inside[i] ? total + value * (weights ? weights[i] : 1) : total), 0);
  return { channel, values, weights, inside, sum };
}

/** bias + Σ over the filter's channels of Σ over the window of value · weight. */
export function explainConv(
  geometry: WindowGeometry,
  { filters, groups, kernel }: { filters: number; groups: number; kernel: readonly [number, number] },
  { inputs, params, channel, y, x }: ExplainContext,
): Recomputed {
  const [input] = inputs;
  const [weights, biases] = params;
  const window = windowAt(geometry, input.layer, y, x);
  const area = kernel[0] * kernel[1];
  const depth = asMap(input.shape)[2] / groups;
  const firstChannel = Math.floor(channel / (filters / groups)) * depth;
  const planes = Array.from({ length: depth }, (_, c) => {
    const own = Float64Array.from({ length: area }, (_cell, i) => weights[(channel * area + i) * depth + c]);
    return planeOf(input, window, firstChannel + c, own);
  });
  const bias = biases ? biases[channel] : 0;
  const places = cells(window);
  // Cells in padding are no terms of the sum.
  const terms: Term[] = planes.flatMap((plane) =>
    places.flatMap((place, i) => {
      if (!plane.inside[i] || !plane.weights) return [];
      const [value, weight] = [plane.values[i], plane.weights[i]];
      return [{ channel: plane.channel, ...place, value, weight, product: value * weight }];
    }),
  );
  const products = Float64Array.from(terms, (term) => term.product);
  const largest = largestTerms(products, (i) => terms[i]);
  const value = planes.reduce((sum, plane) => sum + plane.sum, bias);
  return {
    value,
    body: { kind: 'sum', source: window.source, window, planes, bias, largest, ...parts(products, largest) },
  };
}

/** The largest value of the window inside the map: the first in row-major order on a tie, a NaN before all. */
export function explainMaxPool(geometry: WindowGeometry, { inputs, channel, y, x }: ExplainContext): Recomputed {
  const window = windowAt(geometry, inputs[0].layer, y, x);
  const plane = planeOf(inputs[0], window, channel, null);
  const candidates = cells(window)
    .map((place, i) => ({ ...place, value: plane.values[i], inside: plane.inside[i] }))
    .filter((cell) => cell.inside);
  const largest = candidates.reduce((best, cell) => Math.max(best, cell.value), -Infinity);
  const found = candidates.find((cell) => Object.is(cell.value, largest) || cell.value === largest);
  const winner = found ? { y: found.y, x: found.x, value: found.value } : { y: -1, x: -1, value: -Infinity };
  return { value: winner.value, body: { kind: 'pick', source: window.source, window, plane, winner } };
}

/** The window's sum ÷ the number of cells that count. */
export function explainAveragePool(
  geometry: WindowGeometry,
  countPadding: boolean,
  { inputs, channel, y, x }: ExplainContext,
): Recomputed {
  const window = windowAt(geometry, inputs[0].layer, y, x);
  const plane = planeOf(inputs[0], window, channel, null);
  const [height, width] = asMap(inputs[0].shape);
  const [top, left, bottom, right] = countPadding ? geometry.pad : [0, 0, 0, 0];
  const counted = cells(window).filter(
    (cell) => cell.y >= -top && cell.y < height + bottom && cell.x >= -left && cell.x < width + right,
  );
  const divisor = counted.length;
  return { value: plane.sum / (divisor || 1), body: { kind: 'mean', source: window.source, window, plane, divisor } };
}
