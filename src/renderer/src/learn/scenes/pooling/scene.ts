import { avgpool } from '../../../../../core/layers/avgpool';
import { globalavgpool } from '../../../../../core/layers/globalavgpool';
import { globalmaxpool } from '../../../../../core/layers/globalmaxpool';
import { maxpool } from '../../../../../core/layers/maxpool';
import { spatialpyramid } from '../../../../../core/layers/spatialpyramid';
import { outputSize } from '../../model/convolution';
import { pick } from '../../model/draws';
import { layerOn, type OneMap } from '../../model/layer';
import { flat, inRows, nested, resized } from '../../model/nested';
import { shown } from '../../model/shown';
import type { Lit, Scene, Token } from '../../scene';
import { choice, numbers, whole } from '../../state/fields';

const kinds = ['max', 'average', 'global-max', 'global-average', 'pyramid'] as const;
export type Kind = (typeof kinds)[number];
/** Pooling of one map. */
export type Pooling = {
  readonly input: readonly (readonly number[])[];
  readonly kind: Kind;
  readonly size: number;
  readonly stride: number;
  /** Bins along each axis of a pyramid's levels: `1-2-4`. */
  readonly levels: string;
};

const MOST = { input: 13, size: 5, value: 1e6 };
const pyramids = ['1-2-4', '1-2-3', '3-2-1', '2-4'] as const;

export const levelsOf = ({ levels }: Pooling): number[] => levels.split('-').map(Number);
/** Whether a window of a size slides. */
const slides = ({ kind }: Pooling): boolean => kind === 'max' || kind === 'average';
const takesLargest = ({ kind }: Pooling): boolean => kind === 'max' || kind === 'global-max' || kind === 'pyramid';

function compute(state: Pooling): OneMap {
  const { input, kind, size, stride } = state;
  const shape = [input.length, input[0].length, 1];
  const on = flat(input);
  if (kind === 'max') return layerOn(maxpool, { size, stride }, shape, on);
  if (kind === 'average') return layerOn(avgpool, { size, stride }, shape, on);
  if (kind === 'global-max') return layerOn(globalmaxpool, {}, shape, on);
  if (kind === 'global-average') return layerOn(globalavgpool, {}, shape, on);
  return layerOn(spatialpyramid, { levels: levelsOf(state) }, shape, on);
}
let last: { state: Pooling; pooled: OneMap } | null = null;
export function pooled(state: Pooling): OneMap {
  if (last?.state !== state) last = { state, pooled: compute(state) };
  return last.pooled;
}

/** Figures of the output: one, or one for each level, each with its first unit. */
export function figures(state: Pooling): { first: number; rows: number; columns: number }[] {
  const { shape } = pooled(state);
  if (state.kind !== 'pyramid') return [{ first: 0, rows: shape[0], columns: shape[1] }];
  let first = 0;
  return levelsOf(state).map((level) => {
    const figure = { first, rows: level, columns: level };
    first += level * level;
    return figure;
  });
}

/** Rows and columns of the input that a unit reads. */
export function windowOf(state: Pooling, unit: number): { top: number; left: number; rows: number; columns: number } {
  const { start, end } = pooled(state).reads(unit);
  return { top: start[0], left: start[1], rows: end[0] - start[0] + 1, columns: end[1] - start[1] + 1 };
}
/** The cells of it, in order. */
export function cellsOf(state: Pooling, unit: number): number[] {
  const { top, left, rows, columns } = windowOf(state, unit);
  const wide = state.input[0].length;
  return Array.from(
    { length: rows * columns },
    (_, i) => (top + Math.floor(i / columns)) * wide + left + (i % columns),
  );
}

const fresh = (rows: number, columns: number, stream: number): number[][] =>
  nested([rows, columns], ([y, x]) => pick(y * 16 + x, 10, stream));
const plain = { size: 2, stride: 2, levels: '1-2-4' } as const;
const four = [
  [1, 3, 2, 1],
  [2, 9, 1, 1],
  [1, 3, 2, 3],
  [5, 6, 1, 2],
];

