import { convolve, outputOf, productsOf, type Convolution } from '../../model/convolution';
import { pick } from '../../model/draws';
import { flat, inRows } from '../../model/nested';
import { linkProducts, sumTokens } from '../../model/products';
import { shown } from '../../model/shown';
import type { Scene } from '../../scene';
import { choice, numbers, whole } from '../../state/fields';

/** The same kernel twice: turned by 180°, as mathematics has it, and as it is, as machine learning has it. */
export type Flip = {
  readonly input: readonly (readonly number[])[];
  readonly kernel: readonly (readonly number[])[];
  readonly mode: Mode;
  readonly padding: number;
};
export type Mode = 'convolution' | 'correlation';

export const SIZE = 3;
const MOST = 1e6;
const parts = { input: 'input', weight: 'kernel', output: 'output' };

export const convolutionOf = ({ input, padding }: Pick<Flip, 'input' | 'padding'>): Convolution => ({
  channels: 1,
  filters: 1,
  input: [input.length, input[0].length],
  kernel: [SIZE, SIZE],
  stride: 1,
  padding,
  dilation: 1,
});
/** Turned by 180°: the last weight comes first. */
export const turned = (index: number): number => SIZE * SIZE - 1 - index;
/** The weights in the order in which the window meets them. */
export function weightsOf({ kernel }: Flip, mode: Mode): number[] {
  const weights = flat(kernel);
  return mode === 'convolution' ? weights.reverse() : weights;
}
export const outputs = (state: Flip, mode: Mode): Float64Array =>
  convolve(convolutionOf(state), flat(state.input), weightsOf(state, mode));

/** The products of the chosen mode, each with its weight's index in the kernel as it is written. */
export function products(state: Flip): ReturnType<typeof productsOf> {
  const all = productsOf(convolutionOf(state));
  return state.mode === 'correlation' ? all : all.map((each) => ({ ...each, weight: turned(each.weight) }));
}

const placeOf = (state: Flip, at: number): { row: number; column: number } => {
  const columns = outputOf(convolutionOf(state))[1];
  return { row: Math.floor(at / columns), column: at % columns };
};

const counting = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
];
const sobel = [
  [-1, -2, -1],
  [0, 0, 0],
  [1, 2, 1],
];

export const flip: Scene<Flip> = {
  id: 'flip',
  fields: {
    // prettier-ignore
    input: numbers([[SIZE, 6], [SIZE, 6]], -MOST, MOST),
    // prettier-ignore
    kernel: numbers([[SIZE, SIZE], [SIZE, SIZE]], -MOST, MOST),
    mode: choice('convolution', 'correlation'),
    padding: whole(0, SIZE - 1),
  },
  examples: [
    { id: 'notes', state: { input: counting, kernel: sobel, mode: 'convolution', padding: 1 } },
    {
      id: 'symmetric',
      state: {
        input: counting,
        kernel: [
          [1, 2, 1],
          [2, 4, 2],
          [1, 2, 1],
        ],
        mode: 'convolution',
        padding: 1,
      },
    },
    {
      id: 'point',
      state: {
        input: [
          [0, 0, 0],
          [0, 1, 0],
          [0, 0, 0],
        ],
        kernel: counting,
        mode: 'convolution',
        padding: 1,
      },
    },
  ],
  controls: [
    {
      kind: 'choice',
      name: 'mode',
      options: ['convolution', 'correlation'],
      get: ({ mode }) => mode,
      set: (state, mode) => ({ ...state, mode: mode as Mode }),
    },
    {
      kind: 'whole',
      name: 'padding',
      term: 'padding',
      get: ({ padding }) => padding,
      set: (state, padding) => ({ ...state, padding }),
      range: () => ({ min: 0, max: SIZE - 1 }),
    },
  ],
  steps: (state) => outputOf(convolutionOf(state)).reduce((product, size) => product * size),
  linked: (state, place) => linkProducts(products(state), place, parts),

  formula(state, at) {
    const { row, column } = placeOf(state, at);
    const place = { part: 'output', index: at };
    return [
      { text: `y[${row}, ${column}]`, place },
      { text: ' = ' },
      ...sumTokens(products(state), at, flat(state.input), flat(state.kernel)),
      { text: ' = ' },
      { text: shown(outputs(state, state.mode)[at]), place, result: true },
    ];
  },
  spoken: (state, at) => ({ ...placeOf(state, at), value: shown(outputs(state, state.mode)[at]) }),

  questions: [
    {
      id: 'cell',
      ask(state, turn) {
        const values = outputs(state, state.mode);
        const at = pick(turn, values.length, 4);
        return {
          values: { ...placeOf(state, at), value: shown(values[at]) },
          answer: values[at],
          at,
          hides: { part: 'output', index: at },
        };
      },
    },
    {
      id: 'meets',
      ask(state) {
        const [weight] = weightsOf(state, state.mode);
        return { values: { weight: shown(weight) }, answer: weight };
      },
    },
    {
      id: 'same',
      ask(state) {
        const weights = weightsOf(state, 'correlation');
        const same = weightsOf(state, 'convolution').every((weight, i) => weight === weights[i]);
        return { values: {}, answer: same ? 0 : 1, options: ['yes', 'no'] };
      },
    },
  ],
  table(state) {
    const columns = outputOf(convolutionOf(state))[1];
    return [
      { name: 'input', rows: state.input },
      { name: 'kernel', rows: state.kernel },
      { name: 'convolution', rows: inRows(outputs(state, 'convolution'), columns) },
      { name: 'correlation', rows: inRows(outputs(state, 'correlation'), columns) },
    ];
  },
};
