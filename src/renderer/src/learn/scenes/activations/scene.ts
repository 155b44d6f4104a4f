import { registry } from '../../../../../core/layers/registry';
import { pick } from '../../model/draws';
import { layerOn, type OneMap } from '../../model/layer';
import { flat, inRows, nested } from '../../model/nested';
import { shown } from '../../model/shown';
import type { Lit, Scene } from '../../scene';
import { choice, numbers } from '../../state/fields';

/** Every activation of the core that works on one number, and maxout, which takes the largest of several. */
const ofOneNumber = [
  ...['relu', 'leakyrelu', 'prelu', 'rrelu', 'relu6', 'elu', 'selu', 'gelu', 'silu', 'hardswish'],
  ...['sigmoid', 'hardsigmoid', 'tanh', 'softplus'],
] as const;
export const kinds = [...ofOneNumber, 'maxout'] as const;
type Rows = readonly (readonly number[])[];
export type Activations = {
  readonly kind: string;
  /** A map that goes through it. */
  readonly map: Rows;
  /** Slope and height at 0 of each line that maxout takes the largest of. */
  readonly lines: Rows;
};

/** The curve reaches from −REACH to REACH, with so many points for each 1. */
export const REACH = 6;
const STEPS = 4;
export const COUNT = 2 * REACH * STEPS + 1;
export const xAt = (step: number): number => step / STEPS - REACH;

export const isMaxout = ({ kind }: Activations): boolean => !ofOneNumber.some((each) => each === kind);

/** The layer over a list of numbers: of maxout over what each line makes of them. */
function over(state: Activations, xs: readonly number[]): OneMap {
  const definition = registry.get(state.kind)!;
  if (!isMaxout(state)) return layerOn(definition, {}, [xs.length], xs);
  const pieces = state.lines.length;
  const input = state.lines.flatMap(([slope, height]) => xs.map((x) => slope * x + height));
  return layerOn(definition, { pieces }, [pieces * xs.length], input);
}

export interface Curve {
  values: Float64Array;
  /** The derivative: at a kink as the layer's backward pass has it. */
  slopes: Float64Array;
}
/** Values and derivatives at a list of numbers, by the layer's own forward and backward pass. */
export function curveOf(state: Activations, xs: readonly number[]): Curve {
  const layer = over(state, xs);
  const back = layer.back(new Float64Array(layer.values.length).fill(1));
  const slopes = isMaxout(state)
    ? Float64Array.from(xs, (_, i) => state.lines.reduce((sum, [slope], p) => sum + slope * back[p * xs.length + i], 0))
    : back;
  return { values: layer.values, slopes };
}

let last: { state: Activations; curve: Curve; after: Curve } | null = null;
function computed(state: Activations): { curve: Curve; after: Curve } {
  if (last?.state !== state) {
    const xs = Array.from({ length: COUNT }, (_, step) => xAt(step));
    last = { state, curve: curveOf(state, xs), after: curveOf(state, flat(state.map)) };
  }
  return last;
}
export const curve = (state: Activations): Curve => computed(state).curve;
/** The map after the activation, and the derivative in every cell. */
export const after = (state: Activations): Curve => computed(state).after;

const map: Rows = nested([6, 6], ([y, x]) => pick(y * 6 + x, 13, 81) - 6);
const lines: Rows = [
  [-1, -1],
  [0.25, 0],
  [1, -1],
];
/** A derivative below this hardly lets an error through. */
export const FAINT = 0.05;

export const activations: Scene<Activations> = {
  id: 'activations',
  trained: 'convscope://inspect/lenet5-mnist?picture=digit-5&depth=layer&layer=relu1',
  fields: {
    kind: choice(...kinds),
    map: numbers([[1, 8], [1, 8]], -1000, 1000), // prettier-ignore
    lines: numbers([[2, 4], [2, 2]], -100, 100), // prettier-ignore
  },
  examples: kinds.map((kind) => ({ id: kind, state: { kind, map, lines } })),
  controls: [
    {
      kind: 'choice',
      name: 'kind',
      options: kinds,
      get: ({ kind }) => kind,
      set: (state, kind) => ({ ...state, kind }),
    },
    {
      kind: 'whole',
      name: 'pieces',
      get: ({ lines: { length } }) => length,
      set: (state, count) => ({
        ...state,
        lines: Array.from({ length: count }, (_, i) => state.lines[i] ?? [i === 3 ? -0.5 : 0.5, 1]),
      }),
      range: () => ({ min: 2, max: 4 }),
      shown: isMaxout,
    },
  ],
  steps: () => COUNT,
  stepOf: (_state, { part, index }) => (part === 'x' ? index : null),
  linked: (_state, { part, index }): Lit =>
    part === 'before' || part === 'after' ? { before: new Set([index]), after: new Set([index]) } : {},

  formula(state, at) {
    const { values, slopes } = curve(state);
    const x = shown(xAt(at));
    return [
      { text: `f(${x}) = ` },
      { text: shown(values[at]), term: 'value', result: true },
      { text: `,    f′(${x}) = ` },
      { text: shown(slopes[at]), term: 'slope' },
    ];
  },
  spoken(state, at) {
    const { values, slopes } = curve(state);
    return { x: shown(xAt(at)), value: shown(values[at]), slope: shown(slopes[at]) };
  },

  questions: [
    {
      id: 'value',
      ask(state, turn) {
        const x = pick(turn, 9, 82) - 4;
        const answer = curveOf(state, [x]).values[0];
        return { values: { x: shown(x), value: shown(answer) }, answer, at: (x + REACH) * STEPS };
      },
    },
    {
      id: 'slope',
      ask(state, turn) {
        const x = [-5, -3, -1, 1, 3, 5][pick(turn, 6, 83)];
        const answer = curveOf(state, [x]).slopes[0];
        return { values: { x: shown(x), slope: shown(answer) }, answer, at: (x + REACH) * STEPS };
      },
    },
    {
      id: 'faint',
      ask(state) {
        const faint = after(state).slopes.filter((slope) => Math.abs(slope) < FAINT).length;
        return { values: { faint, least: shown(FAINT), all: flat(state.map).length }, answer: faint };
      },
    },
  ],
  table(state) {
    const { values, slopes } = curve(state);
    const wide = state.map[0].length;
    return [
      { name: 'x, f(x), derivative', rows: Array.from({ length: COUNT }, (_, i) => [xAt(i), values[i], slopes[i]]) },
      { name: 'map', rows: state.map },
      { name: 'map after', rows: inRows(after(state).values, wide) },
      { name: 'derivative in each cell', rows: inRows(after(state).slopes, wide) },
    ];
  },
};
