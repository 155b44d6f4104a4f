import { avgpool } from '../../../../../core/layers/avgpool';
import { globalmaxpool } from '../../../../../core/layers/globalmaxpool';
import { maxpool } from '../../../../../core/layers/maxpool';
import { relu } from '../../../../../core/layers/relu';
import { moved } from '../../../../../core/train/augmentation';
import { convolve } from '../../model/convolution';
import { pick } from '../../model/draws';
import { layerOn, type OneMap } from '../../model/layer';
import { flat, inRows, nested } from '../../model/nested';
import { shown } from '../../model/shown';
import type { Lit, Scene } from '../../scene';
import { choice, numbers } from '../../state/fields';

const changes = ['right', 'down', 'turn', 'size'] as const;
type Change = (typeof changes)[number];
const pools = ['max', 'average'] as const;
type Plane = readonly (readonly number[])[];
/** A picture, what is done to it, and how its map is pooled. */
export type Invariance = {
  /** Bytes, `SIDE` × `SIDE`. */
  readonly picture: Plane;
  readonly kernel: Plane;
  readonly change: Change;
  readonly pool: (typeof pools)[number];
};

export const SIDE = 18;
/** What is compared, from the picture on: after each, a map. */
export const stages = ['picture', 'map', 'pool2', 'pool4', 'global'] as const;
export type Stage = (typeof stages)[number];

/** The amounts of a change that play goes through: pixels, degrees, percent. The one of the middle changes nothing. */
const amounts: Record<Change, readonly number[]> = {
  right: [-4, -3, -2, -1, 0, 1, 2, 3, 4],
  down: [-4, -3, -2, -1, 0, 1, 2, 3, 4],
  turn: [-40, -30, -20, -10, 0, 10, 20, 30, 40],
  size: [60, 70, 80, 90, 100, 110, 120, 130, 140],
};
export const amountsOf = ({ change }: Invariance): readonly number[] => amounts[change];

export interface Map {
  rows: number;
  columns: number;
  /** 0 … 1 for the picture. */
  values: Float64Array;
}
type Maps = Readonly<Record<Stage, Map>>;

/** The picture as a change leaves it, as training's augmentation does it: `SIDE` × `SIDE`, 0 … 255. */
function changed({ picture, change }: Invariance, amount: number): Float32Array {
  const out = new Float32Array(SIDE * SIDE);
  const shift = [change === 'right' ? amount : 0, change === 'down' ? amount : 0] as const;
  const turn = change === 'turn' ? amount : 0;
  const zoom = change === 'size' ? amount / 100 : 1;
  const frame = { height: SIDE, width: SIDE, channels: 1 };
  moved({ shift, turn, zoom }, Uint8Array.from(flat(picture)), frame, 0, out);
  return out;
}

/** conv → relu → pooling by 2 → once more → the largest of all, each a layer of the core. */
function through(state: Invariance, amount: number): Maps {
  const picture = Float64Array.from(changed(state, amount), (value) => value / 255);
  const k = state.kernel.length;
  const side = SIDE - k + 1;
  const sizes = { channels: 1, filters: 1, stride: 1, padding: 0, dilation: 1 };
  const conv = convolve({ ...sizes, input: [SIDE, SIDE], kernel: [k, k] }, picture, flat(state.kernel));
  const map = layerOn(relu, {}, [side, side, 1], conv);
  const pooledOf = ({ shape, values }: OneMap): OneMap =>
    state.pool === 'max' ? layerOn(maxpool, { size: 2 }, shape, values) : layerOn(avgpool, { size: 2 }, shape, values);
  const pool2 = pooledOf(map);
  const pool4 = pooledOf(pool2);
  const global = layerOn(globalmaxpool, {}, map.shape, map.values);
  const asMap = ({ shape: [rows, columns], values }: OneMap): Map => ({ rows, columns, values });
  return {
    picture: { rows: SIDE, columns: SIDE, values: picture },
    map: asMap(map),
    pool2: asMap(pool2),
    pool4: asMap(pool4),
    global: asMap(global),
  };
}

let last: { state: Invariance; maps: Maps[] } | null = null;
/** The maps of every amount; the picture as it is lies in the middle. */
export function mapsOf(state: Invariance): readonly Maps[] {
  if (last?.state !== state) last = { state, maps: amountsOf(state).map((amount) => through(state, amount)) };
  return last.maps;
}
export const unchanged = (state: Invariance): Maps => mapsOf(state)[Math.floor(amountsOf(state).length / 2)];

/** How far a map has moved from that of the picture as it is: ‖b − a‖ ÷ ‖a‖; 0 where both are 0. */
export function moveOf(state: Invariance, at: number, stage: Stage): number {
  const [a, b] = [unchanged(state)[stage].values, mapsOf(state)[at][stage].values];
  const norm = Math.hypot(...a);
  const distance = Math.hypot(...b.map((value, i) => value - a[i]));
  return norm === 0 ? (distance === 0 ? 0 : 1) : distance / norm;
}

/** Strokes of full brightness in the dark: a digit 7, a cross, a ring. */
const drawn = (inside: (y: number, x: number) => boolean): number[][] =>
  nested([SIDE, SIDE], ([y, x]) => (inside(y, x) ? 255 : 0));
