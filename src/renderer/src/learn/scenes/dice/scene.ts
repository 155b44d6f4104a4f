import { convolve, productsOf, type Convolution, type Product } from '../../model/convolution';
import { pick } from '../../model/draws';
import { resized } from '../../model/nested';
import { linkProducts, sumTokens } from '../../model/products';
import { shown } from '../../model/shown';
import type { Scene } from '../../scene';
import { choice, numbers } from '../../state/fields';

/** Two lists of numbers, folded into one: z[k] = Σ x[i] · h[k − i]. */
export type Dice = {
  /** What they mean, which says how their places are counted: faces from 1, moments from 0. */
  readonly about: 'dice' | 'signal';
  readonly first: readonly number[];
  readonly second: readonly number[];
};

const MOST = { first: 12, second: 6, value: 1e6 };
const parts = { input: 'first', weight: 'second', output: 'output' };

/** As the core computes it: a cross-correlation over one row, with `second` turned round and a full padding. */
const convolutionOf = ({ first, second }: Dice): Convolution => ({
  channels: 1,
  filters: 1,
  input: [1, first.length],
  kernel: [1, second.length],
  stride: 1,
  padding: [0, second.length - 1],
  dilation: 1,
});
export const outputs = (state: Dice): Float64Array =>
  convolve(convolutionOf(state), state.first, [...state.second].reverse());
export const products = (state: Dice): Product[] =>
  productsOf(convolutionOf(state)).map((each) => ({ ...each, weight: state.second.length - 1 - each.weight }));

/** What the first place of a list is called; a sum of two dice begins with 2. */
export const firstPlace = ({ about }: Dice, list: 'first' | 'second' | 'output'): number =>
  about === 'signal' ? 0 : list === 'output' ? 2 : 1;

/** Denominators that people read at a glance: dice, halves of halves. */
const DENOMINATORS = [1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 36];
/** A fraction where it is a plain one. */
export function fraction(value: number): string {
  const under = DENOMINATORS.find((each) => Math.abs(value * each - Math.round(value * each)) < 1e-9);
  if (under === 1) return shown(Math.round(value));
  if (under === undefined || Math.abs(value) >= 10) return shown(value);
  return `${shown(Math.round(value * under))}/${under}`;
}

const die = Array.from({ length: 6 }, () => 1 / 6);

export const dice: Scene<Dice> = {
  id: 'dice',
  fields: {
    about: choice('dice', 'signal'),
    first: numbers([[1, MOST.first]], -MOST.value, MOST.value),
    second: numbers([[1, MOST.second]], -MOST.value, MOST.value),
  },
  examples: [
    { id: 'dice', state: { about: 'dice', first: die, second: die } },
    {
      id: 'loaded',
      state: { about: 'dice', first: die, second: [1 / 12, 1 / 12, 1 / 12, 1 / 12, 1 / 6, 1 / 2] },
    },
    { id: 'decay', state: { about: 'signal', first: [4, 0, 0, 8, 4, 0, 0, 0], second: [1, 1 / 2, 1 / 4] } },
    {
      id: 'average',
      state: { about: 'signal', first: [0, 0, 6, 0, 6, 6, 6, 6, 0, 0], second: [1 / 3, 1 / 3, 1 / 3] },
    },
  ],
  controls: [
    {
      kind: 'whole',
      name: 'first',
      get: ({ first }) => first.length,
      set: (state, size) => ({ ...state, first: resized(state.first, [size]) }),
      range: () => ({ min: 1, max: MOST.first }),
    },
    {
      kind: 'whole',
      name: 'second',
      get: ({ second }) => second.length,
      set: (state, size) => ({ ...state, second: resized(state.second, [size]) }),
      range: () => ({ min: 1, max: MOST.second }),
    },
  ],
  steps: ({ first, second }) => first.length + second.length - 1,
  linked: (state, place) => linkProducts(products(state), place, parts),

  formula(state, at) {
    const place = { part: 'output', index: at };
    return [
      { text: `z[${at + firstPlace(state, 'output')}]`, place },
      { text: ' = ' },
      ...sumTokens(products(state), at, state.first, state.second, fraction),
      { text: ' = ' },
      { text: fraction(outputs(state)[at]), place, result: true },
    ];
  },
  spoken: (state, at) => ({ place: at + firstPlace(state, 'output'), value: fraction(outputs(state)[at]) }),

  questions: [
    {
      id: 'value',
      ask(state, turn) {
        const values = outputs(state);
        const at = pick(turn, values.length, 11);
        return {
          values: { place: at + firstPlace(state, 'output'), value: fraction(values[at]) },
          answer: values[at],
          at,
          hides: { part: 'output', index: at },
        };
      },
    },
    {
      id: 'largest',
      ask(state) {
        const values = [...outputs(state)];
        const most = Math.max(...values);
        const ties = values.filter((value) => Math.abs(value - most) <= 1e-9 * Math.abs(most));
        if (ties.length > 1) return null;
        const place = values.indexOf(most) + firstPlace(state, 'output');
        return { values: { place, value: fraction(most) }, answer: place };
      },
    },
    {
      id: 'pairs',
      ask(state, turn) {
        const at = pick(turn, state.first.length + state.second.length - 1, 12);
        const pairs = products(state).filter(({ output }) => output === at).length;
        return { values: { place: at + firstPlace(state, 'output'), pairs }, answer: pairs };
      },
    },
  ],
  table: (state) => [
    { name: 'x', rows: [state.first] },
    { name: 'h', rows: [state.second] },
    { name: 'z', rows: [[...outputs(state)]] },
  ],
};
