import { convolve, outputOf, productsOf, type Convolution, type Product } from '../../model/convolution';
import { pick } from '../../model/draws';
import { flat, inRows, nested, resized } from '../../model/nested';
import { factor, linkProducts, sumTokens } from '../../model/products';
import { shown } from '../../model/shown';
import type { Lit, Place, Scene, Token } from '../../scene';
import { choice, numbers, whole } from '../../state/fields';

const waysOf = ['loops', 'im2col', 'toeplitz'] as const;
export type Way = (typeof waysOf)[number];
type Plane = readonly (readonly number[])[];
/** One convolution, and the way in which it is computed. */
export type Ways = {
  readonly way: Way;
  /** `[N, C, H, W]` */
  readonly input: readonly (readonly Plane[])[];
  /** `[F, C, K, K]` */
  readonly filters: readonly (readonly Plane[])[];
  readonly stride: number;
  readonly padding: number;
};

const MOST = { batch: 2, channels: 2, filters: 2, input: 5, kernel: 3, stride: 2, padding: 1, value: 1000 };
const parts = { input: 'input', weight: 'filter', output: 'output' };

export interface Sizes {
  batch: number;
  channels: number;
  filters: number;
  input: number;
  kernel: number;
  /** Rows, and columns, of an output map. */
  output: number;
}
export const sizesOf = (state: Ways): Sizes => ({
  batch: state.input.length,
  channels: state.input[0].length,
  filters: state.filters.length,
  input: state.input[0][0].length,
  kernel: state.filters[0][0].length,
  output: outputOf(convolutionOf(state))[0],
});
const convolutionOf = ({ input, filters, stride, padding }: Ways): Convolution => ({
  channels: input[0].length,
  filters: filters.length,
  input: [input[0][0].length, input[0][0][0].length],
  kernel: [filters[0][0].length, filters[0][0][0].length],
  stride,
  padding,
  dilation: 1,
});

/** `[N, F, OH, OW]`. */
export const outputs = (state: Ways): number[] =>
  state.input.flatMap((sample) => [...convolve(convolutionOf(state), flat(sample), flat(state.filters))]);

let last: { state: Ways; products: Product[] } | null = null;
/** All products, sample by sample, filter by filter, place by place: as seven loops come to them. */
export function products(state: Ways): Product[] {
  if (last?.state === state) return last.products;
  const own = productsOf(convolutionOf(state));
  const { batch, channels, filters, input, output } = sizesOf(state);
  const [inOne, outOne] = [channels * input ** 2, filters * output ** 2];
  const all = Array.from({ length: batch }, (_, n) =>
    own.map((product) => ({
      output: n * outOne + product.output,
      input: n * inOne + product.input,
      weight: product.weight,
    })),
  ).flat();
  last = { state, products: all };
  return all;
}

/** Indices of the seven loops at a product. */
export function loopsAt(state: Ways, product: Product): Record<'n' | 'f' | 'y' | 'x' | 'c' | 'i' | 'j', number> {
  const { channels, filters, kernel, output } = sizesOf(state);
  const { output: out, weight } = product;
  return {
    n: Math.floor(out / (filters * output ** 2)),
    f: Math.floor(out / output ** 2) % filters,
    y: Math.floor(out / output) % output,
    x: out % output,
    c: Math.floor(weight / kernel ** 2) % channels,
    i: Math.floor(weight / kernel) % kernel,
    j: weight % kernel,
  };
}

/** What has been added of an output after a product: the core's convolution with the weights of later products put to 0. */
export function runningSum(state: Ways, step: number): number {
  const all = products(state);
  const { output, weight } = all[step];
  const { channels, filters, kernel } = sizesOf(state);
  const first = Math.floor(weight / (channels * kernel ** 2)) * channels * kernel ** 2;
  const weights = flat(state.filters).map((value, i) => (i < first || i > weight ? 0 : value));
  const sample = Math.floor(output / (filters * sizesOf(state).output ** 2));
  const sums = convolve(convolutionOf(state), flat(state.input[sample]), weights);
  return sums[output % sums.length];
}

