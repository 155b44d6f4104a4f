import { kernelFacts, type KernelFacts } from '../../../../../core/explain/kernel';
import type { Planes } from '../../../../../shared/lab';
import { convolve } from '../../model/convolution';
import { pick } from '../../model/draws';
import { flat, resized } from '../../model/nested';
import { factor } from '../../model/products';
import { OWN, samplePictures } from '../../model/samples';
import { shown } from '../../model/shown';
import type { Scene, Token } from '../../scene';
import { choice, flag, numbers, whole } from '../../state/fields';
import { pictures } from '../../state/pictures.svelte';
import { gallery, names } from './gallery';

type Plane = readonly (readonly number[])[];
/** A kernel over a picture. */
export type Kernels = {
  readonly picture: string;
  readonly color: boolean;
  /** Longest side of the picture, in pixels. */
  readonly side: number;
  /** `[1, K, K]`, the same for every channel, or `[3, K, K]`, one for each. */
  readonly kernel: readonly Plane[];
  /** The channel whose kernel is shown and whose sum is written out. */
  readonly channel: number;
};

/** Places along each side of the picture that one can look at, counted from the middle on. */
export const PLACES = 64;
/** Products that a formula writes out. */
const WRITTEN = 12;

const size = ({ kernel }: Kernels): number => kernel[0].length;
const separate = ({ kernel }: Kernels): boolean => kernel.length > 1;
/** The kernel of the channel that is shown. */
export const planeOf = ({ kernel, channel }: Kernels): Plane => kernel[Math.min(channel, kernel.length - 1)];
export function factsOf(state: Kernels): KernelFacts {
  const plane = planeOf(state);
  return kernelFacts({ rows: plane.length, columns: plane.length, values: flat(plane) });
}

/** The picture, once it has come. */
export const pictureOf = ({ picture, side, color }: Kernels): Planes | null => pictures.of(picture, side, color);

/** Row and column of the pixel that a step looks at. */
export function pixelAt(
  at: number,
  { width, height }: Pick<Planes, 'width' | 'height'>,
): { row: number; column: number } {
  const place = (at + (PLACES / 2) * PLACES + PLACES / 2) % PLACES ** 2;
  const on = (index: number, length: number): number => Math.floor(((index + 0.5) / PLACES) * length);
  return { row: on(Math.floor(place / PLACES), height), column: on(place % PLACES, width) };
}
/** And back: the step that looks nearest to a pixel. */
export function stepAt(row: number, column: number, { width, height }: Pick<Planes, 'width' | 'height'>): number {
  const on = (index: number, length: number): number =>
    Math.min(PLACES - 1, Math.max(0, Math.round(((index + 0.5) / length) * PLACES - 0.5)));
  return (
    (on(row, height) * PLACES + on(column, width) - (PLACES / 2) * PLACES - PLACES / 2 + PLACES ** 2) % PLACES ** 2
  );
}

/** What the window of a pixel reads of the channel that is shown, 0 … 1, zeros beyond the edge. */
export function patchAt(state: Kernels, planes: Planes, row: number, column: number): number[] {
  const k = size(state);
  const before = Math.floor((k - 1) / 2);
  const { width, height, channels, pixels } = planes;
  const channel = Math.min(state.channel, channels - 1);
  return Array.from({ length: k * k }, (_, i) => {
    const [y, x] = [row + Math.floor(i / k) - before, column + (i % k) - before];
    return y < 0 || x < 0 || y >= height || x >= width ? 0 : pixels[(y * width + x) * channels + channel] / 255;
  });
}

/** The output of a pixel: the core's convolution of its window. */
export function valueAt(state: Kernels, planes: Planes, row: number, column: number): number {
  const k = size(state);
  const conv = { channels: 1, filters: 1, input: [k, k], kernel: [k, k], stride: 1, padding: 0, dilation: 1 } as const;
  return convolve(conv, patchAt(state, planes, row, column), flat(planeOf(state)))[0];
}

const start: Kernels = { picture: 'landscape', color: true, side: 256, kernel: [gallery['sobel-x']], channel: 0 };

