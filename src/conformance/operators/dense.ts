import { sizeOf } from '../../core/tensor';
import { IT, paramsOfIt, runLayers } from '../core';
import type { Call, Operator } from '../call';
import { broadcastShape, expanded, floats, permuted, type FloatValue } from '../value';
import { addValues } from './join';

/** Rows `[M, K]` through a dense layer with weights `[N, K]`: `[M, N]`. */
async function runDense(
  call: Call,
  rows: FloatValue,
  weight: FloatValue,
  bias: Float32Array | null,
): Promise<FloatValue> {
  const [m, k] = rows.shape;
  const [units] = weight.shape;
  const { output } = await runLayers(call.core, rows.data, m, [k], {
    layers: [{ kind: 'dense', name: IT, units, bias: bias !== null }],
    params: paramsOfIt({ weight: weight.data, bias }),
  });
  return floats([m, units], output);
}

/** α · A · B + β · C. What C adds to every row alike is the layer's bias; anything else an add layer after it. */
export const gemm: Operator = async (call) => {
  const a = call.floats(0);
  const b = call.floats(1);
  const c = call.optionalFloats(2);
  const [alpha, beta] = [call.number('alpha', 1), call.number('beta', 1)];
  const rows = call.number('transA', 0) === 1 ? permuted(a, [1, 0]) : a;
  const weight = scaled(call.number('transB', 0) === 1 ? b : permuted(b, [1, 0]), alpha);
  const [m, n] = [rows.shape[0], weight.shape[0]];
  if (!c) return [await runDense(call, rows, weight, null)];
  if (sizeOf(c.shape.slice(0, -1)) === 1)
    return [await runDense(call, rows, weight, scaled(expanded(c, [1, n]), beta).data)];
  return [await addValues(call, [await runDense(call, rows, weight, null), scaled(expanded(c, [m, n]), beta)])];
};

function scaled(value: FloatValue, factor: number): FloatValue {
  return factor === 1
    ? value
    : floats(
        value.shape,
        value.data.map((each) => each * factor),
      );
}

/** numpy's matmul: a vector is a row or a column, further dimensions are batches that repeat where they are 1. */
export const matMul: Operator = async (call) => {
  const left = call.floats(0);
  const right = call.floats(1);
  const a = left.shape.length === 1 ? floats([1, ...left.shape], left.data) : left;
  const b = right.shape.length === 1 ? floats([...right.shape, 1], right.data) : right;
  const [m, k] = a.shape.slice(-2);
  const n = b.shape[b.shape.length - 1];
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const rows = expanded(a, [...batch, m, k]);
  const columns = expanded(b, [...batch, k, n]);
  const count = sizeOf(batch);
  const data = new Float32Array(count * m * n);
  for (let i = 0; i < count; i++) {
    const own = floats([m, k], rows.data.subarray(i * m * k, (i + 1) * m * k));
    const weight = permuted(floats([k, n], columns.data.subarray(i * k * n, (i + 1) * k * n)), [1, 0]);
    data.set((await runDense(call, own, weight, null)).data, i * m * n);
  }
  const shape = [...batch, ...(left.shape.length === 1 ? [] : [m]), ...(right.shape.length === 1 ? [] : [n])];
  return [floats(shape, data)];
};
