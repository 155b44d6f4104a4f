import { spread } from '../../../../../core/layers/window';
import { convolve, outputOf, outputSize, productsOf, type Convolution, type Product } from '../../model/convolution';
import { pick } from '../../model/draws';
import { flat, inRows, resized } from '../../model/nested';
import { linkProducts, sumTokens } from '../../model/products';
import { shown } from '../../model/shown';
import type { Control, Range, Scene } from '../../scene';
import { number, numbers, whole } from '../../state/fields';

/** A kernel over one plane of numbers. */
export type SlidingWindow = {
  readonly input: readonly (readonly number[])[];
  readonly kernel: readonly (readonly number[])[];
  readonly bias: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
};

/** The largest input and kernel that can be drawn with their numbers. */
export const largest = { input: 12, kernel: 7, value: 1e6, stride: 4, padding: 4, dilation: 3 };
export const parts = { input: 'input', weight: 'kernel', output: 'output' };

export const convolutionOf = ({ input, kernel, stride, padding, dilation }: SlidingWindow): Convolution => ({
  channels: 1,
  filters: 1,
  input: [input.length, input[0].length],
  kernel: [kernel.length, kernel[0].length],
  stride,
  padding,
  dilation,
});
export const outputs = (state: SlidingWindow): Float64Array =>
  convolve(convolutionOf(state), flat(state.input), flat(state.kernel), [state.bias]);

/** The products of the state asked for last: pointing asks for the same ones again and again. */
let last: { state: SlidingWindow; products: Product[] } | null = null;
export function products(state: SlidingWindow): Product[] {
  if (last?.state !== state) last = { state, products: productsOf(convolutionOf(state)) };
  return last.products;
}

/** First row and column of the input that the window at an output reads; negative in the padding. */
export function windowAt(state: SlidingWindow, output: number): { top: number; left: number } {
  const columns = outputOf(convolutionOf(state))[1];
  const { stride, padding } = state;
  return { top: Math.floor(output / columns) * stride - padding, left: (output % columns) * stride - padding };
}

/** The shorter side of the input with its padding. */
const room = ({ input, padding }: SlidingWindow): number => Math.min(input.length, input[0].length) + 2 * padding;
const side = ({ kernel }: SlidingWindow): number => Math.max(kernel.length, kernel[0].length);

/** From 1 to what fits. */
const atMost = (most: number, fits: number): Range => ({
  min: 1,
  max: Math.max(1, Math.min(most, fits)),
  whyMax: fits < most ? 'why.fits' : undefined,
});

const controls: readonly Control<SlidingWindow>[] = [
  {
    kind: 'whole',
    name: 'input',
    get: ({ input }) => Math.max(input.length, input[0].length),
    set: (state, size) => ({ ...state, input: resized(state.input, [size, size]) }),
    range: (state) => {
      const least = spread(side(state), state.dilation) - 2 * state.padding;
      return { min: Math.max(1, least), max: largest.input, whyMin: least > 1 ? 'why.fits' : undefined };
    },
  },
  {
    kind: 'whole',
    name: 'size',
    term: 'kernel',
    get: side,
    set: (state, size) => ({ ...state, kernel: resized(state.kernel, [size, size]) }),
    range: (state) => atMost(largest.kernel, Math.floor((room(state) - 1) / state.dilation) + 1),
  },
  {
    kind: 'whole',
    name: 'stride',
    term: 'stride',
    get: ({ stride }) => stride,
    set: (state, stride) => ({ ...state, stride }),
    range: () => ({ min: 1, max: largest.stride }),
  },
  {
    kind: 'whole',
    name: 'padding',
    term: 'padding',
    get: ({ padding }) => padding,
    set: (state, padding) => ({ ...state, padding }),
    range: (state) => {
      const missing = spread(side(state), state.dilation) - Math.min(state.input.length, state.input[0].length);
      const least = Math.max(0, Math.ceil(missing / 2));
      return { min: least, max: largest.padding, whyMin: least > 0 ? 'why.fits' : undefined };
    },
  },
  {
    kind: 'whole',
    name: 'dilation',
    term: 'dilation',
    get: ({ dilation }) => dilation,
    set: (state, dilation) => ({ ...state, dilation }),
    range: (state) => {
      const gaps = side(state) - 1;
      return gaps === 0
        ? { min: 1, max: largest.dilation }
        : atMost(largest.dilation, Math.floor((room(state) - 1) / gaps));
    },
  },
];

