import { convtranspose } from '../../../../../core/layers/convtranspose';
import { spread } from '../../../../../core/layers/window';
import { outputSize, productsOf, type Convolution, type Product } from '../../model/convolution';
import { pick } from '../../model/draws';
import type { Control, Lit, Range, Scene, Token } from '../../scene';
import { choice, whole } from '../../state/fields';

/** Sizes alone: every axis has the same. */
export type Sizes = {
  readonly kind: 'convolution' | 'transposed';
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  /** Of a transposed convolution alone. */
  readonly outputPadding: number;
};

const MOST = { input: 10, kernel: 7, stride: 3, padding: 6, dilation: 3, outputPadding: 2 };

/** Cells of the output along an axis, as the core's layers have it; 0 where there are none. */
export function output(state: Sizes): number {
  const { kind, input, kernel, stride, padding, dilation, outputPadding } = state;
  if (kind === 'convolution') return outputSize(input, kernel, stride, padding, dilation);
  const config = {
    filters: 1,
    kernel: [kernel, kernel],
    stride: [stride, stride],
    padding: [padding, padding, padding, padding],
    dilation: [dilation, dilation],
    outputPadding: [outputPadding, outputPadding],
    groups: 1,
    bias: false,
  };
  const least = (input - 1) * stride - 2 * padding + spread(kernel, dilation) + outputPadding;
  return least < 1 ? 0 : convtranspose.outputShape(config, [[input, input, 1]], 'scene')[0];
}

/** The convolution whose windows these are: a transposed one runs backward through one from its output to its input. */
function convolutionOf(state: Sizes): Convolution {
  const { kind, input, kernel, stride, padding, dilation } = state;
  const from = kind === 'convolution' ? input : output(state);
  return { channels: 1, filters: 1, input: [from, from], kernel: [kernel, kernel], stride, padding, dilation };
}

let last: { state: Sizes; products: Product[] } | null = null;
/** Which input goes into which output by which cell of the kernel. */
export function products(state: Sizes): Product[] {
  if (last?.state !== state) {
    const direct = productsOf(convolutionOf(state));
    const all =
      state.kind === 'convolution'
        ? direct
        : direct.map((each) => ({ ...each, input: each.output, output: each.input }));
    last = { state, products: all };
  }
  return last.products;
}

/** Rows and columns that no window reads, behind the last one; the padding counts. */
export function leftOver(state: Sizes): number {
  const { kind, input, kernel, stride, padding, dilation } = state;
  if (kind === 'transposed') return 0;
  return input + 2 * padding - spread(kernel, dilation) - (output(state) - 1) * stride;
}

/** The relationship that holds, by its number in the course notes; `transposed`, and `dilated` for what those six leave out. */
export function relationship({ kind, kernel, stride, padding, dilation }: Sizes): string {
  if (kind === 'transposed') return 'transposed';
  if (dilation > 1) return 'dilated';
  if (stride > 1) return padding === 0 ? '5' : '6';
  if (padding === 0) return '1';
  if (kernel % 2 === 1 && padding === (kernel - 1) / 2) return '3';
  return padding === kernel - 1 ? '4' : '2';
}

/** The same layer, as code to copy. A padding that Keras has no word for is a layer of its own there. */
export function code(state: Sizes, library: 'pytorch' | 'keras' | 'onnx'): string {
  const { kind, input, kernel, stride, padding, dilation, outputPadding } = state;
  const transposed = kind === 'transposed';
  if (library === 'pytorch') {
    const name = transposed ? 'ConvTranspose2d' : 'Conv2d';
    const more = transposed ? `, output_padding=${outputPadding}` : '';
    return `nn.${name}(1, 1, kernel_size=${kernel}, stride=${stride}, padding=${padding}${more}, dilation=${dilation})`;
  }
  if (library === 'onnx') {
    const name = transposed ? 'ConvTranspose' : 'Conv';
    const pair = (value: number): string => `[${value}, ${value}]`;
    const more = transposed ? `, output_padding=${pair(outputPadding)}` : '';
    const pads = `[${[padding, padding, padding, padding].join(', ')}]`;
    return `onnx.helper.make_node("${name}", ["x", "w"], ["y"], kernel_shape=${pair(kernel)}, strides=${pair(stride)}, pads=${pads}, dilations=${pair(dilation)}${more})`;
  }
  const layers = [`keras.Input((${input}, ${input}, 1))`];
  const options = `${kernel}, strides=${stride}, padding="valid", dilation_rate=${dilation}`;
  if (!transposed) {
    if (padding > 0) layers.push(`keras.layers.ZeroPadding2D(${padding})`);
    layers.push(`keras.layers.Conv2D(1, ${options})`);
  } else {
    layers.push(`keras.layers.Conv2DTranspose(1, ${options}, output_padding=${outputPadding})`);
    if (padding > 0) layers.push(`keras.layers.Cropping2D(${padding})`);
  }
  return `keras.Sequential([${layers.join(', ')}])`;
}

/** The numbers whose output is not empty, from `least` to `most`. */
function valid(state: Sizes, name: keyof Omit<Sizes, 'kind'>, least: number, most: number): Range {
  const all = Array.from({ length: most - least + 1 }, (_, i) => least + i);
  const fit = all.filter((value) => output(settle({ ...state, [name]: value })) >= 1);
  const [min, max] = [fit[0] ?? least, fit.at(-1) ?? least];
  return { min, max, whyMin: min > least ? 'why.fits' : undefined, whyMax: max < most ? 'why.fits' : undefined };
}
const slider = (
  name: keyof Omit<Sizes, 'kind'>,
  least: number,
  term?: 'kernel' | 'stride' | 'padding' | 'dilation',
): Control<Sizes> => ({
  kind: 'whole',
  name,
  term,
  get: (state) => state[name],
  set: (state, value) => settle({ ...state, [name]: value }),
  range(state) {
    if (name !== 'outputPadding') return valid(state, name, least, MOST[name]);
    return { min: 0, max: mostOutputPadding(state), whyMax: 'why.outputPadding' };
  },
});
/** Output padding chooses among the sizes that one stride leaves open; a plain convolution has none. */
const mostOutputPadding = ({ kind, stride }: Sizes): number => (kind === 'transposed' ? stride - 1 : 0);
const settle = (state: Sizes): Sizes => ({
  ...state,
  outputPadding: Math.min(state.outputPadding, mostOutputPadding(state)),
});