export const kernels: Scene<Kernels> = {
  id: 'kernels',
  trained: 'convscope://inspect/lenet5-mnist?picture=digit-5&depth=layer&layer=conv1',
  still: true,
  picture: true,
  fields: {
    picture: choice(...samplePictures, OWN),
    color: flag(),
    side: whole(16, 512),
    kernel: numbers([[1, 3], [1, 11], [1, 11]], -1000, 1000), // prettier-ignore
    channel: whole(0, 2),
  },
  examples: [
    ...names.toReversed().map((id) => ({ id, state: { ...start, kernel: [gallery[id]] } })),
    { id: 'gray', state: { ...start, color: false } },
    {
      id: 'colors',
      // prettier-ignore
      state: { ...start, kernel: [gallery['sobel-x'], gallery['sobel-y'], gallery.blur] },
    },
  ].sort((a, b) => Number(b.id === 'sobel-x') - Number(a.id === 'sobel-x')),
  // Kernels are square; a gray picture has one channel.
  settle(state) {
    const count = state.color && separate(state) ? 3 : 1;
    const kernel = resized(state.kernel, [count, size(state), size(state)]);
    return { ...state, kernel, channel: state.color ? state.channel : 0 };
  },
  controls: [
    {
      kind: 'picture',
      name: 'picture',
      get: ({ picture }) => picture,
      set: (state, picture) => ({ ...state, picture }),
    },
    {
      kind: 'flag',
      name: 'color',
      get: ({ color }) => color,
      set: (state, color) => (color ? { ...state, color } : { ...state, color, channel: 0, kernel: [planeOf(state)] }),
    },
    {
      kind: 'flag',
      name: 'separate',
      get: separate,
      set: (state, on) =>
        on
          ? { ...state, color: true, kernel: [state.kernel[0], state.kernel[0], state.kernel[0]] }
          : { ...state, kernel: [planeOf(state)], channel: 0 },
    },
    {
      kind: 'whole',
      name: 'channel',
      term: 'channel',
      get: ({ channel }) => channel,
      set: (state, channel) => ({ ...state, channel }),
      range: ({ color }) => ({ min: 0, max: color ? 2 : 0 }),
    },
    {
      kind: 'whole',
      name: 'size',
      term: 'kernel',
      get: size,
      // What was in the middle stays in the middle.
      set: (state, k) => ({ ...state, kernel: state.kernel.map((plane) => centered(plane, k)) }),
      range: () => ({ min: 1, max: 11 }),
    },
    {
      kind: 'whole',
      name: 'side',
      get: ({ side }) => side,
      set: (state, side) => ({ ...state, side }),
      range: () => ({ min: 16, max: 512 }),
    },
  ],
  steps: () => PLACES ** 2,
  stepOf: (_state, place) => (place.part === 'pixel' ? place.index : null),
  linked: (_state, place) => ({ [place.part]: new Set([place.index]) }),

  formula(state, at) {
    const planes = pictureOf(state);
    const { sum, norm, rank } = factsOf(state);
    const facts: Token[] = [{ text: `Σw = ${shown(sum)},  ‖w‖ = ${shown(norm)},  rank w = ${rank}`, term: 'kernel' }];
    if (!planes) return facts;
    const { row, column } = pixelAt(at, planes);
    const patch = patchAt(state, planes, row, column);
    const weights = flat(planeOf(state));
    const used = weights.flatMap((weight, i) => (weight === 0 ? [] : [i]));
    const written = used
      .slice(0, WRITTEN)
      .flatMap((i, n): Token[] => [
        ...(n > 0 ? [{ text: ' + ' }] : []),
        { text: `${shown(patch[i])} · ${factor(weights[i])}`, place: { part: 'weight', index: i } },
      ]);
    return [
      { text: `y[${row}, ${column}] = ` },
      ...(used.length === 0 ? [{ text: '0' }] : written),
      ...(used.length > WRITTEN ? [{ text: ' + …' }] : []),
      { text: ' = ' },
      { text: shown(valueAt(state, planes, row, column)), result: true, place: { part: 'pixel', index: at } },
    ];
  },
  spoken(state, at) {
    const planes = pictureOf(state);
    const { row, column } = planes ? pixelAt(at, planes) : { row: 0, column: 0 };
    return { row, column, value: planes ? shown(valueAt(state, planes, row, column)) : '–' };
  },

  questions: [
    {
      id: 'flat',
      ask(state, turn) {
        // Pixels of one value: only the sum of the weights counts.
        const value = (1 + pick(turn, 9, 31)) / 10;
        const { sum } = factsOf(state);
        const k = size(state);
        const conv = {
          channels: 1,
          filters: 1,
          input: [k, k],
          kernel: [k, k],
          stride: 1,
          padding: 0,
          dilation: 1,
        } as const;
        const [answer] = convolve(conv, new Float64Array(k * k).fill(value), flat(planeOf(state)));
        return { values: { value: shown(value), sum: shown(sum), answer: shown(answer) }, answer };
      },
    },
    {
      id: 'rank',
      ask(state) {
        const { rank } = factsOf(state);
        return { values: { rank, k: size(state) }, answer: rank };
      },
    },
    {
      id: 'products',
      ask(state) {
        const k = size(state);
        return { values: { k, whole: k * k, apart: 2 * k }, answer: 2 * k };
      },
    },
  ],
  table: (state) => state.kernel.map((rows, c) => ({ name: `kernel ${c}`, rows })),
};

/** A plane of another size around the same middle; what is new is 0. */
function centered(plane: Plane, k: number): Plane {
  const by = Math.floor((plane.length - 1) / 2) - Math.floor((k - 1) / 2);
  return Array.from({ length: k }, (_, y) => Array.from({ length: k }, (_, x) => plane[y + by]?.[x + by] ?? 0));
}
