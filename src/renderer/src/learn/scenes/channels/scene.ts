import { convolve, outputOf, productsOf, type Convolution, type Product } from '../../model/convolution';
import { pick } from '../../model/draws';
import { flat, inRows, nested, resized } from '../../model/nested';
import { factor, linkProducts } from '../../model/products';
import { shown } from '../../model/shown';
import type { Scene, Token } from '../../scene';
import { numbers, whole } from '../../state/fields';

type Plane = readonly (readonly number[])[];
/** Several channels in, several filters out. */
export type Channels = {
  /** `[C, H, W]` */
  readonly input: readonly Plane[];
  /** `[F, C, K, K]` */
  readonly filters: readonly (readonly Plane[])[];
  /** `[F]` */
  readonly bias: readonly number[];
  readonly padding: number;
};

const MOST = { channels: 3, filters: 3, input: 8, kernel: 5, padding: 2, value: 1e6 };
const parts = { input: 'input', weight: 'filter', output: 'output' };

export const convolutionOf = ({ input, filters, padding }: Channels): Convolution => ({
  channels: input.length,
  filters: filters.length,
  input: [input[0].length, input[0][0].length],
  kernel: [filters[0][0].length, filters[0][0][0].length],
  stride: 1,
  padding,
  dilation: 1,
});
export const outputs = (state: Channels): Float64Array =>
  convolve(convolutionOf(state), flat(state.input), flat(state.filters), state.bias);

let last: { state: Channels; products: Product[] } | null = null;
export function products(state: Channels): Product[] {
  if (last?.state !== state) last = { state, products: productsOf(convolutionOf(state)) };
  return last.products;
}

/** Filter, row and column of an output. */
export function placeOf(state: Channels, at: number): { filter: number; row: number; column: number } {
  const [rows, columns] = outputOf(convolutionOf(state));
  return {
    filter: Math.floor(at / (rows * columns)),
    row: Math.floor(at / columns) % rows,
    column: at % columns,
  };
}

/** What each channel adds to an output: the core's convolution of that channel alone. */
export function channelSums(state: Channels, at: number): number[] {
  const { filter } = placeOf(state, at);
  const [rows, columns] = outputOf(convolutionOf(state));
  return state.input.map((plane, c) => {
    const alone = { ...convolutionOf(state), channels: 1, filters: 1 };
    return convolve(alone, flat(plane), flat(state.filters[filter][c]))[at % (rows * columns)];
  });
}

/** Small numbers, the same for the same place. */
const fresh =
  (stream: number, least: number, most: number) =>
  (place: readonly number[]): number =>
    least +
    pick(
      place.reduce((code, i) => code * 16 + i, 1),
      most - least + 1,
      stream,
    );
const freshInput = fresh(21, 0, 3);
const freshWeight = fresh(22, -1, 1);

/** Of these sizes, with numbers where there were none. */
function sized(state: Channels, channels: number, filters: number, kernel: number, size: number): Channels {
  return {
    ...state,
    input: resized(state.input, [channels, size, size], freshInput),
    filters: resized(state.filters, [filters, channels, kernel, kernel], freshWeight),
    bias: resized(state.bias, [filters]),
  };
}
const of = (
  channels: number,
  filters: number,
  kernel: number,
  size: number,
  bias: number[],
  padding = 0,
): Channels => ({
  input: nested([channels, size, size], freshInput),
  filters: nested([filters, channels, kernel, kernel], freshWeight),
  bias,
  padding,
});
const sizes = (state: Channels): [number, number, number, number] => [
  state.input.length,
  state.filters.length,
  state.filters[0][0].length,
  state.input[0].length,
];

