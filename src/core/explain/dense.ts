import type { ExplainContext, Recomputed } from '../layers/layer';
import { placeOf } from '../layers/region';
import { largestTerms } from './terms';

/** bias + Σ value · weight, each input at its place in the map that was flattened, if one was. */
export function explainDense({ inputs, params, channel }: ExplainContext): Recomputed {
  const [{ values, origin }] = inputs;
  const [weights, biases] = params;
  const bias = biases ? biases[channel] : 0;
  const products = new Float64Array(values.length);
  let positive = 0;
  let negative = 0;
  for (let i = 0; i < values.length; i++) {
    const product = values[i] * weights[channel * values.length + i];
    products[i] = product;
    if (product > 0) positive += product;
    else negative += product;
  }
  const largest = largestTerms(products, (i) => ({
    ...placeOf(origin.shape, i),
    value: values[i],
    weight: weights[channel * values.length + i],
    product: products[i],
  }));
  const value = bias + positive + negative;
  const rest = positive + negative - largest.reduce((sum, term) => sum + term.product, 0);
  return {
    value,
    body: { kind: 'dense', source: origin.layer, bias, terms: values.length, largest, positive, negative, rest },
  };
}
