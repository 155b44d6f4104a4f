import { convolve, convolveBack, outputOf, productsOf, type Convolution, type Product } from '../../model/convolution';
import { pick } from '../../model/draws';
import { flat, inRows, resized, withNumber } from '../../model/nested';
import { factor, linkProducts, sumTokens } from '../../model/products';
import { shown } from '../../model/shown';
import type { Place, Scene } from '../../scene';
import { number, numbers, whole } from '../../state/fields';

type Plane = readonly (readonly number[])[];
/** A small convolution, and the gradient that comes back to its output. */
export type Backward = {
  readonly input: Plane;
  readonly kernel: Plane;
  readonly bias: number;
  /** dL/dY, as large as the output. */
  readonly error: Plane;
  readonly padding: number;
};

const MOST = { input: 6, kernel: 3, padding: 2, value: 1000 };
/** X and dX are one part, W and dW, Y and dY: what makes a gradient is what it touches forward. */
const parts = { input: 'input', weight: 'kernel', output: 'output' };

export const convolutionOf = ({ input, kernel, padding }: Omit<Backward, 'error'>): Convolution => ({
  channels: 1,
  filters: 1,
  input: [input.length, input[0].length],
  kernel: [kernel.length, kernel[0].length],
  stride: 1,
  padding,
  dilation: 1,
});
export const outputs = (state: Backward): Float64Array =>
  convolve(convolutionOf(state), flat(state.input), flat(state.kernel), [state.bias]);
export const gradients = (state: Backward): ReturnType<typeof convolveBack> =>
  convolveBack(convolutionOf(state), flat(state.input), flat(state.kernel), flat(state.error));

let last: { state: Backward; products: Product[] } | null = null;
function products(state: Backward): Product[] {
  if (last?.state !== state) last = { state, products: productsOf(convolutionOf(state)) };
  return last.products;
}

/** A loss whose gradient at the output is `error`: L = Σ error · Y. */
export const loss = (state: Backward): number => {
  const error = flat(state.error);
  return outputs(state).reduce((sum, value, i) => sum + value * error[i], 0);
};

/** What a step shows: a gradient of an input, of a weight, of the bias. */
export function gradientAt({ input, kernel }: Backward, at: number): Place {
  const inputs = flat(input).length;
  const weights = flat(kernel).length;
  if (at < inputs) return { part: 'input', index: at };
  return at < inputs + weights ? { part: 'kernel', index: at - inputs } : { part: 'bias', index: 0 };
}

/** Half the width of the step of a finite difference. */
const STEP = 1 / 1024;
/** (L(θ + h) − L(θ − h)) ÷ 2h, by the core's forward pass alone. */
export function difference(state: Backward, { part, index }: Place): number {
  const moved = (by: number): Backward =>
    part === 'bias'
      ? { ...state, bias: state.bias + by }
      : part === 'input'
        ? { ...state, input: withNumber(state.input, index, flat(state.input)[index] + by) }
        : { ...state, kernel: withNumber(state.kernel, index, flat(state.kernel)[index] + by) };
  return (loss(moved(STEP)) - loss(moved(-STEP))) / (2 * STEP);
}
export function gradient(state: Backward, { part, index }: Place): number {
  const { input, weights, bias } = gradients(state);
  return part === 'input' ? input[index] : part === 'kernel' ? weights[index] : bias[0];
}

const settle = (state: Backward): Backward => {
  const [rows, columns] = outputOf(convolutionOf(state));
  return { ...state, error: resized(state.error, [rows, columns], () => 1) };
};
const columnsOf = (plane: Plane): number => plane[0].length;
const nameOf = (state: Backward, place: Place): string => {
  if (place.part === 'bias') return 'db';
  const columns = columnsOf(place.part === 'input' ? state.input : state.kernel);
  const letter = place.part === 'input' ? 'dX' : 'dW';
  return `${letter}[${Math.floor(place.index / columns)}, ${place.index % columns}]`;
};

const start: Backward = {
  input: [
    [1, 2, 0, 1],
    [0, 1, 3, 1],
    [2, 0, 1, 2],
    [1, 1, 0, 0],
  ],
  kernel: [
    [1, 0, -1],
    [2, 1, -2],
    [1, 0, -1],
  ],
  bias: 0,
  error: [
    [1, -1],
    [2, 0],
  ],
  padding: 0,
};

