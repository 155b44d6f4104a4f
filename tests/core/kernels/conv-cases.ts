import { convBackward, convForward, type ConvGeometry } from '../../../src/core/kernels/reference/conv';
import { onMap, type MapWindow } from './images';

/** Of the largest magnitude: what float32 sums of a few hundred products may be off by. */
export const TOLERANCE = 3e-6;

export type Four = [number, number, number, number];

export const geometry = (values: Omit<MapWindow, 'outHeight' | 'outWidth'> & { filters: number; groups: number }) => {
  const { height, width, kernel, stride, dilation, pad } = values;
  const out = (size: number, i: 0 | 1): number =>
    Math.floor((size + pad[i] + pad[i + 2] - (kernel[i] - 1) * dilation[i] - 1) / stride[i]) + 1;
  return onMap({ ...values, outHeight: out(height, 0), outWidth: out(width, 1) });
};

/** Reference results, in doubles. */
export function reference(g: ConvGeometry, x: Float32Array, w: Float32Array, bias: Float32Array, dy: Float32Array) {
  const y = new Float64Array(dy.length);
  convForward<Float64Array>(g, Float64Array.from(x), Float64Array.from(w), Float64Array.from(bias), y);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  const db = new Float64Array(bias.length);
  convBackward<Float64Array>(g, Float64Array.from(x), Float64Array.from(w), Float64Array.from(dy), dx, dw, db);
  return { y, dx, dw, db };
}

export const relu = (values: Float64Array): Float64Array => values.map((v) => Math.max(v, 0));
export const out = (g: ReturnType<typeof geometry>): [number, number, number] => [g.outHeight, g.outWidth, g.filters];
