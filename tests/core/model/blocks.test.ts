import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ideasOf, type SpecEntry, type WrittenSpec } from '../../../src/core/model/blocks';
import { buildGraph } from '../../../src/core/model/build';
import type { LayerSpec } from '../../../src/core/model/spec';

const input = { height: 8, width: 8, channels: 4 };
const residual: LayerSpec[] = [
  { kind: 'conv', filters: '$filters', kernel: 3, padding: 1 },
  { kind: 'relu' },
  { kind: 'conv', filters: '$filters', kernel: '$kernel', padding: 'same' },
  { kind: 'add', inputs: ['conv2', 'input'], idea: 'skip' },
];
const blocks = { residual: { with: { kernel: 3 }, layers: residual } };
const layersOf = (spec: WrittenSpec) => buildGraph(spec).spec.layers;
const refuses = (spec: WrittenSpec, message: RegExp) => expect(() => buildGraph(spec)).toThrow(message);

describe('a block', () => {
  it('is its layers with the numbers of each use, named by paths', () => {
    const written = layersOf({
      input,
      blocks,
      layers: [
        { block: 'residual', name: 'first', filters: 4, repeat: 2 },
        { kind: 'relu', name: 'last' },
      ],
    });
    const once = (prefix: string, before: string): LayerSpec[] => [
      { kind: 'conv', name: `${prefix}/conv1`, inputs: [before], filters: 4, kernel: 3, padding: 1 },
      { kind: 'relu', name: `${prefix}/relu1` },
      { kind: 'conv', name: `${prefix}/conv2`, filters: 4, kernel: 3, padding: 'same' },
      { kind: 'add', name: `${prefix}/add1`, inputs: [`${prefix}/conv2`, before] },
    ];
    const flat = [...once('first-1', 'input'), ...once('first-2', 'first-1/add1'), { kind: 'relu', name: 'last' }];
    expect(written).toEqual(layersOf({ input, layers: flat }));
  });

  it('reads what its use names, and is read by its own name', () => {
    const layers: SpecEntry[] = [
      { kind: 'relu', name: 'a' },
      { kind: 'tanh', name: 'b' },
      { block: 'residual', name: 'c', inputs: ['a'], filters: 4 },
      { kind: 'add', inputs: ['b', 'c'] },
    ];
    const names = layersOf({ input, blocks, layers }).map(({ name, inputs }) => [name, inputs]);
    expect(names).toContainEqual(['c/conv1', ['a']]);
    expect(names).toContainEqual(['c/add1', ['c/conv2', 'a']]);
    expect(names).toContainEqual(['add1', ['b', 'c/add1']]);
  });

  it('may use blocks, with its own numbers', () => {
    const nested = { ...blocks, twice: { layers: [{ block: 'residual', filters: '$n', repeat: 2 }] } };
    const written = layersOf({ input, blocks: nested, layers: [{ block: 'twice', n: 4 }] });
    expect(written.map(({ name }) => name)).toContain('twice1/residual1-2/add1');
  });

  it('gives the same network however layers are grouped into blocks', () => {
    const layer = fc.constantFrom<LayerSpec>(
      { kind: 'relu' },
      { kind: 'conv', filters: 4, kernel: 3, padding: 1 },
      { kind: 'batchnorm' },
      { kind: 'tanh' },
    );
    const lists = fc.array(fc.array(layer, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lists, (groups) => {
        const kinds = (spec: WrittenSpec) => layersOf(spec).map(({ kind }) => kind);
        const named = Object.fromEntries(groups.map((layers, i) => [`b${i}`, { layers }]));
        const uses = groups.map((_, i) => ({ block: `b${i}` }));
        expect(kinds({ input, blocks: named, layers: uses })).toEqual(kinds({ input, layers: groups.flat() }));
      }),
    );
  });
});

describe('an idea that is switched off', () => {
  it('leaves its layers out, and what only they read', () => {
    const layers: SpecEntry[] = [
      { kind: 'conv', name: 'main', filters: 4, kernel: 3, padding: 1 },
      { kind: 'conv', name: 'shortcut', inputs: ['input'], filters: 4, kernel: 1 },
      { kind: 'add', inputs: ['main', 'shortcut'], idea: 'skip' },
      { kind: 'relu', name: 'last' },
    ];
    const left = layersOf({ input, layers, without: ['skip'] });
    expect(left.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['main', ['input']],
      ['last', ['main']],
    ]);
    expect(layersOf({ input, layers })).toHaveLength(4);
  });

  it('can name what is read instead', () => {
    const layers: WrittenSpec['layers'] = [
      { block: 'wide', name: 'a' },
      { block: 'wide', name: 'b' },
    ];
    const wide = {
      layers: [
        { kind: 'conv', name: 'one', inputs: ['input'], filters: 4, kernel: 1 },
        { kind: 'conv', name: 'three', inputs: ['input'], filters: 4, kernel: 3, padding: 1 },
        { kind: 'concat', name: 'both', inputs: ['one', 'three'], idea: 'branch', instead: 'three' },
      ],
    };
    const spec: WrittenSpec = { input, blocks: { wide }, layers };
    expect(ideasOf(spec, 100)).toEqual(['branch']);
    expect(layersOf(spec)).toHaveLength(6);
    const one = layersOf({ ...spec, without: ['branch'] });
    expect(one.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['a/three', ['input']],
      ['b/three', ['a/three']],
    ]);
    const wrong = { layers: [wide.layers[0], { ...wide.layers[2], inputs: ['one'], instead: 'two' }] };
    refuses({ input, blocks: { wide: wrong }, layers }, /'a\/both', instead: found "two"/);
  });

  it('is one that the spec has', () => {
    const spec = { input, blocks, layers: [{ block: 'residual', filters: 4 }], without: ['lrn'] };
    refuses(spec, /without: found "lrn", expected one of skip/);
  });
});

describe('what does not hold is refused by name', () => {
  const use = (fields: object): WrittenSpec => ({
    input,
    blocks,
    layers: [{ block: 'residual', name: 'b', filters: 4, ...fields }],
  });
  it.each<[string, WrittenSpec, RegExp]>([
    ['an unknown block', use({ block: 'inception' }), /'b', block: found "inception", expected one of residual/],
    ['a value that it does not take', use({ stride: 2 }), /'b', stride: found 2, expected one of filters, kernel/],
    ['a value that is missing', use({ filters: '$width' }), /'b\/conv1', filters: found "\$width"/],
    ['a repeat of 0', use({ repeat: 0 }), /'b', repeat: found 0/],
    ['more layers than a network has', use({ repeat: 1999 }), /layers/],
    [
      'a block in itself',
      { input, blocks: { a: { layers: [{ block: 'a' }] } }, layers: [{ block: 'a' }] },
      /blocks inside blocks, at most 8 deep/,
    ],
    ['no layers', { input, blocks: { a: { layers: [] } }, layers: [{ block: 'a' }] }, /'a1', layers/],
    [
      'two of one name',
      {
        input,
        blocks,
        layers: [
          { block: 'residual', name: 'b', filters: 4 },
          { kind: 'relu', name: 'b' },
        ],
      },
      /a name that no other layer has/,
    ],
  ])('%s', (_what, spec, message) => {
    refuses(spec, message);
  });
});