export const backward: Scene<Backward> = {
  id: 'backward',
  fields: {
    // prettier-ignore
    input: numbers([[1, MOST.input], [1, MOST.input]], -MOST.value, MOST.value),
    // prettier-ignore
    kernel: numbers([[1, MOST.kernel], [1, MOST.kernel]], -MOST.value, MOST.value),
    bias: number(-MOST.value, MOST.value),
    // prettier-ignore
    error: numbers([[1, MOST.input + 2 * MOST.padding], [1, MOST.input + 2 * MOST.padding]], -MOST.value, MOST.value),
    padding: whole(0, MOST.padding),
  },
  examples: [
    { id: 'three', state: start },
    {
      id: 'two',
      state: {
        ...start,
        input: start.input.slice(0, 3).map((row) => row.slice(0, 3)),
        kernel: [
          [1, 2],
          [-1, 3],
        ],
      },
    },
    {
      id: 'point',
      state: {
        ...start,
        error: [
          [0, 1],
          [0, 0],
        ],
      },
    },
  ],
  settle,
  controls: [
    {
      kind: 'whole',
      name: 'input',
      get: ({ input }) => Math.max(input.length, columnsOf(input)),
      set: (state, size) => settle({ ...state, input: resized(state.input, [size, size]) }),
      range: ({ kernel, padding }) => {
        const least = Math.max(kernel.length, columnsOf(kernel)) - 2 * padding;
        return { min: Math.max(1, least), max: MOST.input, whyMin: least > 1 ? 'why.fits' : undefined };
      },
    },
    {
      kind: 'whole',
      name: 'kernel',
      term: 'kernel',
      get: ({ kernel }) => Math.max(kernel.length, columnsOf(kernel)),
      set: (state, size) => settle({ ...state, kernel: resized(state.kernel, [size, size]) }),
      range: ({ input, padding }) => {
        const fits = Math.min(input.length, columnsOf(input)) + 2 * padding;
        return { min: 1, max: Math.min(MOST.kernel, fits), whyMax: fits < MOST.kernel ? 'why.fits' : undefined };
      },
    },
    {
      kind: 'whole',
      name: 'padding',
      term: 'padding',
      get: ({ padding }) => padding,
      set: (state, padding) => settle({ ...state, padding }),
      range: ({ input, kernel }) => {
        const missing = Math.max(kernel.length, columnsOf(kernel)) - Math.min(input.length, columnsOf(input));
        const least = Math.max(0, Math.ceil(missing / 2));
        return { min: least, max: MOST.padding, whyMin: least > 0 ? 'why.fits' : undefined };
      },
    },
  ],
  steps: ({ input, kernel }) => flat(input).length + flat(kernel).length + 1,
  stepOf({ input, kernel }, { part, index }) {
    if (part === 'input') return index;
    if (part === 'kernel') return flat(input).length + index;
    return part === 'bias' ? flat(input).length + flat(kernel).length : null;
  },
  shows: gradientAt,
  linked(state, place) {
    if (place.part === 'bias')
      return { bias: new Set([0]), output: new Set(flat(state.error).map((_, index) => index)) };
    return linkProducts(products(state), place, parts);
  },

  formula(state, at) {
    const place = gradientAt(state, at);
    const error = flat(state.error);
    const own = products(state).map((product, index) => ({ ...product, index }));
    const sum =
      place.part === 'bias'
        ? error.flatMap((value, index) => [
            ...(index > 0 ? [{ text: ' + ' }] : []),
            { text: factor(value), place: { part: 'output', index } },
          ])
        : // A gradient is a sum of products as well: what comes back from each output, times what it was multiplied by.
          sumTokens(
            own.map(({ output, input, weight }) =>
              place.part === 'input'
                ? { output: input, input: output, weight }
                : { output: weight, input: output, weight: input },
            ),
            place.index,
            error,
            flat(place.part === 'input' ? state.kernel : state.input),
          );
    return [
      { text: nameOf(state, place), place },
      { text: ' = ' },
      ...sum,
      { text: ' = ' },
      { text: shown(gradient(state, place)), place, result: true },
    ];
  },
  spoken(state, at) {
    const place = gradientAt(state, at);
    return {
      name: nameOf(state, place),
      value: shown(gradient(state, place)),
      difference: shown(Number(difference(state, place).toPrecision(9))),
    };
  },

  questions: [
    {
      id: 'input',
      ask(state, turn) {
        const index = pick(turn, flat(state.input).length, 31);
        const place = { part: 'input', index };
        const value = gradient(state, place);
        return {
          values: {
            name: nameOf(state, place),
            value: shown(value),
            count: products(state).filter(({ input }) => input === index).length,
          },
          answer: value,
          at: index,
          hides: place,
        };
      },
    },
    {
      id: 'weight',
      ask(state) {
        // The weight that a step of descent would change most.
        const sizes = [...gradients(state).weights].map(Math.abs);
        const most = Math.max(...sizes);
        if (sizes.filter((size) => size === most).length > 1) return null;
        const places = sizes.map((_, index) => ({ part: 'kernel', index }));
        const options = places.map((place) => nameOf(state, place));
        const answer = sizes.indexOf(most);
        return { values: { name: options[answer], value: shown(gradient(state, places[answer])) }, answer, options };
      },
    },
    {
      id: 'bias',
      ask(state) {
        const value = gradient(state, { part: 'bias', index: 0 });
        return {
          values: { value: shown(value) },
          answer: value,
          at: flat(state.input).length + flat(state.kernel).length,
          hides: { part: 'bias', index: 0 },
        };
      },
    },
  ],
  table(state) {
    const { input, weights, bias } = gradients(state);
    return [
      { name: 'X', rows: state.input },
      { name: 'W', rows: state.kernel },
      { name: 'Y', rows: inRows(outputs(state), columnsOf(state.error)) },
      { name: 'dY', rows: state.error },
      { name: 'dX', rows: inRows(input, columnsOf(state.input)) },
      { name: 'dW', rows: inRows(weights, columnsOf(state.kernel)) },
      { name: 'db', rows: [[...bias]] },
    ];
  },
};
