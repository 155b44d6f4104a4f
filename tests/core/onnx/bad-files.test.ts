import { beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../../../src/core/layers/registry';
import { decodeModel } from '../../../src/core/onnx/decode';
import { encodeModel } from '../../../src/core/onnx/encode';
import { OnnxError, type OnnxErrorKind } from '../../../src/core/onnx/error';
import type { OnnxModel } from '../../../src/core/onnx/proto';
import { readModel } from '../../../src/core/onnx/read';
import { writeModel } from '../../../src/core/onnx/write';
import { Generator } from '../../../src/core/random';
import { say } from '../../../src/words';
import { plainSpec, randomModel } from './models';

const bytes = writeModel(randomModel(plainSpec));

const kinds = [...registry.keys()].join(', ');

/** What `readModel` makes of the bytes: its error, which has to be an OnnxError of one line, or null. */
function refusal(file: Uint8Array): OnnxError | null {
  try {
    readModel(file);
    return null;
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    expect(error.message).not.toMatch(/[\n\r]|undefined|\[object/);
    // An unknown layer is told with all kinds that there are; of the file itself little is quoted.
    expect(error.message.length).toBeLessThan(200 + kinds.length);
    return error;
  }
}

/** Our file after `change`. */
function changed(change: (file: OnnxModel) => void): Uint8Array {
  const file = decodeModel(bytes);
  change(file);
  return encodeModel(file);
}

const tensorOf = (file: OnnxModel, name: string) => file.graph.initializers.find((tensor) => tensor.name === name)!;
const setEntry = (file: OnnxModel, key: string, change: (value: never) => unknown): void => {
  const entry = file.metadata.find(([name]) => name === key)!;
  entry[1] = JSON.stringify(change(JSON.parse(entry[1]) as never));
};

const cases: [what: string, kind: OnnxErrorKind, message: RegExp, file: () => Uint8Array][] = [
  ['an empty file', 'format', /empty/, () => new Uint8Array()],
  ['a text', 'format', /damaged|graph/, () => new TextEncoder().encode('Hello, this is no model at all.\n')],
  ['a PNG', 'format', /./, () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82)],
  ['zeros', 'format', /field number 0/, () => new Uint8Array(1000)],
  ['a protocol buffer of another kind', 'format', /no graph/, () => Uint8Array.of(8, 1, 18, 2, 65, 66)],
  ['a file cut in the middle of the weights', 'format', /announced.*left/, () => bytes.subarray(0, bytes.length >> 1)],
  ['a file of another producer', 'foreign', /./, () => changed((file) => void (file.producerName = 'pytorch'))],
  ['a file without our spec', 'foreign', /./, () => changed((file) => void (file.metadata = []))],
  [
    'another opset',
    'invalid',
    /opset: found 12, expected 13 to 26/,
    () => changed((file) => void (file.opsets[0].version = 12)),
  ],
  [
    'a shape that lies in the tensor',
    'invalid',
    /'conv1.weight'.*\[5, 3, 3, 4\].*135 values/,
    () => changed((file) => void (tensorOf(file, 'conv1.weight').dims = [5, 3, 3, 4])),
  ],
  [
    'a shape turned round',
    'invalid',
    /'conv1.weight', shape: found \[3,5,3,3\], expected \[5,3,3,3\]/,
    () => changed((file) => void (tensorOf(file, 'conv1.weight').dims = [3, 5, 3, 3])),
  ],
  [
    'a shape of absurd size',
    'invalid',
    /'conv1.weight'/,
    () => changed((file) => void (tensorOf(file, 'conv1.weight').dims = [2 ** 31, 2 ** 31, 3, 3])),
  ],
  [
    'a negative shape',
    'invalid',
    /'conv1.weight'/,
    () => changed((file) => void (tensorOf(file, 'conv1.weight').dims = [-5, -3, 3, 3])),
  ],
  [
    'fewer bytes than the shape says',
    'invalid',
    /'dense1.bias': found 24 bytes, expected 28/,
    () => changed((file) => void (tensorOf(file, 'dense1.bias').raw = new Uint8Array(24))),
  ],
  [
    'another element type',
    'invalid',
    /'dense1.bias': found float64, expected float32/,
    () => changed((file) => void (tensorOf(file, 'dense1.bias').elementType = 11)),
  ],
  [
    'a tensor that is not there',
    'invalid',
    /'dense1.bias': found nothing/,
    () =>
      changed(
        (file) => void (file.graph.initializers = file.graph.initializers.filter((t) => t.name !== 'dense1.bias')),
      ),
  ],
  [
    'a tensor twice',
    'invalid',
    /twice/,
    () => changed((file) => void file.graph.initializers.push(file.graph.initializers[0])),
  ],
  [
    'a tensor too many',
    'invalid',
    /number of initializers/,
    () => changed((file) => void file.graph.initializers.push({ ...file.graph.initializers[0], name: 'more' })),
  ],
  [
    'a node of another kind than the spec has',
    'invalid',
    /node 'relu1', op_type: found "Sigmoid", expected "Relu"/,
    () => changed((file) => void (file.graph.nodes[2].opType = 'Sigmoid')),
  ],
  [
    'an attribute that differs from the spec',
    'invalid',
    /node 'conv1'/,
    () =>
      changed((file) => {
        const pads = file.graph.nodes[0].attributes.find(({ name }) => name === 'pads')!;
        pads.value = [0, 0, 0, 0];
      }),
  ],
  [
    'a node less',
    'invalid',
    /number of nodes: found 9, expected 10/,
    () => changed((file) => void file.graph.nodes.pop()),
  ],
  [
    'another input size',
    'invalid',
    /inputs/,
    () => changed((file) => void (file.graph.inputs[0].dims = ['N', 3, 12, 11])),
  ],
  [
    'another first output',
    'invalid',
    /first output/,
    () => changed((file) => void (file.graph.outputs[0].name = 'dense1')),
  ],
  [
    'a spec that is not JSON',
    'invalid',
    /convscope.spec.*not JSON/,
    () => changed((file) => void (file.metadata.find(([key]) => key === 'convscope.spec')![1] = '{')),
  ],
  [
    'a spec with an unknown layer',
    'invalid',
    /kind: found "teapot"/,
    () =>
      changed((file) =>
        setEntry(file, 'convscope.spec', (spec: typeof plainSpec) => ({ ...spec, layers: [{ kind: 'teapot' }] })),
      ),
  ],
  [
    'a spec of an absurd input',
    'invalid',
    /convscope.spec|feature maps/,
    () =>
      changed((file) =>
        setEntry(file, 'convscope.spec', () => ({
          input: { height: 8000, width: 8000, channels: 3 },
          layers: [{ kind: 'relu' }],
        })),
      ),
  ],
  [
    'a spec of absurd weights',
    'invalid',
    /dense1/,
    () =>
      changed((file) =>
        setEntry(file, 'convscope.spec', () => ({
          input: { height: 12, width: 10, channels: 3 },
          layers: [{ kind: 'flatten' }, { kind: 'dense', units: 300_000 }, { kind: 'dense', units: 7 }],
        })),
      ),
  ],
  [
    'too few labels',
    'invalid',
    /labels.*6 labels, expected 7/,
    () => changed((file) => setEntry(file, 'convscope.labels', (labels: string[]) => labels.slice(1))),
  ],
  [
    'a deviation of zero',
    'invalid',
    /deviation/,
    () =>
      changed((file) =>
        setEntry(file, 'convscope.preprocessing', (value: object) => ({ ...value, deviation: [1, 0, 1] })),
      ),
  ],
  [
    'preprocessing of another size',
    'invalid',
    /height and width: found 13 × 10, expected 12 × 10/,
    () => changed((file) => setEntry(file, 'convscope.preprocessing', (value: object) => ({ ...value, height: 13 }))),
  ],
  [
    'a training record of another form',
    'invalid',
    /convscope.training.*samples/,
    () => changed((file) => setEntry(file, 'convscope.training', () => ({ data: 'x', samples: 5 }))),
  ],
];

describe('a file that is no model of ours', () => {
  it.each(cases)('%s', (_what, kind, message, file) => {
    const error = refusal(file());
    expect(error?.message).toMatch(message);
    expect(error?.kind).toBe(kind);
  });

  it('says who wrote a foreign file', () => {
    const error = refusal(
      changed((file) => {
        file.producerName = 'pytorch';
        file.producerVersion = '2.9';
      }),
    );
    expect(error?.producer).toBe('pytorch 2.9');
    // Another program rewrote a file of ours, kept the producer's name and dropped the metadata.
    const stripped = refusal(changed((file) => void (file.metadata = [])));
    expect(stripped?.producer).toEqual(say('onnx.stripped', { key: 'convscope.spec' }));
  });
});

describe('damage', () => {
  it('cut short at any byte, or at any place of a long tensor, is an OnnxError', () => {
    // A cut between two metadata entries leaves a whole protocol buffer: then what is missing is named.
    for (let length = 0; length < bytes.length; length += length < 3000 || length > bytes.length - 4000 ? 1 : 7) {
      expect(refusal(bytes.subarray(0, length)), `${length} bytes`).not.toBeNull();
    }
  });

  it('a byte changed anywhere is an OnnxError or a model that can be written', () => {
    const generator = new Generator(11);
    for (let round = 0; round < 1500; round++) {
      const damaged = bytes.slice();
      for (let flips = 1 + generator.integer(3); flips > 0; flips--) {
        damaged[generator.integer(damaged.length)] = generator.integer(256);
      }
      if (refusal(damaged) === null) expect(writeModel(readModel(damaged)).length).toBeGreaterThan(1000);
    }
  });

  it('random bytes are an OnnxError', () => {
    const generator = new Generator(12);
    for (let round = 0; round < 500; round++) {
      const noise = Uint8Array.from({ length: 1 + generator.integer(400) }, () => generator.integer(256));
      expect(refusal(noise)?.kind).toMatch(/format|foreign|invalid/);
    }
  });
});

describe('a file built to take memory', () => {
  const varint = (value: number): number[] => {
    const out: number[] = [];
    for (; value > 127; value = Math.floor(value / 128)) out.push((value % 128) | 128);
    return [...out, value];
  };
  /** `count` copies of `unit` as field 7 (the graph). */
  const graphOf = (unit: number[], count: number): Uint8Array => {
    const head = [8, 8, 58, ...varint(unit.length * count)];
    const file = new Uint8Array(head.length + unit.length * count);
    file.set(head);
    for (let i = 0; i < count; i++) file.set(unit, head.length + i * unit.length);
    return file;
  };
  let before = 0;
  beforeAll(() => void (before = process.memoryUsage().rss));

  it.each([
    ['20 million empty nodes', [10, 0]],
    ['20 million empty tensors', [42, 0]],
    ['20 million unknown fields', [72, 1]],
  ])('%s', (_what, unit) => {
    expect(refusal(graphOf(unit, 20_000_000))?.message).toContain('more entries');
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 30);
  });

  it('a length beyond the end of the file', () => {
    expect(refusal(Uint8Array.of(8, 8, 58, 0xff, 0xff, 0xff, 0xff, 7, 0))?.message).toMatch(
      /2,147,483,647 bytes announced, 1 left/,
    );
  });
});