const seven = drawn(
  (y, x) => (y >= 4 && y <= 5 && x >= 5 && x <= 12) || (y > 5 && y < 14 && Math.abs(x - 12 + (y - 5) * 0.6) < 1),
);
const cross = drawn((y, x) => (Math.abs(y - 8.5) < 1 && x > 3 && x < 14) || (Math.abs(x - 8.5) < 1 && y > 3 && y < 14));
const ring = drawn((y, x) => Math.abs(Math.hypot(y - 8.5, x - 8.5) - 4.5) < 1);
const edge = [
  [1, 0, -1],
  [2, 0, -2],
  [1, 0, -1],
];
/** What each stage is called in the formula. */
const symbols: Record<Stage, string> = { picture: 'x', map: 'relu(x ∗ w)', pool2: 'p₂', pool4: 'p₄', global: 'max' };
const cell = (stage: Stage, index: number): Lit => ({ [stage]: new Set([index]) });

export const invariance: Scene<Invariance> = {
  id: 'invariance',
  trained: 'convscope://inspect/lenet5-mnist?picture=digit-5&depth=overview',
  fields: {
    picture: numbers([[SIDE, SIDE], [SIDE, SIDE]], 0, 255), // prettier-ignore
    kernel: numbers([[3, 3], [3, 3]], -100, 100), // prettier-ignore
    change: choice(...changes),
    pool: choice(...pools),
  },
  examples: [
    { id: 'shift', state: { picture: seven, kernel: edge, change: 'right', pool: 'max' } },
    { id: 'turn', state: { picture: seven, kernel: edge, change: 'turn', pool: 'max' } },
    { id: 'size', state: { picture: seven, kernel: edge, change: 'size', pool: 'max' } },
    { id: 'ring', state: { picture: ring, kernel: edge, change: 'turn', pool: 'max' } },
    { id: 'cross', state: { picture: cross, kernel: edge, change: 'down', pool: 'average' } },
  ],
  controls: [
    {
      kind: 'choice',
      name: 'change',
      options: changes,
      get: ({ change }) => change,
      set: (state, change) => ({ ...state, change: change as Change }),
    },
    {
      kind: 'choice',
      name: 'pool',
      options: pools,
      get: ({ pool }) => pool,
      set: (state, pool) => ({ ...state, pool: pool as Invariance['pool'] }),
    },
  ],
  steps: (state) => amountsOf(state).length,
  stepOf: (_state, { part, index }) => (part === 'amount' ? index : null),
  linked: (_state, { part, index }) => (stages.includes(part as Stage) ? cell(part as Stage, index) : {}),

  formula: (state, at) => [
    { text: '‖b − a‖ ÷ ‖a‖:  ' },
    ...stages.flatMap((stage, i) => [
      { text: `${i > 0 ? ',   ' : ''}${symbols[stage]} → ` },
      { text: shown(moveOf(state, at, stage)), term: stage, result: stage === 'pool4' },
    ]),
  ],
  spoken: (state, at) => ({
    amount: amountsOf(state)[at],
    picture: shown(moveOf(state, at, 'picture')),
    pooled: shown(moveOf(state, at, 'pool4')),
  }),

  questions: [
    {
      id: 'most',
      ask(state, turn) {
        // Which of the changes by this one step moves the twice pooled map most.
        const at = pick(turn, 2, 71) === 0 ? 3 : 5;
        const options = changes.filter((change) => change !== 'down');
        const moves = options.map((change) => moveOf({ ...state, change }, at, 'pool4'));
        const most = moves.indexOf(Math.max(...moves));
        if (moves.filter((move) => move === moves[most]).length > 1) return null;
        const amount = (change: Change): string => shown(amounts[change][at]);
        return {
          values: {
            right: amount('right'), turn: amount('turn'), size: amount('size'),
            moves: moves.map((move) => shown(move)).join(' · '),
          }, // prettier-ignore
          answer: most,
          options,
        };
      },
    },
    {
      id: 'stage',
      ask(state) {
        const at = amountsOf(state).length - 1;
        const moves = stages.map((stage) => moveOf(state, at, stage));
        const least = moves.indexOf(Math.min(...moves));
        if (moves.filter((move) => move === moves[least]).length > 1) return null;
        return {
          values: { amount: shown(amountsOf(state)[at]), moves: moves.map((move) => shown(move)).join(' · ') },
          answer: least,
          options: stages,
          at,
        };
      },
    },
    {
      id: 'rows',
      ask(state) {
        const { rows } = unchanged(state).pool4;
        const before = unchanged(state).map.rows;
        return { values: { before, rows }, answer: rows };
      },
    },
  ],
  table: (state) => [
    { name: 'amount', rows: [amountsOf(state)] },
    ...stages.map((stage) => ({
      name: `change of ${stage}`,
      rows: [amountsOf(state).map((_, at) => moveOf(state, at, stage))],
    })),
    ...stages.map((stage) => {
      const { values, columns } = unchanged(state)[stage];
      return { name: stage, rows: inRows(values, columns) };
    }),
  ],
};
