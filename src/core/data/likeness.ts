import { list, number, object, optional, refine, text, whole, type Infer } from '../schema';
import { say, type Message } from '../../words';
import type { Split } from './dataset';
import { lookCount, lookNames, looksOf, type LookName, type SeenPicture } from './looks';

/** Fewer training pictures than this do not show what is usual. */
const FEW = 200;
/** Of more than this many training pictures as many are looked at, evenly spread. */
const LOOKED_AT = 2048;
/** Of these the ones that are kept for comparison. */
const EXAMPLES = 256;
/** The limit: this share of the training pictures is nearer to one that is kept, and a margin, wider for few pictures. */
const USUAL = 0.99;
const MARGIN = { few: 400, wide: 1.15, narrow: 1.05 };
/** Deviations are no smaller than this: what never varies in training may vary a little. */
const LEAST_DEVIATION = 0.03;
/** Correlations are taken this much smaller, so that they can be inverted. */
const SHRUNK = 0.1;
/** A gray network whose training pictures are colored less often than this knows none with colors. */
const RARELY = 0.01;
/** A picture this many times as large on both sides as the largest one, or as small as the smallest one, is told. */
const MUCH = { larger: 4, smaller: 2 };

const size = list(whole(1), 2, 2);
const facts = (channels: number) => {
  const count = lookCount(channels);
  const numbers = list(number, count, count);
  const triangle = (count * (count + 1)) / 2;
  const examples = refine(
    text(2 * count),
    (hex) => hex.length % (2 * count) === 0 && /^[0-9a-f]*$/.test(hex),
    say('onnx.expect-examples', { count }),
  );
  return { numbers, triangle: list(number, triangle, triangle), examples };
};

/**
 * What the pictures of the training split were like: their number, how many had colors that a gray network does not see, the smallest and
 * the largest height and width in pixels before they were fitted. Of 200 or more also `looks`: mean and standard deviation of each
 * number of `looksOf`, the range of the middle 99 % (`low`, `high`), the lower triangle of the Cholesky factor of their correlations, row by
 * row, examples (bytes in hexadecimal, `looksOf` × 255, one after another), and the distance to the nearest of
 * them from which on a picture is unlike all that the network learned from.
 */
export const learnedPictures = (channels: number) => {
  const { numbers, triangle, examples } = facts(channels);
  return object({
    count: whole(1),
    colored: optional(whole()),
    smallest: size,
    largest: size,
    looks: optional(
      object({
        mean: numbers,
        deviation: numbers,
        low: numbers,
        high: numbers,
        factor: triangle,
        examples,
        limit: number,
      }),
    ),
  });
};
export type LearnedPictures = Infer<ReturnType<typeof learnedPictures>>;
type Looks = NonNullable<LearnedPictures['looks']>;

/** Null for what are no pictures. @param split that is learned from, before it is expanded. */
export function learnedFrom(split: Split): LearnedPictures | null {
  const { images, samples } = split;
  const { height, width, channels, pixels, sizes, colored } = images;
  if (images.features || samples.length === 0 || (channels !== 1 && channels !== 3)) return null;
  const range = (side: 0 | 1): [number, number] => {
    let [least, most] = [Infinity, 0];
    for (const sample of samples) {
      const length = sizes ? sizes[2 * sample + side] : side === 0 ? height : width;
      least = Math.min(least, length);
      most = Math.max(most, length);
    }
    return [least, most];
  };
  const [heights, widths] = [range(0), range(1)];
  const length = height * width * channels;
  const pictureAt = (sample: number): SeenPicture => ({
    pixels: pixels.subarray(sample * length, (sample + 1) * length),
    height,
    width,
    channels,
  });
  return {
    count: samples.length,
    ...(colored && { colored: samples.reduce((sum, sample) => sum + colored[sample], 0) }),
    smallest: [heights[0], widths[0]],
    largest: [heights[1], widths[1]],
    ...(samples.length >= FEW && {
      looks: looksIn(spread(samples, LOOKED_AT).map((sample) => looksOf(pictureAt(sample)))),
    }),
  };
}