/** A matrix product that is the convolution: `above` is what each row of the matrix is multiplied by, `right` what comes out. */
export interface MatrixForm {
  rows: number;
  columns: number;
  /** What a cell shows: an input or a weight by its index, null for a zero. */
  cells: (number | null)[];
  cellsAre: 'input' | 'filter';
  /** Indices of `above`, row by row, and of `right`. */
  above: number[];
  aboveRows: number;
  aboveIs: 'input' | 'filter';
  right: number[];
  rightColumns: number;
}

/** im2col: a row for each place of each sample, with the patch under the window. Toeplitz: a row for each output of a sample, with weights where it reads. */
export function matrixOf(state: Ways): MatrixForm {
  const { batch, channels, filters, input, kernel, output } = sizesOf(state);
  const places = output ** 2;
  const [patch, sample] = [channels * kernel ** 2, channels * input ** 2];
  const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  if (state.way === 'toeplitz') {
    const rows = filters * places;
    const cells = Array<number | null>(rows * sample).fill(null);
    // The same matrix for every sample: that of the first.
    for (const product of products(state).slice(0, products(state).length / batch))
      cells[product.output * sample + product.input] = product.weight;
    return {
      rows,
      columns: sample,
      cells,
      cellsAre: 'filter',
      above: range(batch * sample),
      aboveRows: batch,
      aboveIs: 'input',
      right: range(rows).flatMap((row) => range(batch).map((n) => n * rows + row)),
      rightColumns: batch,
    };
  }
  const rows = batch * places;
  const cells = Array<number | null>(rows * patch).fill(null);
  for (const { output: out, input: from, weight } of products(state)) {
    const n = Math.floor(out / (filters * places));
    cells[(n * places + (out % places)) * patch + (weight % patch)] = from;
  }
  return {
    rows,
    columns: patch,
    cells,
    cellsAre: 'input',
    above: range(filters * patch),
    aboveRows: filters,
    aboveIs: 'filter',
    right: range(rows).flatMap((row) =>
      range(filters).map((f) => (Math.floor(row / places) * filters + f) * places + (row % places)),
    ),
    rightColumns: filters,
  };
}

const fresh =
  (stream: number, least: number, most: number) =>
  (place: readonly number[]): number =>
    least + pick(place.reduce((code, i) => code * 8 + i, 1), most - least + 1, stream); // prettier-ignore
const freshInput = fresh(41, 0, 4);
const freshWeight = fresh(42, -1, 2);
function sized(state: Ways, to: Partial<Omit<Sizes, 'output'>>): Ways {
  const { batch, channels, filters, input, kernel } = { ...sizesOf(state), ...to };
  return {
    ...state,
    input: resized(state.input, [batch, channels, input, input], freshInput),
    filters: resized(state.filters, [filters, channels, kernel, kernel], freshWeight),
  };
}
const of = (way: Way, [n, c, f, size, k]: readonly number[], padding = 0): Ways => ({
  way,
  input: nested([n, c, size, size], freshInput),
  filters: nested([f, c, k, k], freshWeight),
  stride: 1,
  padding,
});
/** A slider of one of the sizes. */
const slider = (name: 'batch' | 'channels' | 'filters', term?: 'channel') => ({
  kind: 'whole' as const,
  name,
  term,
  get: (state: Ways) => sizesOf(state)[name],
  set: (state: Ways, value: number) => sized(state, { [name]: value }),
  range: () => ({ min: 1, max: MOST[name] }),
});

/** The product that a step stands at; in a matrix the first of its output. */
const productAt = (state: Ways, at: number): number =>
  state.way === 'loops'
    ? at
    : Math.max(
        0,
        products(state).findIndex(({ output }) => output === at),
      );