const plain = { bias: 0, stride: 1, padding: 0, dilation: 1 };
const edge = [
  [1, 0, -1],
  [1, 0, -1],
  [1, 0, -1],
];
const rows = (...digits: string[]): number[][] => digits.map((row) => [...row].map(Number));

export const slidingWindow: Scene<SlidingWindow> = {
  id: 'sliding-window',
  trained: 'convscope://inspect/lenet5-mnist?picture=digit-5&depth=layer&layer=conv1',
  fields: {
    input: numbers([[1, largest.input], [1, largest.input]], -largest.value, largest.value), // prettier-ignore
    kernel: numbers([[1, largest.kernel], [1, largest.kernel]], -largest.value, largest.value), // prettier-ignore
    bias: number(-largest.value, largest.value),
    stride: whole(1, largest.stride),
    padding: whole(0, largest.padding),
    dilation: whole(1, largest.dilation),
  },
  examples: [
    {
      id: 'binary',
      state: {
        input: rows('11100', '01110', '00111', '00110', '01100'),
        kernel: rows('101', '010', '101'),
        ...plain,
      },
    },
    {
      id: 'edge',
      state: { input: rows('301274', '158931', '272513', '013178', '421628', '245239'), kernel: edge, ...plain },
    },
    {
      id: 'half',
      state: { input: Array.from({ length: 6 }, () => [10, 10, 10, 0, 0, 0]), kernel: edge, ...plain },
    },
    {
      id: 'same',
      state: {
        input: rows('301274', '158931', '272513', '013178', '421628', '245239'),
        kernel: edge,
        ...plain,
        padding: 1,
      },
    },
    {
      id: 'strided',
      state: {
        input: rows('301274', '158931', '272513', '013178', '421628', '245239'),
        kernel: edge,
        ...plain,
        padding: 1,
        stride: 2,
      },
    },
  ],
  controls,
  steps: (state) => outputOf(convolutionOf(state)).reduce((product, size) => product * size),
  linked: (state, place) => linkProducts(products(state), place, parts),

  formula(state, at) {
    const [, columns] = outputOf(convolutionOf(state));
    const place = { part: 'output', index: at };
    return [
      { text: `y[${Math.floor(at / columns)}, ${at % columns}]`, place },
      { text: ' = ' },
      ...sumTokens(products(state), at, flat(state.input), flat(state.kernel)),
      ...(state.bias === 0 ? [] : [{ text: ` + ${shown(state.bias)}`, place: { part: 'bias', index: 0 } }]),
      { text: ' = ' },
      { text: shown(outputs(state)[at]), place, result: true },
    ];
  },
  spoken(state, at) {
    const [, columns] = outputOf(convolutionOf(state));
    return { row: Math.floor(at / columns), column: at % columns, value: shown(outputs(state)[at]) };
  },

  questions: [
    {
      id: 'cell',
      ask(state, turn) {
        const [, columns] = outputOf(convolutionOf(state));
        const values = outputs(state);
        const at = pick(turn, values.length, 1);
        return {
          values: { row: Math.floor(at / columns), column: at % columns, value: shown(values[at]) },
          answer: values[at],
          at,
          hides: { part: 'output', index: at },
        };
      },
    },
    {
      id: 'size',
      ask({ input, kernel, stride, dilation }, turn) {
        // Another padding than the one that is seen, so that counting cells does not do.
        const padding = pick(turn, largest.padding + 1, 2);
        const rows = outputSize(input.length, kernel.length, stride, padding, dilation);
        const cells = spread(kernel.length, dilation);
        if (rows < 1) return null;
        return { values: { padding, input: input.length, kernel: cells, stride, rows }, answer: rows };
      },
    },
    {
      id: 'reach',
      ask(state, turn) {
        const [height, width] = [state.input.length, state.input[0].length];
        const index = pick(turn, height * width, 3);
        const reached = products(state).filter(({ input }) => input === index).length;
        return {
          values: { row: Math.floor(index / width), column: index % width, reached },
          answer: reached,
        };
      },
    },
  ],
  table(state) {
    const [, columns] = outputOf(convolutionOf(state));
    return [
      { name: 'input', rows: state.input },
      { name: 'kernel', rows: state.kernel },
      { name: 'output', rows: inRows(outputs(state), columns) },
    ];
  },
};
