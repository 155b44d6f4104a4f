import { softmax as layer } from '../../../../../core/layers/softmax';
import { classLoss, plainLoss } from '../../../../../core/train/class-loss';
import { pick } from '../../model/draws';
import { layerOn } from '../../model/layer';
import { shown } from '../../model/shown';
import type { Scene, Token } from '../../scene';
import { numbers, whole } from '../../state/fields';

/** Logits of a few classes, and which is right. */
export type Softmax = {
  /** `[1, classes]` */
  readonly logits: readonly (readonly number[])[];
  readonly label: number;
};

const MOST = { classes: 6, logit: 50 };
/** The terrain is over two logits from −REACH to REACH, with so many places a side. */
export const REACH = 6;
export const PLACES = 49;
/** The two logits that the terrain is over. */
export const OVER = [0, 1] as const;

const rowOf = ({ logits }: Softmax): readonly number[] => logits[0];

/** Probabilities: the core's softmax. */
export const probabilities = (state: Softmax): Float64Array =>
  layerOn(layer, {}, [rowOf(state).length], rowOf(state)).values;
/** 1 for what is right, else 0. */
export const oneHot = (state: Softmax): number[] => rowOf(state).map((_, i) => Number(i === state.label));

/** Loss and its gradient by each logit, as training has them. */
export function lossOf(
  state: Softmax,
  logits: readonly number[] = rowOf(state),
): { loss: number; gradient: Float64Array } {
  const { loss, dx } = classLoss(plainLoss, Float64Array.from(logits), [state.label], 1, logits.length);
  return { loss, gradient: dx };
}

const at = (place: number): number => -REACH + (2 * REACH * place) / (PLACES - 1);
/** The loss over the two logits, the first to the right, the second upwards, row by row from the top. */
export function terrain(state: Softmax): Float64Array {
  const out = new Float64Array(PLACES * PLACES);
  for (let y = 0; y < PLACES; y++)
    for (let x = 0; x < PLACES; x++) {
      const logits = [...rowOf(state)];
      logits[OVER[0]] = at(x);
      logits[OVER[1]] = at(PLACES - 1 - y);
      out[y * PLACES + x] = lossOf(state, logits).loss;
    }
  return out;
}

const withLogits = (state: Softmax, change: Readonly<Record<number, number>>): Softmax => ({
  ...state,
  logits: [rowOf(state).map((value, i) => change[i] ?? value)],
});
/** Both logits of the terrain at once. */
export const moved = (state: Softmax, x: number, y: number): Softmax =>
  withLogits(state, { [OVER[0]]: x, [OVER[1]]: y });

/** A class as an index: `₂`. */
export const lowered = (index: number): string => '₀₁₂₃₄₅'[index];

export const softmax: Scene<Softmax> = {
  id: 'softmax',
  trained: 'convscope://inspect/lenet5-mnist?picture=digit-5&depth=layer&layer=softmax1',
  fields: {
    logits: numbers([[1, 1], [2, MOST.classes]], -MOST.logit, MOST.logit), // prettier-ignore
    label: whole(0, MOST.classes - 1),
  },
  examples: [
    { id: 'three', state: { logits: [[2, 1, 0]], label: 0 } },
    { id: 'wrong', state: { logits: [[-1, 4, 1]], label: 0 } },
    { id: 'even', state: { logits: [[0, 0, 0, 0, 0]], label: 1 } },
    { id: 'sure', state: { logits: [[9, -3, 0]], label: 0 } },
  ],
  settle: (state) => ({ ...state, label: Math.min(state.label, rowOf(state).length - 1) }),
  controls: [
    {
      kind: 'whole',
      name: 'classes',
      get: (state) => rowOf(state).length,
      set: (state, count) => ({
        logits: [Array.from({ length: count }, (_, i) => rowOf(state)[i] ?? 0)],
        label: Math.min(state.label, count - 1),
      }),
      range: () => ({ min: 2, max: MOST.classes }),
    },
    {
      kind: 'whole',
      name: 'label',
      get: ({ label }) => label,
      set: (state, label) => ({ ...state, label }),
      range: (state) => ({ min: 0, max: rowOf(state).length - 1 }),
    },
  ],
  steps: (state) => rowOf(state).length,
  stepOf: (_state, { part, index }) => (['logits', 'share', 'onehot', 'gradient'].includes(part) ? index : null),
  linked: (_state, { index }) => {
    const own = new Set([index]);
    return { logits: own, share: own, onehot: own, gradient: own };
  },

  formula(state, step) {
    const logits = rowOf(state);
    const p = probabilities(state);
    const powers = logits.flatMap((value, i): Token[] => [
      ...(i > 0 ? [{ text: ' + ' }] : []),
      { text: `e^${shown(value)}`, place: { part: 'logits', index: i } },
    ]);
    return [
      { text: `p${lowered(step)} = e^${shown(logits[step])} ÷ (` },
      ...powers,
      { text: ') = ' },
      { text: shown(p[step]), place: { part: 'share', index: step }, result: true },
      { text: `,    L = −ln p${lowered(state.label)} = ` },
      { text: shown(lossOf(state).loss), term: 'loss' },
    ];
  },
  spoken(state, step) {
    return { class: step, share: shown(probabilities(state)[step]), loss: shown(lossOf(state).loss) };
  },

  questions: [
    {
      id: 'loss',
      ask(state) {
        const { loss } = lossOf(state);
        const p = probabilities(state)[state.label];
        return { values: { p: shown(p), loss: shown(loss) }, answer: loss };
      },
    },
    {
      id: 'gradient',
      ask(state, turn) {
        const index = pick(turn, rowOf(state).length, 91);
        const { gradient } = lossOf(state);
        const right = index === state.label;
        return {
          values: {
            class: index,
            p: shown(probabilities(state)[index]),
            y: right ? 1 : 0,
            value: shown(gradient[index]),
          },
          answer: gradient[index],
          at: index,
          hides: { part: 'gradient', index },
        };
      },
    },
    {
      id: 'shift',
      ask(state, turn) {
        // The same number added to every logit changes nothing.
        const by = 1 + pick(turn, 5, 92);
        const { loss } = lossOf(state, rowOf(state).map((value) => value + by)); // prettier-ignore
        return { values: { by, loss: shown(loss) }, answer: loss };
      },
    },
  ],
  table: (state) => [
    { name: 'logits', rows: state.logits },
    { name: 'probabilities', rows: [[...probabilities(state)]] },
    { name: 'one-hot', rows: [oneHot(state)] },
    { name: 'gradient', rows: [[...lossOf(state).gradient]] },
    { name: 'loss', rows: [[lossOf(state).loss]] },
  ],
};
