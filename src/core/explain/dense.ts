import type { ExplainContext, Recomputed } from '../layers/layer';
import { placeOf } from '../geometry';
import { largestTerms, parts } from './terms';

/** bias + Σ value · weight, each input at its place in the map that was flattened, if one was. */
export function explainDense({ inputs, params, channel }: ExplainContext): Recomputed {
  const [{ values, origin }] = inputs;
  const [weights, biases] = params;
  const bias = biases ? biases[channel] : 0;
  const products = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) products[i] = values[i] * weights[channel * values.length + i];
  const largest = largestTerms(products, (i) => ({
    ...placeOf(origin.shape, i),
    value: values[i],
    weight: weights[channel * values.length + i],
    product: products[i],
  }));
  const told = parts(products, largest);
  const value = bias + told.positive + told.negative;
  return { value, body: { kind: 'sum', source: origin.layer, window: null, planes: null, bias, largest, ...told } };
}
