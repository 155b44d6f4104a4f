import { winograd as matrices, winogradTile, type Matrix } from '../../../../../core/explain/winograd';
import { pick } from '../../model/draws';
import { factor } from '../../model/products';
import { shown } from '../../model/shown';
import type { Lit, Place, Scene } from '../../scene';
import { numbers } from '../../state/fields';

/** A tile of the input and a kernel. */
export type Winograd = {
  /** 4 × 4 */
  readonly input: Matrix;
  /** 3 × 3 */
  readonly kernel: Matrix;
};

/** Parts of the drawing, each with the transform that makes it of what it is made of. */
const from = {
  v: { part: 'input', by: matrices.input },
  u: { part: 'kernel', by: matrices.kernel },
  y: { part: 'm', by: matrices.output },
} as const;

let last: { state: Winograd; tile: ReturnType<typeof winogradTile> } | null = null;
export function tileOf(state: Winograd): ReturnType<typeof winogradTile> {
  if (last?.state !== state) last = { state, tile: winogradTile(state.input, state.kernel) };
  return last.tile;
}

/** Which numbers of the one side count in a number of the other: where the transform's weight is not 0. */
function sources(by: Matrix, index: number): number[] {
  const [rows, columns] = [by.length, by[0].length];
  const [left, right] = [by[Math.floor(index / rows)], by[index % rows]];
  return left.flatMap((a, i) => right.flatMap((b, j) => (a !== 0 && b !== 0 ? [i * columns + j] : [])));
}
const targets = (by: Matrix, index: number): number[] =>
  Array.from({ length: by.length ** 2 }, (_, i) => i).filter((i) => sources(by, i).includes(index));

function linked(_state: Winograd, { part, index }: Place): Lit {
  const set = (...of: number[]): Set<number> => new Set(of);
  /** A product with all that it is made of and goes into. */
  const of = (products: readonly number[]): Lit => ({
    m: set(...products),
    v: set(...products),
    u: set(...products),
    y: set(...products.flatMap((m) => targets(from.y.by, m))),
  });
  if (part === 'm' || part === 'v' || part === 'u') {
    const made = { input: set(...sources(from.v.by, index)), kernel: set(...sources(from.u.by, index)) };
    return { ...of([index]), ...made };
  }
  if (part === 'y') {
    const products = sources(from.y.by, index);
    return { ...of(products), y: set(index) };
  }
  if (part === 'input') return { ...of(targets(from.v.by, index)), u: set(), input: set(index) };
  if (part === 'kernel') return { ...of(targets(from.u.by, index)), v: set(), kernel: set(index) };
  return {};
}

const value = { least: -1000, most: 1000 };
const digits = (...rows: string[]): number[][] => rows.map((row) => [...row].map(Number));

export const winograd: Scene<Winograd> = {
  id: 'winograd',
  fields: {
    input: numbers([[4, 4], [4, 4]], value.least, value.most), // prettier-ignore
    kernel: numbers([[3, 3], [3, 3]], value.least, value.most), // prettier-ignore
  },
  examples: [
    { id: 'edge', state: { input: digits('3012', '1589', '2725', '0131'), kernel: [[1, 0, -1], [1, 0, -1], [1, 0, -1]] } }, // prettier-ignore
    { id: 'sobel', state: { input: digits('0012', '0129', '1295', '2951'), kernel: [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]] } }, // prettier-ignore
    { id: 'mean', state: { input: digits('4444', '4004', '4004', '4444'), kernel: [[1, 1, 1], [1, 1, 1], [1, 1, 1]] } }, // prettier-ignore
  ],
  controls: [],
  steps: () => 16,
  stepOf: (_state, { part, index }) => (part === 'm' || part === 'v' || part === 'u' ? index : null),
  shows: (_state, at) => ({ part: 'm', index: at }),
  linked,

  formula(state, at) {
    const { u, v, m } = tileOf(state);
    const [i, j] = [Math.floor(at / 4), at % 4];
    return [
      { text: `m[${i}, ${j}]`, place: { part: 'm', index: at } },
      { text: ' = ' },
      { text: factor(v[i][j]), place: { part: 'v', index: at } },
      { text: ' · ' },
      { text: factor(u[i][j]), place: { part: 'u', index: at } },
      { text: ' = ' },
      { text: shown(m[i][j]), result: true, place: { part: 'm', index: at } },
    ];
  },
  spoken(state, at) {
    const { m } = tileOf(state);
    return { row: Math.floor(at / 4), column: at % 4, value: shown(m[Math.floor(at / 4)][at % 4]) };
  },

  questions: [
    {
      id: 'product',
      ask(state, turn) {
        const at = pick(turn, 16, 51);
        const { u, v, m } = tileOf(state);
        const [i, j] = [Math.floor(at / 4), at % 4];
        return {
          values: { row: i, column: j, v: shown(v[i][j]), u: shown(u[i][j]), value: shown(m[i][j]) },
          answer: m[i][j],
          at,
          hides: { part: 'm', index: at },
        };
      },
    },
    {
      id: 'output',
      ask(state, turn) {
        const at = pick(turn, 4, 52);
        const answer = tileOf(state).y[Math.floor(at / 2)][at % 2];
        return {
          values: { row: Math.floor(at / 2), column: at % 2, value: shown(answer) },
          answer,
          hides: { part: 'y', index: at },
        };
      },
    },
    {
      id: 'saved',
      ask(_state, turn) {
        // Tiles of a map: the products of both ways.
        const side = 2 * (4 + pick(turn, 10, 53));
        const tiles = (side / 2) ** 2;
        return { values: { side, tiles, direct: side * side * 9, products: tiles * 16 }, answer: tiles * 16 };
      },
    },
  ],
  table(state) {
    const { v, u, m, y } = tileOf(state);
    return [
      { name: 'input d', rows: state.input },
      { name: 'kernel g', rows: state.kernel },
      { name: 'V', rows: v },
      { name: 'U', rows: u },
      { name: 'M', rows: m },
      { name: 'Y', rows: y },
    ];
  },
};
