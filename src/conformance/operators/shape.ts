import { sizeOf } from '../../core/tensor';
import { IT, isEmpty, runLayers } from '../core';
import type { Operator } from '../call';
import { floats, reshaped } from '../value';
import { fromCore, sampleShape, toCore, type View } from '../view';

/** What lies before the axis are samples; the rest becomes flat. */
export const flatten: Operator = async (call) => {
  const x = call.floats(0);
  const axis = call.axis('axis', 1, x.shape.length);
  const n = sizeOf(x.shape.slice(0, axis));
  const shape = [n, sizeOf(x.shape.slice(axis))];
  if (isEmpty(x.shape)) return [reshaped(x, shape)];
  const view: View = { n, feature: sampleShape(x.shape.slice(axis)) };
  const { output } = await runLayers(call.core, toCore(x, view), n, view.feature, {
    layers: [{ kind: 'flatten', name: IT }],
  });
  return [floats(shape, output)];
};

/** Version 1 has the shape as an attribute. 0 copies the input's dimension (unless `allowzero`), −1 is computed from the others. */
export const reshape: Operator = async (call) => {
  const x = call.floats(0);
  const asked = call.opset < 5 ? (call.integersOf('shape') ?? []) : call.integers(1).data;
  const copied = asked.map((size, axis) => (size === 0 && call.number('allowzero', 0) === 0 ? x.shape[axis] : size));
  const known = sizeOf(copied.filter((size) => size !== -1));
  const shape = copied.map((size) => (size === -1 ? sizeOf(x.shape) / known : size));
  if (isEmpty(x.shape)) return [reshaped(x, shape)];
  // Samples stay samples where their number does; otherwise all is one sample.
  const kept = x.shape.length > 0 && shape.length > 0 && x.shape[0] === shape[0];
  const n = kept ? shape[0] : 1;
  const from: View = { n, feature: sampleShape(kept ? x.shape.slice(1) : x.shape) };
  const to: View = { n, feature: sampleShape(kept ? shape.slice(1) : shape) };
  const layers = [{ kind: 'reshape', name: IT, shape: [...to.feature] }];
  const { output } = await runLayers(call.core, toCore(x, from), n, from.feature, { layers });
  return [fromCore(output, to, shape)];
};

export const depthToSpace: Operator = async (call) => {
  const x = call.floats(0);
  const [n, channels, height, width] = x.shape;
  const block = call.number('blocksize', 1);
  const layers = [{ kind: 'depthtospace', name: IT, factor: block, mode: call.text('mode', 'DCR') }];
  const from: View = { n, feature: [height, width, channels] };
  const { output, feature } = await runLayers(call.core, toCore(x, from), n, from.feature, { layers });
  return [fromCore(output, { n, feature }, [n, channels / block ** 2, height * block, width * block])];
};
