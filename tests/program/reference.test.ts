import { describe, it } from 'vitest';
import { nets, netNames } from '../../src/cli/bench/nets';
import { buildGraph } from '../../src/core/model/build';
import { branching, chains } from './graphs';
import { expectLikeReference, graphOf } from './helpers';

describe('the benchmark networks', () => {
  for (const name of netNames) {
    it(name, async () => {
      const graph = buildGraph(nets[name]);
      await expectLikeReference(graph, 1, { keep: 'all', maxBatch: 2, training: false });
      // Batch norm over two samples would leave nothing but rounding.
      await expectLikeReference(graph, name === 'tiny' ? 7 : 2, { keep: 'training', maxBatch: 7 });
    });
  }
});

describe.each([
  ['branches', branching],
  ['chains', chains],
])('%s', (_, graphs) => {
  for (const [name, { input, layers }] of Object.entries(graphs)) {
    for (const keep of ['all', 'training'] as const) {
      it(`${name}, keep ${keep}`, async () => {
        const graph = graphOf(input, layers);
        const macs = graph.layers.reduce((sum, layer) => sum + layer.macs, 0);
        // Several groups and shards of different size (where the reference is not too slow for it); fewer images than shards; one.
        if (macs < 100_000) await expectLikeReference(graph, 37, { keep, maxBatch: 40, bound: 5e-5 });
        await expectLikeReference(graph, 3, { keep, maxBatch: 9, training: macs >= 100_000 });
        await expectLikeReference(graph, 1, { keep, training: false });
      });
    }
  }
});