export const channels: Scene<Channels> = {
  id: 'channels',
  trained: 'convscope://inspect/lenet5-mnist?picture=digit-5&depth=layer&layer=conv2',
  fields: {
    // prettier-ignore
    input: numbers([[1, MOST.channels], [1, MOST.input], [1, MOST.input]], -MOST.value, MOST.value),
    // prettier-ignore
    filters: numbers([[1, MOST.filters], [1, MOST.channels], [1, MOST.kernel], [1, MOST.kernel]], -MOST.value, MOST.value),
    bias: numbers([[1, MOST.filters]], -MOST.value, MOST.value),
    padding: whole(0, MOST.padding),
  },
  examples: [
    { id: 'small', state: of(3, 2, 3, 5, [1, 0]) },
    { id: 'notes', state: of(3, 2, 5, 7, [1, 0]) },
    { id: 'pointwise', state: of(3, 2, 1, 4, [0, 0]) },
  ],
  // A filter has as many planes as the input has channels, and there is a bias for each; all planes are square.
  settle(state) {
    const [count, filters, kernel, size] = sizes(state);
    return sized(state, count, filters, Math.min(kernel, size + 2 * state.padding), size);
  },
  controls: [
    {
      kind: 'whole',
      name: 'channels',
      term: 'channel',
      get: ({ input }) => input.length,
      set: (state, value) => sized(state, value, sizes(state)[1], sizes(state)[2], sizes(state)[3]),
      range: () => ({ min: 1, max: MOST.channels }),
    },
    {
      kind: 'whole',
      name: 'filters',
      get: ({ filters }) => filters.length,
      set: (state, value) => sized(state, sizes(state)[0], value, sizes(state)[2], sizes(state)[3]),
      range: () => ({ min: 1, max: MOST.filters }),
    },
    {
      kind: 'whole',
      name: 'kernel',
      term: 'kernel',
      get: ({ filters }) => filters[0][0].length,
      set: (state, value) => sized(state, sizes(state)[0], sizes(state)[1], value, sizes(state)[3]),
      range: (state) => {
        const fits = state.input[0].length + 2 * state.padding;
        return { min: 1, max: Math.min(MOST.kernel, fits), whyMax: fits < MOST.kernel ? 'why.fits' : undefined };
      },
    },
    {
      kind: 'whole',
      name: 'input',
      get: ({ input }) => input[0].length,
      set: (state, value) => sized(state, sizes(state)[0], sizes(state)[1], sizes(state)[2], value),
      range: (state) => {
        const least = state.filters[0][0].length - 2 * state.padding;
        return { min: Math.max(1, least), max: MOST.input, whyMin: least > 1 ? 'why.fits' : undefined };
      },
    },
    {
      kind: 'whole',
      name: 'padding',
      term: 'padding',
      get: ({ padding }) => padding,
      set: (state, padding) => ({ ...state, padding }),
      range: (state) => {
        const missing = Math.ceil((state.filters[0][0].length - state.input[0].length) / 2);
        return { min: Math.max(0, missing), max: MOST.padding, whyMin: missing > 0 ? 'why.fits' : undefined };
      },
    },
  ],
  steps: (state) => state.filters.length * outputOf(convolutionOf(state)).reduce((product, size) => product * size),

  linked(state, place, at) {
    const [rows, columns] = outputOf(convolutionOf(state));
    const count = state.input.length;
    if (place.part === 'bias') {
      const outputs = Array.from({ length: rows * columns }, (_, i) => place.index * rows * columns + i);
      return { bias: new Set([place.index]), output: new Set(outputs) };
    }
    if (place.part === 'plane') {
      // One channel's share of the output that is shown.
      const area = convolutionOf(state).kernel[0] * convolutionOf(state).kernel[1];
      const own = products(state).filter(
        ({ output, weight }) => output === at && Math.floor(weight / area) % count === place.index,
      );
      return {
        plane: new Set([place.index]),
        input: new Set(own.map(({ input }) => input)),
        filter: new Set(own.map(({ weight }) => weight)),
      };
    }
    const lit = linkProducts(products(state), place, parts);
    return place.part === 'output' ? { ...lit, bias: new Set([placeOf(state, place.index).filter]) } : lit;
  },

  formula(state, at) {
    const { filter, row, column } = placeOf(state, at);
    const place = { part: 'output', index: at };
    const sums = channelSums(state, at).flatMap((sum, c): Token[] => [
      { text: c === 0 ? '' : ' + ' },
      { text: factor(sum), place: { part: 'plane', index: c } },
    ]);
    return [
      { text: `y[${filter}, ${row}, ${column}]`, place },
      { text: ' = ' },
      ...sums,
      { text: ' + ' },
      { text: factor(state.bias[filter]), place: { part: 'bias', index: filter } },
      { text: ' = ' },
      { text: shown(outputs(state)[at]), place, result: true },
    ];
  },
  spoken: (state, at) => ({ ...placeOf(state, at), value: shown(outputs(state)[at]) }),

  questions: [
    {
      id: 'cell',
      ask(state, turn) {
        const values = outputs(state);
        const at = pick(turn, values.length, 23);
        const { filter } = placeOf(state, at);
        const bias = shown(state.bias[filter]);
        const sums = channelSums(state, at).map((sum) => factor(sum)).join(' + '); // prettier-ignore
        return {
          values: { ...placeOf(state, at), sums, bias, value: shown(values[at]) },
          answer: values[at],
          at,
          hides: { part: 'output', index: at },
        };
      },
    },
    {
      id: 'parameters',
      ask({ input, filters, bias }) {
        const own = flat(filters).length / filters.length;
        const all = flat(filters).length + bias.length;
        return {
          values: { filters: filters.length, channels: input.length, kernel: filters[0][0].length, own, all },
          answer: all,
        };
      },
    },
    {
      id: 'depth',
      ask(state, turn) {
        const filters = 4 + pick(turn, 61, 24);
        const input = state.input.length;
        const wider = { ...convolutionOf(state), filters };
        const [rows, columns] = outputOf(wider);
        const count = wider.filters * rows * columns;
        return { values: { filters, input, rows, columns, count }, answer: count };
      },
    },
  ],
  table(state) {
    const [rows, columns] = outputOf(convolutionOf(state));
    const values = outputs(state);
    return [
      ...state.input.map((rows, c) => ({ name: `input ${c}`, rows })),
      ...state.filters.flatMap((filter, f) => filter.map((rows, c) => ({ name: `filter ${f} channel ${c}`, rows }))),
      { name: 'bias', rows: [state.bias] },
      ...state.filters.map((_, f) => ({
        name: `output ${f}`,
        rows: inRows(values.subarray(f * rows * columns, (f + 1) * rows * columns), columns),
      })),
    ];
  },
};
