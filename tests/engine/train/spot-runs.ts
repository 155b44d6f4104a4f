import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import type { RunRecord } from '../../../src/engine/train/run-record';
import { idx } from '../data/make';
import { quietTrain, scratch } from './helpers';

/** Bright spots on noise: the class is the quarter that the spot is in. */
export function makeSpots(folder: string, testLabels = (label: number): number => label, lift = 0): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, count] of [
    ['train', 210],
    ['t10k', 60],
  ] as const) {
    const pixels = new Uint8Array(count * 64);
    const labels = Array.from({ length: count }, (_, i) => i % 3);
    for (let i = 0; i < count; i++) {
      for (let p = 0; p < 64; p++) pixels[i * 64 + p] = (i * 73 + p * 151 + ((i * p) % 13) * 17) % 90;
      const place = (labels[i] >> 1) * 4 * 8 + (labels[i] & 1) * 4 + 9 + ((i >> 2) % 2);
      for (const step of [0, 1, 8, 9]) pixels[i * 64 + place + step] = 110 + ((i * 37) % 140);
      if (name === 't10k') for (let p = 0; p < 64; p++) pixels[i * 64 + p] = Math.min(255, pixels[i * 64 + p] + lift);
    }
    const given = name === 't10k' ? labels.map(testLabels) : labels;
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), idx([count, 8, 8], pixels));
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), idx([count], given));
  }
}

export const options = { epochs: 4, batch: 16, lr: 0.01, logEvery: 5, augment: { shift: 1 } };
export const bytes = (run: string, file: string): Buffer => readFileSync(join(run, file));
export const recordOf = (run: string): RunRecord => JSON.parse(bytes(run, 'run.json').toString()) as RunRecord;
export const linesOf = (run: string): Record<string, unknown>[] =>
  bytes(run, 'metrics.jsonl')
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
export const timeless = (lines: Record<string, unknown>[]): unknown[] =>
  lines.map(
    ({ seconds, imagesPerSecond, ...rest }) => (
      expect([typeof seconds, typeof imagesPerSecond]).toEqual(['number', 'number']),
      rest
    ),
  );

/** Runs in a folder of their own, which is gone after the tests of the file, on bright spots in `data`, with a small network. */
export function spotRuns() {
  const root = scratch();
  const data = join(root, 'data');
  const spec = join(root, 'tiny.json');
  beforeAll(() => {
    process.env.CONVSCOPE_CACHE = join(root, 'cache');
    makeSpots(data);
    const layers = [
      { kind: 'conv', filters: 4, kernel: 3 },
      { kind: 'batchnorm' },
      { kind: 'relu' },
      { kind: 'maxpool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dropout', rate: 0.1 },
      { kind: 'dense', units: 7 },
    ];
    writeFileSync(spec, JSON.stringify({ input: { height: 8, width: 8, channels: 1 }, layers }));
  });
  let counter = 0;
  const fresh = (): string => join(root, `run-${counter++}`);
  async function begin(more: Partial<Parameters<typeof quietTrain>[0]> = {}): Promise<string> {
    const out = fresh();
    await quietTrain({ out, data, model: spec, options, ...more });
    return out;
  }
  return { root, data, spec, fresh, begin };
}
