import { describe, expect, it } from 'vitest';
import { FLAT, LANES, mismatch, open, ROWS, uses } from '../../../../src/core/backends/wasm/access';
import { fuse, type FusedGraph } from '../../../../src/core/backends/wasm/fuse';
import { makeLayout } from '../../../../src/core/backends/wasm/layout';
import { Region } from '../../../../src/core/backends/wasm/memory';
import { planGraph, type Plan } from '../../../../src/core/backends/wasm/plan';
import type { LayerSpec } from '../../../../src/core/model/spec';
import { conv } from './graphs';
import { graphOf } from './helpers';

function planned(layers: LayerSpec[], keep: 'all' | 'training' = 'all'): { fused: FusedGraph; plan: Plan } {
  const graph = graphOf([7, 7, 3], layers);
  const kept = new Set(keep === 'all' ? [-1, ...graph.layers.keys()] : []);
  const fused = fuse(graph, keep, kept);
  const regions = { shared: new Region(0), own: new Region(0) };
  const plan = planGraph(graph, fused, { keep, kept, maxBatch: 4, starts: [layers.length - 1], input: 0, ...regions });
  return { fused, plan };
}

describe('a lowering that declares what the plan does not give', () => {
  it('throws where a dense gradient would be written into one that lies with a halo', () => {
    const { fused, plan } = planned([conv(5, 3), { kind: 'flatten' }, { kind: 'dense', units: 2 }]);
    const dense = fused.nodes[fused.nodes.length - 1];
    const flat = { ...uses(FLAT), x: { gaps: false, lanes: true } };
    expect(() => open(dense, plan, flat)).toThrow(
      "layer 'dense1': the gradient of its input lies with a halo of 2/2/2/2, and is taken without gaps",
    );
  });

  it('throws where zeros are read around what has none, or what its reader spoils', () => {
    const { fused, plan } = planned([conv(5, 3), conv(4, 2, { stride: 2, padding: 1 })]);
    const [first, second] = fused.nodes;
    const halo = { top: 1, left: 1, bottom: 1, right: 1 };
    expect(() => open(first, plan, { ...uses(LANES), x: { ...LANES, halo } })).toThrow(
      "layer 'conv1': its input lies with a halo of 0/0/0/0, and zeros are read 1/1/1/1 around it",
    );
    expect(() => open(second, plan, { ...uses(LANES), dy: { ...LANES, halo } })).toThrow(
      "layer 'conv2': the gradient of its output lies with a halo of 0/0/0/0",
    );
    // A sum of maps gives the gradient of its inputs as much room as their other readers need.
    const spoiled = planned([{ kind: 'tanh' }, conv(4, 2, { stride: 2, padding: 1 })]);
    const [tanh] = spoiled.fused.nodes;
    expect(() =>
      open(tanh, spoiled.plan, { ...uses(LANES), dy: { ...LANES, halo: { ...halo, bottom: 0, right: 0 } } }),
    ).toThrow(
      "layer 'tanh1': the gradient of its output has a border that its reader spoils, and zeros are read there",
    );
  });

  it('throws where surplus lanes would be taken for channels', () => {
    const layers = [conv(20, 3, { padding: 1 }), { kind: 'relu' }, conv(24, 3), { kind: 'tanh' }];
    const { fused, plan } = planned(layers);
    const relu = fused.nodes[1];
    expect(() => open(relu, plan, uses(ROWS))).toThrow(
      "layer 'relu1': its input has 24 lanes, and 20 channels are taken",
    );
    expect(() => open(relu, plan, { ...uses(LANES), alike: true })).not.toThrow();
    expect(() => open(fused.nodes[2], plan, { ...uses(LANES), alike: false })).not.toThrow();
  });

  it('throws where branches join and it only assigns, where it owes a mask, and where it needs the whole batch', () => {
    const joined = planned([
      { kind: 'tanh', name: 'a' },
      { kind: 'sigmoid', inputs: ['a'], name: 'b' },
      { kind: 'add', inputs: ['a', 'b'] },
    ]);
    const [, sigmoid] = joined.fused.nodes;
    const assigns = { ...uses(ROWS), dx: { ...ROWS, adds: false, masks: false } };
    expect(() => open(sigmoid, joined.plan, assigns)).toThrow(
      "layer 'b': the gradient of its input is added up with others",
    );
    const pooled = planned([conv(8, 3), { kind: 'relu' }, { kind: 'maxpool', size: 2 }, { kind: 'tanh' }], 'training');
    const pool = pooled.fused.nodes[1];
    expect(() => open(pool, pooled.plan, uses(LANES))).toThrow(
      "layer 'maxpool1': the gradient of its input lacks the mask of the ReLU before it",
    );
    expect(() =>
      open(pool, pooled.plan, { ...uses(LANES), dx: { ...LANES, adds: true, masks: true }, whole: true }),
    ).toThrow("layer 'maxpool1': a gradient holds one group of images, and the batch is taken");
  });
});

it('tells layouts apart by what lies between the pixels', () => {
  expect(mismatch(makeLayout([3, 4, 5]), FLAT)).toBeNull();
  expect(mismatch(makeLayout([3, 4, 5], 8), FLAT)).toContain('8 lanes');
  expect(mismatch(makeLayout([3, 4, 5], 8), { gaps: false, lanes: true })).toBeNull();
  const bordered = makeLayout([3, 4, 5], 0, { top: 0, left: 0, bottom: 0, right: 1 });
  expect(mismatch(bordered, { gaps: false, lanes: true })).toContain('without gaps');
  expect(mismatch(bordered, ROWS)).toBeNull();
});
