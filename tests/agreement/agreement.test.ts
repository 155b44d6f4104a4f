/**
 * Every way to compute a network gives the same answer: the reference in doubles, central differences, the WASM executor in both
 * builds, on one to three threads, and onnxruntime. `npm run agree` goes on for as long as one likes.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agree } from '../../src/agreement/agree';
import { tell } from '../../src/agreement/difference';
import { networkOf, replay, search, seedOf } from '../../src/agreement/search';
import { shrink } from '../../src/agreement/shrink';
import { LastingThreads } from '../../src/agreement/threads';
import { registry } from '../../src/core/layers/registry';
import { buildGraph } from '../../src/core/model/build';
import { inputFields, pictureOf, type ModelSpec } from '../../src/core/model/spec';
import found from './found.json';

const threads = new LastingThreads();

beforeAll(async () => {
  // Threads run the built script.
  const { ensureBuilt } = (await import('../../scripts/lib/built.mjs' as string)) as { ensureBuilt(): Promise<void> };
  await ensureBuilt();
}, 300_000);
afterAll(() => threads.end());

const everything = { threads, quotients: true, exported: true };

describe('networks that once disagreed', () => {
  it.each(found)('$was', async ({ spec, seed }) => {
    for (const own of [seed, seed + 1, seed + 2]) {
      const { finding, compared } = await agree(spec as ModelSpec, own, everything);
      expect(finding && tell(finding)).toBeNull();
      expect(compared).toBeGreaterThan(0);
    }
  });
});

/** About 40 a second on an idle core; CI runs thousands by `npm run agree`. */
const NETWORKS = 200;

it(`${NETWORKS} random networks agree every way they are run`, async () => {
  const report = await search(1, ({ networks }) => networks < NETWORKS, threads);
  const { found: one, networks, compared, undecided } = report;
  expect(one && `${tell(one.smallestFinding)}\n${JSON.stringify({ seed: one.seed, spec: one.smallest })}`).toBeNull();
  expect(networks).toBe(NETWORKS);
  // A check that left most out would prove little.
  expect(undecided).toBeLessThan(compared / 8);
  expect(compared).toBeGreaterThan(2 * NETWORKS);
}, 120_000);

it('one network of a search runs again by its own seed, every way there is', async () => {
  const own = seedOf(7, 3);
  const { finding, ...counts } = await agree(networkOf(own), own, everything);
  expect(counts.compared).toBeGreaterThan(0);
  expect(await replay(own, threads)).toEqual({ networks: 1, ...counts, found: finding });
});

it('networks of every kind of layer are drawn, in the first place and in the last, with branches', () => {
  const [kinds, first, last] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let [branching, odd] = [0, 0];
  const axes = [0, 0, 0];
  for (let index = 0; index < 6000; index++) {
    const { spec, layers } = buildGraph(networkOf(seedOf(1, index)));
    for (const { kind } of layers) kinds.add(kind);
    first.add(layers[0].kind);
    last.add(layers[layers.length - 1].kind);
    const readers = layers.flatMap((layer) => layer.inputs);
    if (new Set(readers).size < readers.length) branching++;
    axes[inputFields(spec.input).length - 2]++;
    if (pictureOf(spec.input).width % 2 === 1) odd++;
  }
  const all = [...registry.keys()].sort();
  expect([...kinds].sort()).toEqual(all);
  // The image is a map, which a dense layer does not take; a network of one layer is drawn, so any other may be first and last.
  expect([...first].sort()).toEqual(all.filter((kind) => kind !== 'dense'));
  expect([...last].sort()).toEqual(all);
  expect(branching).toBeGreaterThan(300);
  expect(odd).toBeGreaterThan(500);
  // Signals, maps and volumes.
  expect(Math.min(...axes)).toBeGreaterThan(500);
});

it('a network that fails is shrunk to the smallest that does', async () => {
  const spec: ModelSpec = {
    input: { height: 9, width: 7, channels: 3 },
    layers: [
      { kind: 'relu', name: 'r', inputs: ['input'] },
      { kind: 'conv', name: 'c', inputs: ['r'], filters: 6, kernel: [3, 3], bias: false },
      { kind: 'maxpool', name: 'm', inputs: ['c'], size: 2 },
      { kind: 'flatten', name: 'f', inputs: ['m'] },
      { kind: 'dense', name: 'd', inputs: ['f'], units: 12 },
      { kind: 'softmax', name: 's', inputs: ['d'] },
    ],
  };
  // As if kernels of three columns under a dense layer failed.
  const fails = (smaller: ModelSpec): Promise<boolean> => {
    const conv = smaller.layers.find(({ kind }) => kind === 'conv');
    const wide = Array.isArray(conv?.kernel) && conv.kernel[1] === 3;
    return Promise.resolve(wide && smaller.layers.some(({ kind }) => kind === 'dense'));
  };
  expect(await shrink(spec, fails)).toEqual({
    input: { height: 1, width: 3, channels: 1 },
    layers: [
      { kind: 'conv', name: 'c', inputs: ['input'], filters: 1, kernel: [1, 3] },
      { kind: 'flatten', name: 'f', inputs: ['c'] },
      { kind: 'dense', name: 'd', inputs: ['f'], units: 1 },
    ],
  });
});