export const ways: Scene<Ways> = {
  id: 'ways',
  fields: {
    way: choice(...waysOf),
    // prettier-ignore
    input: numbers([[1, MOST.batch], [1, MOST.channels], [2, MOST.input], [2, MOST.input]], -MOST.value, MOST.value),
    // prettier-ignore
    filters: numbers([[1, MOST.filters], [1, MOST.channels], [1, MOST.kernel], [1, MOST.kernel]], -MOST.value, MOST.value),
    stride: whole(1, MOST.stride),
    padding: whole(0, MOST.padding),
  },
  examples: [
    { id: 'loops', state: of('loops', [1, 2, 2, 4, 3]) },
    { id: 'im2col', state: of('im2col', [1, 1, 1, 4, 3]) },
    { id: 'batch', state: of('im2col', [2, 2, 2, 4, 3]) },
    { id: 'toeplitz', state: of('toeplitz', [1, 1, 1, 4, 3]) },
    { id: 'padded', state: of('im2col', [1, 1, 2, 4, 3], 1) },
  ],
  settle: (state) => {
    const { input, kernel } = sizesOf(state);
    return sized(state, { input, kernel: Math.min(kernel, input + 2 * state.padding) });
  },
  controls: [
    {
      kind: 'choice',
      name: 'way',
      options: waysOf,
      get: ({ way }) => way,
      set: (state, way) => ({ ...state, way: way as Way }),
    },
    slider('batch'),
    slider('channels', 'channel'),
    slider('filters'),
    {
      kind: 'whole',
      name: 'input',
      get: (state) => sizesOf(state).input,
      set: (state, input) => sized(state, { input }),
      range: ({ filters, padding }) => {
        const least = filters[0][0].length - 2 * padding;
        return { min: Math.max(2, least), max: MOST.input, whyMin: least > 2 ? 'why.fits' : undefined };
      },
    },
    {
      kind: 'whole',
      name: 'kernel',
      term: 'kernel',
      get: (state) => sizesOf(state).kernel,
      set: (state, kernel) => sized(state, { kernel }),
      range: ({ input, padding }) => {
        const fits = input[0][0].length + 2 * padding;
        return { min: 1, max: Math.min(MOST.kernel, fits), whyMax: fits < MOST.kernel ? 'why.fits' : undefined };
      },
    },
    {
      kind: 'whole',
      name: 'stride',
      term: 'stride',
      get: ({ stride }) => stride,
      set: (state, stride) => ({ ...state, stride }),
      range: () => ({ min: 1, max: MOST.stride }),
    },
    {
      kind: 'whole',
      name: 'padding',
      term: 'padding',
      get: ({ padding }) => padding,
      set: (state, padding) => ({ ...state, padding }),
      range: ({ input, filters }) => {
        const missing = Math.ceil((filters[0][0].length - input[0][0].length) / 2);
        return { min: Math.max(0, missing), max: MOST.padding, whyMin: missing > 0 ? 'why.fits' : undefined };
      },
    },
  ],
  steps: (state) => (state.way === 'loops' ? Math.max(1, products(state).length) : outputs(state).length),
  stepOf: (state, { part, index }) => {
    if (part === 'output') return state.way === 'loops' ? null : index;
    return part === 'product' && state.way === 'loops' ? index : null;
  },
  shows: (state, at) => (state.way === 'loops' ? { part: 'product', index: at } : { part: 'output', index: at }),
  linked: (state, place) => withMatrix(state, place, linkProducts(products(state), place, parts)),

  formula(state, at) {
    const all = products(state);
    const values = outputs(state);
    const [input, weights] = [flat(state.input), flat(state.filters)];
    if (all.length === 0) return [{ text: '0' }];
    if (state.way !== 'loops') {
      const place = { part: 'output', index: at };
      return [
        { text: `${name(state, at)} = ` },
        ...sumTokens(all, at, input, weights),
        { text: ' = ' },
        { text: shown(values[at]), place, result: true },
      ];
    }
    const { output, input: from, weight } = all[at];
    const product: Token = {
      text: `${factor(input[from])} · ${factor(weights[weight])}`,
      place: { part: 'product', index: at },
    };
    const isFirst = at === 0 || all[at - 1].output !== output;
    return [
      { text: `${name(state, output)}:  sum = ` },
      { text: isFirst ? '0' : factor(runningSum(state, at - 1)) },
      { text: ' + ' },
      product,
      { text: ' = ' },
      { text: shown(runningSum(state, at)), result: true },
    ];
  },
  spoken(state, at) {
    const index = state.way === 'loops' ? (products(state)[at]?.output ?? 0) : at;
    return { output: name(state, index), value: shown(outputs(state)[index]) };
  },

  questions: [
    {
      id: 'cell',
      ask(state, turn) {
        const values = outputs(state);
        const index = pick(turn, values.length, 43);
        const at = state.way === 'loops' ? productAt({ ...state, way: 'im2col' }, index) : index;
        const hides = { part: 'output', index };
        return {
          values: { output: name(state, index), value: shown(values[index]) },
          answer: values[index],
          at,
          hides,
        };
      },
    },
    {
      id: 'columns',
      ask(state) {
        const { channels, kernel } = sizesOf(state);
        const { columns } = matrixOf({ ...state, way: 'im2col' });
        return { values: { channels, kernel, columns }, answer: columns };
      },
    },
    {
      id: 'copies',
      ask(state, turn) {
        const { channels, input } = sizesOf(state);
        const index = pick(turn, channels * input ** 2, 44);
        const { cells } = matrixOf({ ...state, way: 'im2col' });
        const copies = cells.filter((cell) => cell === index).length;
        const place = index % input ** 2;
        return {
          values: {
            channel: Math.floor(index / input ** 2),
            row: Math.floor(place / input),
            column: place % input,
            copies,
          },
          answer: copies,
        };
      },
    },
  ],
  table(state) {
    const { input, kernel, output } = sizesOf(state);
    const { cells, columns, cellsAre } = matrixOf(state);
    const source = flat(cellsAre === 'input' ? state.input : state.filters);
    return [
      { name: 'input', rows: inRows(flat(state.input), input) },
      { name: 'filters', rows: inRows(flat(state.filters), kernel) },
      { name: 'matrix', rows: inRows(cells.map((cell) => (cell === null ? 0 : source[cell])), columns) }, // prettier-ignore
      { name: 'output', rows: inRows(outputs(state), output) },
    ];
  },
};

