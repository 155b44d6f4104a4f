import { Generator } from '../../core/random';
import { toChannelsFirst, toChannelsLast } from '../../core/layers/layout';
import { buildGraph } from '../../core/model/build';
import type { RaceResult } from '../../shared/lab';
import { makeExecutor } from '../runtime/executor';

/** A convolution of one picture: stride 1, no padding. */
export interface RaceSize {
  channels: number;
  filters: number;
  /** Rows, and columns, of the input. */
  side: number;
  kernel: number;
}

/** Each racer runs until so many milliseconds have passed, at least once; its fastest run counts. */
const LEAST = 150;

/** By the definition: a loop for every index. x `[C, H, W]`, w `[F, C, K, K]`; writes filter `f` of y `[F, OH, OW]`. */
export function naiveFilter(size: RaceSize, x: Float32Array, w: Float32Array, y: Float32Array, f: number): void {
  const { channels, side, kernel } = size;
  const rows = side - kernel + 1;
  for (let oy = 0; oy < rows; oy++)
    for (let ox = 0; ox < rows; ox++) {
      let sum = 0;
      for (let c = 0; c < channels; c++)
        for (let i = 0; i < kernel; i++)
          for (let j = 0; j < kernel; j++)
            sum += x[(c * side + oy + i) * side + ox + j] * w[((f * channels + c) * kernel + i) * kernel + j];
      y[(f * rows + oy) * rows + ox] = sum;
    }
}

/** im2col: a column of `patches` `[C · K · K, OH · OW]` for every place. */
export function im2col({ channels, side, kernel }: RaceSize, x: Float32Array): Float32Array {
  const rows = side - kernel + 1;
  const patches = new Float32Array(channels * kernel * kernel * rows * rows);
  let to = 0;
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < kernel; i++)
      for (let j = 0; j < kernel; j++)
        for (let oy = 0; oy < rows; oy++, to += rows) {
          const from = (c * side + oy + i) * side + j;
          patches.set(x.subarray(from, from + rows), to);
        }
  return patches;
}

/** One row of the product w `[F, C · K · K]` × patches: filter `f` of y. */
export function multiplyFilter(
  size: RaceSize,
  patches: Float32Array,
  w: Float32Array,
  y: Float32Array,
  f: number,
): void {
  const depth = size.channels * size.kernel ** 2;
  const places = (size.side - size.kernel + 1) ** 2;
  const row = y.subarray(f * places, (f + 1) * places).fill(0);
  for (let k = 0; k < depth; k++) {
    const weight = w[f * depth + k];
    const from = k * places;
    for (let p = 0; p < places; p++) row[p] += weight * patches[from + p];
  }
}

/**
 * The three ways on this machine, one thread each, by turns: milliseconds of each one's fastest run, and how far the others' answers are from the loops'.
 * Between filters the engine's other callers get their turn, which does not count.
 */
export async function race(
  size: RaceSize,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<RaceResult> {
  const { channels, filters, side, kernel } = size;
  const random = new Generator(1);
  const x = Float32Array.from({ length: channels * side * side }, () => random.normal());
  const w = Float32Array.from({ length: filters * channels * kernel * kernel }, () => random.normal());
  const rows = side - kernel + 1;
  const y = [0, 1, 2].map(() => new Float32Array(filters * rows * rows));

  const graph = buildGraph({
    input: { height: side, width: side, channels },
    layers: [{ kind: 'conv', filters, kernel, bias: false }],
  });
  const executor = await makeExecutor(graph, 1);
  try {
    await executor.setParams(new Map([['conv1.weight', toChannelsLast(w, filters, [kernel, kernel, channels])]]));
    const input = toChannelsLast(x, 1, [side, side, channels]);
    const filterByFilter = async (run: (f: number) => void): Promise<number> => {
      let spent = 0;
      for (let f = 0; f < filters; f++) {
        signal.throwIfAborted();
        const start = performance.now();
        run(f);
        spent += performance.now() - start;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return spent;
    };
    const racers: (() => Promise<number>)[] = [
      () => filterByFilter((f) => naiveFilter(size, x, w, y[0], f)),
      async () => {
        const start = performance.now();
        const patches = im2col(size, x);
        const copied = performance.now() - start;
        return copied + (await filterByFilter((f) => multiplyFilter(size, patches, w, y[1], f)));
      },
      async () => {
        signal.throwIfAborted();
        const start = performance.now();
        await executor.forward(input, 1);
        return performance.now() - start;
      },
    ];
    const milliseconds: number[] = [];
    for (const [i, racer] of racers.entries()) {
      onProgress(i, racers.length);
      let fastest = Infinity;
      for (let spent = 0; spent < LEAST;) {
        const ms = await racer();
        spent += Math.max(ms, 1);
        fastest = Math.min(fastest, ms);
      }
      milliseconds.push(fastest);
    }
    onProgress(racers.length, racers.length);
    y[2].set(toChannelsFirst(await executor.activation(0), 1, [rows, rows, filters]));
    const apart = (values: Float32Array): number =>
      values.reduce((most, value, i) => Math.max(most, Math.abs(value - y[0][i])), 0);
    const [loops, columns, kernels] = milliseconds;
    return { loops, im2col: columns, kernels, apart: Math.max(apart(y[1]), apart(y[2])) };
  } finally {
    executor.dispose();
  }
}