/** At most `most` of the items, evenly spread. */
function spread<T>(items: ArrayLike<T>, most: number): T[] {
  const count = Math.min(most, items.length);
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]);
}

function looksIn(rows: readonly Float64Array[]): Looks {
  const places = Array.from(rows[0], (_, i) => i);
  const columns = places.map((i) => Float64Array.from(rows, (row) => row[i]).sort());
  const mean = columns.map((column) => short(column.reduce((sum, value) => sum + value, 0) / column.length));
  const deviation = columns.map((column, i) =>
    short(
      Math.sqrt(column.reduce((sum, value) => sum + (value - mean[i]) ** 2, 0) / column.length + LEAST_DEVIATION ** 2),
    ),
  );
  const scaled = rows.map((row) => row.map((value, i) => (value - mean[i]) / deviation[i]));
  const factor = cholesky(scaled).map(short);
  const kept = spread(Array.from(rows.keys()), EXAMPLES);
  const examples = kept.map((i) => [...rows[i]].map(hexByte).join('')).join('');
  const low = columns.map((column) => short(quantile(column, (1 - USUAL) / 2)));
  const high = columns.map((column) => short(quantile(column, (1 + USUAL) / 2)));
  const looks = { mean, deviation, low, high, factor, examples, limit: 0 };
  const near = new Nearest(looks);
  const placeOf = new Map(kept.map((row, place) => [row, place]));
  const distances = Float64Array.from(rows, (row, i) => near.distance(row, placeOf.get(i))).sort();
  const margin = rows.length < MARGIN.few ? MARGIN.wide : MARGIN.narrow;
  return { ...looks, limit: short(quantile(distances, USUAL) * margin) };
}

const short = (value: number): number => Number(value.toPrecision(5));
const hexByte = (value: number): string =>
  Math.round(value * 255)
    .toString(16)
    .padStart(2, '0');
const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/** The lower triangle, row by row, of L with L Lᵀ = the rows' correlations, all but the diagonal taken smaller. */
function cholesky(rows: readonly Float64Array[]): number[] {
  const n = rows[0].length;
  const factor: number[][] = [];
  for (let i = 0; i < n; i++) {
    factor.push([]);
    for (let j = 0; j <= i; j++) {
      const correlation =
        i === j ? 1 : ((1 - SHRUNK) * rows.reduce((sum, row) => sum + row[i] * row[j], 0)) / rows.length;
      const rest = factor[j].slice(0, j).reduce((sum, value, k) => sum + value * factor[i][k], 0);
      factor[i].push(i === j ? Math.sqrt(correlation - rest) : (correlation - rest) / factor[j][j]);
    }
  }
  return factor.flat();
}

/** Distances to the examples, where all correlations are taken out: 1 is one standard deviation in each direction. */
class Nearest {
  private readonly examples: Float64Array[];

  constructor(private readonly looks: Looks) {
    const bytes = 2 * looks.mean.length;
    this.examples = Array.from({ length: looks.examples.length / bytes }, (_, i) =>
      this.straightened(looks.mean.map((_value, k) => parseInt(looks.examples.substr(i * bytes + 2 * k, 2), 16) / 255)),
    );
  }

  /** @param itself an example that is left out. */
  distance(row: ArrayLike<number>, itself?: number): number {
    const point = this.straightened(row);
    let least = Infinity;
    this.examples.forEach((example, i) => {
      if (i === itself) return;
      let sum = 0;
      for (let k = 0; k < point.length && sum < least; k++) sum += (point[k] - example[k]) ** 2;
      least = Math.min(least, sum);
    });
    return Math.sqrt(least / point.length);
  }