/** `Y[n, f, y, x]`. */
function name(state: Ways, index: number): string {
  const { filters, output } = sizesOf(state);
  const place = index % output ** 2;
  const [n, f] = [Math.floor(index / output ** 2 / filters), Math.floor(index / output ** 2) % filters];
  return `Y[${n}, ${f}, ${Math.floor(place / output)}, ${place % output}]`;
}

/** The cells of the matrix that go with what is lit; and what belongs to one of its cells. */
function withMatrix(state: Ways, place: Place, lit: Lit): Lit {
  if (state.way === 'loops') return lit;
  const { cells, columns, cellsAre, rightColumns, right } = matrixOf(state);
  if (place.part === 'matrix') {
    const cell = cells[place.index];
    const row = Math.floor(place.index / columns);
    const outputs = right.slice(row * rightColumns, (row + 1) * rightColumns);
    return {
      matrix: new Set([place.index]),
      output: new Set(outputs),
      [cellsAre]: new Set(cell === null ? [] : [cell]),
      // What it meets: the column above it.
      above: new Set([place.index % columns]),
    };
  }
  const matrix = cells.flatMap((cell, k) => {
    if (place.part === cellsAre) return cell === place.index ? [k] : [];
    const row = Math.floor(k / columns);
    const own = right.slice(row * rightColumns, (row + 1) * rightColumns);
    if (place.part === 'output') return own.includes(place.index) ? [k] : [];
    return [];
  });
  return { ...lit, matrix: new Set(matrix) };
}