const plain: Sizes = {
  kind: 'convolution',
  input: 6,
  kernel: 3,
  stride: 1,
  padding: 0,
  dilation: 1,
  outputPadding: 0,
};
const placeOf = (state: Sizes, at: number): { row: number; column: number } => ({
  row: Math.floor(at / output(state)),
  column: at % output(state),
});

export const sizes: Scene<Sizes> = {
  id: 'sizes',
  fields: {
    kind: choice('convolution', 'transposed'),
    input: whole(1, MOST.input),
    kernel: whole(1, MOST.kernel),
    stride: whole(1, MOST.stride),
    padding: whole(0, MOST.padding),
    dilation: whole(1, MOST.dilation),
    outputPadding: whole(0, MOST.outputPadding),
  },
  examples: [
    { id: 'leftOver', state: { ...plain, stride: 2, padding: 1 } },
    { id: 'valid', state: plain },
    { id: 'half', state: { ...plain, padding: 1 } },
    { id: 'full', state: { ...plain, padding: 2 } },
    { id: 'strided', state: { ...plain, input: 7, stride: 2 } },
    { id: 'dilated', state: { ...plain, input: 7, dilation: 2 } },
    { id: 'transposed', state: { ...plain, kind: 'transposed', input: 2, kernel: 4, stride: 3 } },
  ],
  settle,
  controls: [
    {
      kind: 'choice',
      name: 'kind',
      options: ['convolution', 'transposed'],
      get: ({ kind }) => kind,
      set(state, kind) {
        const next = settle({ ...state, kind: kind as Sizes['kind'] });
        // What leaves no output the other way round is brought back to one that has.
        return output(next) >= 1
          ? next
          : { ...next, padding: 0, input: Math.max(next.input, spread(next.kernel, 1)), dilation: 1 };
      },
    },
    slider('input', 1),
    slider('kernel', 1, 'kernel'),
    slider('stride', 1, 'stride'),
    slider('padding', 0, 'padding'),
    slider('dilation', 1, 'dilation'),
    slider('outputPadding', 0),
  ],
  steps: (state) => Math.max(1, output(state) ** 2),
  linked(state, { part, index }): Lit {
    const own = products(state).filter((product) => (part === 'input' ? product.input : product.output) === index);
    if (part !== 'input' && part !== 'output') return {};
    return {
      input: new Set(own.map(({ input }) => input)),
      output: new Set(own.map(({ output }) => output)),
      [part]: new Set([index]),
    };
  },
  formula(state) {
    const { kind, input, kernel, stride, padding, dilation, outputPadding } = state;
    const named = (term: string, value: number): Token => ({ text: String(value), term });
    const cells: Token[] =
      dilation === 1
        ? [named('kernel', kernel)]
        : [
            { text: '(' },
            named('dilation', dilation),
            { text: ' · (' },
            named('kernel', kernel),
            { text: ' − 1) + 1)' },
          ];
    const result: Token = { text: String(output(state)), result: true };
    if (kind === 'convolution')
      return [
        { text: 'o = ⌊(i + 2p − d·(k − 1) − 1) ÷ s⌋ + 1 = ⌊(' },
        named('input', input),
        { text: ' + 2 · ' },
        named('padding', padding),
        { text: ' − ' },
        ...cells,
        { text: ') ÷ ' },
        named('stride', stride),
        { text: '⌋ + 1 = ' },
        result,
      ];
    return [
      { text: 'o = (i − 1)·s − 2p + d·(k − 1) + 1 + op = (' },
      named('input', input),
      { text: ' − 1) · ' },
      named('stride', stride),
      { text: ' − 2 · ' },
      named('padding', padding),
      { text: ' + ' },
      ...cells,
      { text: ' + ' },
      named('outputPadding', outputPadding),
      { text: ' = ' },
      result,
    ];
  },
  spoken: (state, at) => ({ ...placeOf(state, at), size: output(state) }),

  questions: [
    {
      id: 'output',
      ask(state, turn) {
        // One more than what is seen, so that counting cells does not do.
        const input = state.input + 1 + pick(turn, 20, 41);
        const size = output({ ...state, input });
        return { values: { input, size }, answer: size };
      },
    },
    {
      id: 'left',
      ask(state, turn) {
        if (state.kind === 'transposed') return null;
        const next = { ...state, stride: 2 + pick(turn, 3, 42) };
        const left = leftOver(next);
        const cells = spread(state.kernel, state.dilation);
        const room = state.input + 2 * state.padding - cells;
        return { values: { stride: next.stride, room, left }, answer: left };
      },
    },
    {
      id: 'same',
      ask({ dilation }, turn) {
        const kernel = 3 + 2 * pick(turn, 4, 43);
        const padding = (spread(kernel, dilation) - 1) / 2;
        return { values: { kernel, dilation, padding, cells: spread(kernel, dilation) }, answer: padding };
      },
    },
  ],
  table: (state) => [
    {
      name: 'input, kernel, stride, padding, dilation, output padding, output',
      rows: [
        [state.input, state.kernel, state.stride, state.padding, state.dilation, state.outputPadding, output(state)],
      ],
    },
  ],
};
