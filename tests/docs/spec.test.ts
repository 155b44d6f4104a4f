/** docs/spec.md is made from the layers themselves: it is the text that the script gives today, and its examples build. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { specDoc, settingsOf } from '../../scripts/spec-doc';
import { words } from '../../scripts/spec-words';
import { registry } from '../../src/core/layers/registry';
import { buildGraph } from '../../src/core/model/build';
import { expandBlocks, type WrittenSpec } from '../../src/core/model/blocks';
import type { LayerSpec } from '../../src/core/model/spec';

const text = readFileSync(new URL('../../docs/spec.md', import.meta.url), 'utf8');
const kinds = [...registry.keys()];

describe('docs/spec.md', () => {
  it('is what node scripts/make-spec-doc.mjs writes', () => {
    expect(text).toBe(specDoc());
  });

  it('has words for every kind of layer and each of its settings, and for nothing else', () => {
    expect(Object.keys(words).sort()).toEqual([...kinds].sort());
    for (const kind of kinds) {
      const names = settingsOf(kind).map(({ name }) => name);
      expect(Object.keys(words[kind].settings).sort(), kind).toEqual([...names].sort());
    }
  });

  const examples = [...text.matchAll(/```json\n([\s\S]*?)\n```/g)].map(([, json]) => JSON.parse(json) as WrittenSpec);

  it('has an example of every kind', () => {
    const shown = examples.flatMap((spec) => expandBlocks(spec, 100).map(({ kind }) => kind));
    expect(new Set(shown)).toEqual(new Set(kinds));
    // One of a network and one of blocks come first.
    expect(examples).toHaveLength(kinds.length + 2);
  });

  it.each(examples)('builds the example %#', (spec) => {
    expect(buildGraph(spec).layers).toHaveLength(expandBlocks(spec, 100).length);
  });

  it.each(kinds)('tells the defaults of %s', (kind) => {
    const { input, layers } = words[kind].example;
    const before = layers.slice(0, -1);
    const example = layers[layers.length - 1];
    // Only what must be given is given: what the graph's spec then says is each default.
    const required = settingsOf(kind).flatMap(({ name, preset }) => (preset === null ? [[name, example[name]]] : []));
    const bare = { kind, inputs: example.inputs, ...Object.fromEntries(required) } as LayerSpec;
    const { spec } = buildGraph({ input, layers: [...before, bare] });
    const built = spec.layers[spec.layers.length - 1];
    for (const { name, preset } of settingsOf(kind)) {
      const told = preset === null ? example[name] : preset in built ? built[preset] : (JSON.parse(preset) as unknown);
      expect(built[name], name).toEqual(told);
    }
    expect(Object.keys(built).sort()).toEqual(
      ['kind', 'name', 'inputs', ...settingsOf(kind).map(({ name }) => name)].sort(),
    );
  });
});