  private straightened(row: ArrayLike<number>): Float64Array {
    const { mean, deviation, factor } = this.looks;
    const result = new Float64Array(mean.length);
    for (let i = 0, at = 0; i < mean.length; i++) {
      let value = (row[i] - mean[i]) / deviation[i];
      for (let k = 0; k < i; k++) value -= factor[at++] * result[k];
      result[i] = value / factor[at++];
    }
    return result;
  }
}

/** The examples are taken apart once for each network. */
const known = new WeakMap<Looks, Nearest>();
function nearestOf(looks: Looks): Nearest {
  const nearest = known.get(looks) ?? new Nearest(looks);
  known.set(looks, nearest);
  return nearest;
}

/** A picture before a network, as far as it may be unlike what was learned from. */
export interface Shown extends SeenPicture {
  /** Whether it has colors that a gray network does not see. */
  colored: boolean;
  /** Height and width before it was fitted. */
  size: { height: number; width: number };
}

/** How a picture stands to those that a network learned from. */
export interface Likeness {
  /** How many it learned from. */
  count: number;
  /** Why it is unlike them; empty where it is not. */
  reasons: Message[];
  /** From the nearest training picture that is kept, and from where on that is unusual; null where there were too few to know. */
  distance: number | null;
  limit: number | null;
}

/** How many single numbers outside their range are told. */
const TOLD = 3;

/** Compares a picture with what is known of a network's training pictures. */
export function likenessOf(learned: LearnedPictures, shown: Shown): Likeness {
  const { count, colored, looks, smallest, largest } = learned;
  const { size, channels, height, width } = shown;
  const reasons: Message[] = [];
  if (channels === 1 && shown.colored && colored !== undefined && colored < RARELY * count)
    reasons.push(say('unlike.colored', { colored, count: count.toLocaleString('en-US') }));
  const distance = looks ? nearestOf(looks).distance(looksOf(shown)) : null;
  if (looks && distance !== null && distance > looks.limit) reasons.push(...oddities(looks, shown));
  const small =
    MUCH.smaller * size.height < Math.min(smallest[0], height) &&
    MUCH.smaller * size.width < Math.min(smallest[1], width);
  const large = size.height > MUCH.larger * largest[0] && size.width > MUCH.larger * largest[1];
  const sizes = { height: size.height, width: size.width };
  if (small) reasons.push(say('unlike.small', { ...sizes, smallest: times(smallest) }));
  // A drawing or a scan is often larger: alone that says nothing.
  if (large && reasons.length > 0) reasons.push(say('unlike.large', { ...sizes, largest: times(largest) }));
  return { count, reasons, distance, limit: looks?.limit ?? null };
}

/** The named numbers that are most outside the range of the middle 99 %, or that it is how they come together. */
function oddities(looks: Looks, shown: Shown): Message[] {
  const numbers = looksOf(shown);
  const outside = lookNames(shown.channels)
    .map(([name, at]) => {
      const over = Math.max(looks.low[at] - numbers[at], numbers[at] - looks.high[at]) / looks.deviation[at];
      return { name, over, value: numbers[at], low: looks.low[at], high: looks.high[at] };
    })
    .filter(({ over }) => over > 0)
    .sort((a, b) => b.over - a.over);
  if (outside.length === 0) return [say('unlike.together')];
  return outside
    .slice(0, TOLD)
    .map(({ name, value, low, high }) =>
      say('unlike.outside', { what: say(nameOf[name]), value: percent(value), low: percent(low), high: percent(high) }),
    );
}

const times = ([height, width]: number[]): string => `${width} × ${height}`;
const percent = (value: number): number => Math.round(100 * value);

const nameOf = {
  brightness: 'unlike.brightness',
  contrast: 'unlike.contrast',
  border: 'unlike.border',
  borderContrast: 'unlike.borderContrast',
  detail: 'unlike.detail',
  saturation: 'unlike.saturation',
} as const satisfies Record<LookName, string>;
