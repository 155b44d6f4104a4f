import type { LayerSpec, ModelSpec } from './spec';

/** Filters of the blocks; a picture takes as many of them as halve it down to 3 to 6 cells a side. */
const FILTERS = [16, 32, 64, 64, 96, 128];
/** Cells a side below which the last block does not go, before rounding down. */
const LEAST_CELLS = 3.5;

/**
 * A small network for photos: blocks of convolution, batch norm, relu and max pooling, then the mean of each map, dropout and one dense
 * layer. It has so few weights (about 60,000 at 64 × 64) that some hundred pictures can train it. Two classes, until it is fitted
 * to the data's.
 */
export function photoNetwork(side: number, channels: number): ModelSpec {
  const halvings = Math.floor(Math.log2(side / LEAST_CELLS));
  const blocks = FILTERS.slice(0, Math.max(1, halvings)).flatMap((filters): LayerSpec[] => [
    { kind: 'conv', filters, kernel: 3, padding: 'same' },
    { kind: 'batchnorm' },
    { kind: 'relu' },
    { kind: 'maxpool', size: 2 },
  ]);
  const head: LayerSpec[] = [
    { kind: 'globalavgpool' },
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.3 },
    { kind: 'dense', units: 2 },
    { kind: 'softmax' },
  ];
  return { input: { height: side, width: side, channels }, layers: [...blocks, ...head] };
}