export const pooling: Scene<Pooling> = {
  id: 'pooling',
  trained: 'convscope://inspect/lenet5-mnist?picture=digit-5&depth=layer&layer=maxpool1',
  fields: {
    input: numbers([[1, MOST.input], [1, MOST.input]], -MOST.value, MOST.value), // prettier-ignore
    kind: choice(...kinds),
    size: whole(1, MOST.size),
    stride: whole(1, MOST.size),
    levels: choice(...pyramids),
  },
  examples: [
    { id: 'max', state: { ...plain, input: fresh(6, 6, 61), kind: 'max' } },
    { id: 'average', state: { ...plain, input: four, kind: 'average' } },
    { id: 'overlapping', state: { ...plain, input: fresh(7, 7, 62), kind: 'max', size: 3 } },
    { id: 'global', state: { ...plain, input: fresh(6, 6, 63), kind: 'global-average' } },
    { id: 'bins', state: { ...plain, input: fresh(8, 8, 64), kind: 'pyramid' } },
    { id: 'thirteen', state: { ...plain, input: fresh(13, 13, 65), kind: 'pyramid', levels: '3-2-1' } },
  ],
  controls: [
    {
      kind: 'choice',
      name: 'kind',
      options: kinds,
      get: ({ kind }) => kind,
      set: (state, kind) => ({ ...state, kind: kind as Kind }),
    },
    {
      kind: 'choice',
      name: 'levels',
      options: pyramids,
      get: ({ levels }) => levels,
      set: (state, levels) => ({ ...state, levels }),
      shown: ({ kind }) => kind === 'pyramid',
    },
    {
      kind: 'whole',
      name: 'input',
      get: ({ input }) => Math.max(input.length, input[0].length),
      set: (state, side) => ({
        ...state,
        input: resized(state.input, [side, side], ([y, x]) => pick(y * 16 + x, 10, 61)),
      }),
      range: ({ size }) => ({ min: size, max: MOST.input, whyMin: size > 1 ? 'why.fits' : undefined }),
    },
    {
      kind: 'whole',
      name: 'size',
      term: 'pooling',
      get: ({ size }) => size,
      set: (state, size) => ({ ...state, size }),
      range: ({ input }) => {
        const fits = Math.min(input.length, input[0].length);
        return { min: 1, max: Math.min(MOST.size, fits), whyMax: fits < MOST.size ? 'why.fits' : undefined };
      },
      shown: slides,
    },
    {
      kind: 'whole',
      name: 'stride',
      term: 'stride',
      get: ({ stride }) => stride,
      set: (state, stride) => ({ ...state, stride }),
      range: () => ({ min: 1, max: MOST.size }),
      shown: slides,
    },
  ],
  steps: (state) => pooled(state).values.length,
  linked(state, { part, index }): Lit {
    if (part === 'output') return { output: new Set([index]), input: new Set(cellsOf(state, index)) };
    if (part !== 'input') return {};
    const units = Array.from({ length: pooled(state).values.length }, (_, unit) => unit);
    return {
      input: new Set([index]),
      output: new Set(units.filter((unit) => cellsOf(state, unit).includes(index))),
    };
  },

  formula(state, at) {
    const input = flat(state.input);
    const cells = cellsOf(state, at);
    const largest = takesLargest(state);
    const place = { part: 'output', index: at };
    const terms = cells.flatMap((cell, i): Token[] => [
      ...(i > 0 ? [{ text: largest ? ', ' : ' + ' }] : []),
      { text: shown(input[cell]), place: { part: 'input', index: cell } },
    ]);
    return [
      { text: `y[${at}]`, place },
      { text: largest ? ' = max(' : ' = (' },
      ...terms,
      { text: largest ? ') = ' : `) ÷ ${cells.length} = ` },
      { text: shown(pooled(state).values[at]), place, result: true },
    ];
  },
  spoken: (state, at) => ({ unit: at, cells: cellsOf(state, at).length, value: shown(pooled(state).values[at]) }),

  questions: [
    {
      id: 'cell',
      ask(state, turn) {
        const { values } = pooled(state);
        const at = pick(turn, values.length, 66);
        const cells = cellsOf(state, at).length;
        return {
          values: { unit: at, cells, value: shown(values[at]) },
          answer: values[at],
          at,
          hides: { part: 'output', index: at },
        };
      },
    },
    {
      id: 'count',
      ask({ input }, turn) {
        // Another window than the one that is seen.
        const side = Math.min(input.length, input[0].length);
        const size = Math.min(side, 2 + pick(turn, 2, 67));
        const stride = 1 + pick(turn, 3, 68);
        const rows = outputSize(side, size, stride);
        return { values: { side, size, stride, rows }, answer: rows };
      },
    },
    {
      id: 'gradient',
      ask(state, turn) {
        const { values, shares } = pooled(state);
        const at = pick(turn, values.length, 69);
        const reached = shares(at).filter((share) => share !== 0).length;
        return { values: { unit: at, reached }, answer: reached, at };
      },
    },
  ],
  table: (state) => [
    { name: 'input', rows: state.input },
    ...figures(state).map(({ first, rows, columns }, i) => ({
      name: `output ${i}`,
      rows: inRows(pooled(state).values.subarray(first, first + rows * columns), columns),
    })),
  ],
};
