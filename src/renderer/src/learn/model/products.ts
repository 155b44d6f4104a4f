import type { Lit, Place, Token } from '../scene';
import { shown } from './shown';
import type { Product } from './convolution';

/** What the parts of a sum of products are called in a scene. */
export interface SumParts {
  input: string;
  weight: string;
  output: string;
}

/**
 * What belongs to a place of a sum of products: an output's inputs and weights; an input's or a weight's outputs and partners. A
 * place of part `product` is one of the products themselves.
 */
export function linkProducts(products: readonly Product[], place: Place, parts: SumParts): Lit {
  const side = (Object.keys(parts) as (keyof SumParts)[]).find((each) => parts[each] === place.part);
  const own =
    place.part === 'product'
      ? products.slice(place.index, place.index + 1)
      : side
        ? products.filter((product) => product[side] === place.index)
        : [];
  const indices = (of: keyof SumParts): Set<number> => new Set(own.map((product) => product[of]));
  const lit: Record<string, Set<number>> = { product: new Set(own.map((product) => products.indexOf(product))) };
  for (const each of Object.keys(parts) as (keyof SumParts)[]) lit[parts[each]] = indices(each);
  if (side) lit[place.part] = new Set([place.index]);
  // One product of an output: which output is plain.
  if (place.part === 'product') lit[parts.output] = new Set();
  return lit;
}

/** `1 · 0 + 2 · (−1) + …` of one output, each product a place of its own. */
export function sumTokens(
  products: readonly Product[],
  output: number,
  input: ArrayLike<number>,
  weights: ArrayLike<number>,
  format: (value: number) => string = shown,
): Token[] {
  const own = products.flatMap((product, index) => (product.output === output ? [{ product, index }] : []));
  if (own.length === 0) return [{ text: '0' }];
  return own.flatMap(({ product, index }, i) => [
    ...(i > 0 ? [{ text: ' + ' }] : []),
    {
      text: `${factor(input[product.input], format)} · ${factor(weights[product.weight], format)}`,
      place: { part: 'product', index },
    },
  ]);
}

/** A negative factor stands in brackets. */
export const factor = (value: number, format: (value: number) => string = shown): string =>
  value < 0 ? `(${format(value)})` : format(value);
