import { RACE } from '../../../../../shared/lab';
import { int } from '../../../format';
import { pick } from '../../model/draws';
import type { Scene } from '../../scene';
import { whole } from '../../state/fields';

/** A convolution that is raced: stride 1, no padding. */
export type Race = {
  readonly channels: number;
  readonly filters: number;
  /** Rows, and columns, of the input. */
  readonly side: number;
  readonly kernel: number;
};

/** The three ways, in the order in which they are drawn. */
export const racers = ['loops', 'im2col', 'kernels'] as const;

export const rowsOf = ({ side, kernel }: Race): number => side - kernel + 1;
/** Multiply-adds of the definition. */
export const productsOf = (state: Race): number =>
  state.filters * state.channels * state.kernel ** 2 * rowsOf(state) ** 2;

/** As many filters as a race of that size may have. */
const mostFilters = (state: Race): number =>
  Math.max(1, Math.min(RACE.filters, Math.floor((RACE.products / productsOf(state)) * state.filters)));

const slider = (name: keyof Race, least: number) => ({
  kind: 'whole' as const,
  name,
  get: (state: Race) => state[name],
  set: (state: Race, value: number) => {
    const next = { ...state, [name]: value };
    return { ...next, filters: Math.min(next.filters, mostFilters(next)) };
  },
  range: (state: Race) => ({
    min: least,
    max: name === 'filters' ? mostFilters(state) : RACE[name],
    whyMax: name === 'filters' && mostFilters(state) < RACE.filters ? 'why.long' : undefined,
  }),
});

export const race: Scene<Race> = {
  id: 'race',
  fields: {
    channels: whole(1, RACE.channels),
    filters: whole(1, RACE.filters),
    side: whole(RACE.kernel, RACE.side),
    kernel: whole(1, RACE.kernel),
  },
  examples: [
    { id: 'lenet', state: { channels: 6, filters: 16, side: 64, kernel: 5 } },
    { id: 'three', state: { channels: 32, filters: 64, side: 56, kernel: 3 } },
    { id: 'pointwise', state: { channels: 64, filters: 64, side: 56, kernel: 1 } },
  ],
  settle: (state) => ({ ...state, filters: Math.min(state.filters, mostFilters(state)) }),
  controls: [slider('channels', 1), slider('filters', 1), slider('side', RACE.kernel), slider('kernel', 1)],
  steps: () => 1,
  linked: () => ({}),

  formula: (state) => [
    { text: int(state.filters), term: 'filters' },
    { text: ' · ' },
    { text: int(state.channels), term: 'channel' },
    { text: ` · ${state.kernel} · ${state.kernel} · ${rowsOf(state)} · ${rowsOf(state)} = ` },
    { text: int(productsOf(state)), result: true },
  ],
  spoken: (state) => ({ products: int(productsOf(state)) }),

  questions: [
    {
      id: 'products',
      ask(state, turn) {
        // Twice or three times as many filters.
        const times = 2 + pick(turn, 2, 55);
        return { values: { times, products: int(productsOf(state)) }, answer: times };
      },
    },
    {
      id: 'patches',
      ask(state) {
        const { channels, kernel } = state;
        const cells = channels * kernel ** 2 * rowsOf(state) ** 2;
        return { values: { channels, kernel, rows: rowsOf(state), cells: int(cells) }, answer: cells };
      },
    },
  ],
  table: (state) => [
    { name: 'channels, filters, side, kernel', rows: [[state.channels, state.filters, state.side, state.kernel]] },
    { name: 'multiply-adds', rows: [[productsOf(state)]] },
  ],
};
