import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../../src/core/onnx/decode';
import { encodeModel } from '../../../src/core/onnx/encode';
import { OnnxError } from '../../../src/core/onnx/error';
import { KEYS } from '../../../src/core/onnx/metadata';
import { readModel } from '../../../src/core/onnx/read';
import { writeModel } from '../../../src/core/onnx/write';
import { describeModel } from '../../../src/engine/models/describe';
import { openModel } from '../../../src/engine/models/models';
import { FailureError } from '../../../src/shared/failures';
import { isMessage, sentence } from '../../../src/words';
import { plainSpec, randomModel } from './models';

const model = randomModel(plainSpec);
const training = {
  data: 'made',
  samples: { train: 1, validation: 0, test: 0 },
  epochs: 1,
  batch: 1,
  optimizer: 'sgd',
  learningRate: 1,
  schedule: 'constant',
  seed: 1,
  augmentation: [],
  accuracy: { train: null, validation: null, test: null },
  loss: { train: null, validation: null, test: null },
};
const pictures = { count: 1, colored: 0, smallest: [5, 5], largest: [5, 5] };
const bytes = writeModel({ ...model, metadata: { ...model.metadata, title: 'made', pictures, training } });

/** The file with another text under `key`. */
function withText(key: string, change: (text: string) => string): Uint8Array {
  const file = decodeModel(bytes);
  const entry = file.metadata.find(([name]) => name === key)!;
  entry[1] = change(entry[1]);
  return encodeModel(file);
}

const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
/** Puts a member into the outermost object or list, and into the one within it. */
const inside = (text: string, member: string): string => text.replace(/([[{])/, `$1${member},`);
const named = (value: string): ((text: string) => string) => {
  return (text) =>
    text.startsWith('{') ? inside(text, `"more":${value}`) : text.startsWith('[') ? inside(text, value) : value;
};
const deeper = (value: string): ((text: string) => string) => {
  return (text) => text.replace(/:([[{])/, (_, open: string) => (open === '{' ? `:{"more":${value},` : `:[${value},`));
};

const values: [what: string, value: string][] = [
  ['lists 33 deep', lists(33)],
  ['lists 3,000 deep', lists(3_000)],
  ['lists 5,000 deep', lists(5_000)],
  ['lists 900,000 deep', lists(900_000)],
  ['objects 5,000 deep', objects(5_000)],
  ['lists that do not end', '['.repeat(100_000)],
  ['a text of 3 million characters', JSON.stringify('a'.repeat(3_000_000))],
];

describe('metadata that is too deep or too large', () => {
  // Digests that cannot be read are verify's to tell: see digests.test.ts. Only a head's file has `head`, and it is a network of others.
  const read = Object.values(KEYS).filter((key) => key !== KEYS.digests && key !== KEYS.head);
  const cases = read.flatMap((key) => values.map(([what, value]) => [key, what, value] as const));

  it.each(cases)('%s: %s', async (key, _what, value) => {
    for (const change of [() => value, named(value), deeper(value)]) {
      const made = withText(key, change);
      if (change(textOf(key)) === textOf(key)) continue;
      const refused = refusal(made);
      expect(refused?.kind).toBe('invalid');
      expect(isMessage(refused?.reason)).toBe(true);
      expect(sentence(refused!.reason)).toContain(key);
      const opened = openModel({ kind: 'bytes', name: 'made.onnx', bytes: made });
      await expect(opened).rejects.toBeInstanceOf(FailureError);
    }
  });

  const textOf = (key: string): string => decodeModel(bytes).metadata.find(([name]) => name === key)![1];
  const refusal = (made: Uint8Array): OnnxError | null => {
    try {
      readModel(made);
      return null;
    } catch (error) {
      expect(error).toBeInstanceOf(OnnxError);
      return error as OnnxError;
    }
  };

  it('what a record holds besides is left behind, and never crosses to the window', () => {
    const made = withText(KEYS.training, (text) => deeper('["besides"]')(named('["besides"]')(text)));
    const read = readModel(made);
    expect(read.metadata.training).toEqual(training);
    expect(JSON.stringify(describeModel(read, 'made'))).not.toContain('besides');
  });

  it('numbers, keys and texts of every kind end in an OnnxError or a model', () => {
    const odd = [
      '1e999',
      '-0',
      '"\\u0000"',
      '"\\ud800"',
      'null',
      'true',
      '{"__proto__":1}',
      '{"toString":1}',
      '[]',
      '{}',
      '12',
      '2e31',
    ];
    for (const key of [...read, KEYS.digests]) {
      const fields = [...textOf(key).matchAll(/"(\w+)":/g)].map(([, field]) => field);
      for (const value of odd) {
        refusal(withText(key, () => value));
        for (const field of fields)
          refusal(
            withText(key, (text) => text.replace(new RegExp(`"${field}":("[^"]*"|[^,}\\]]+)`), `"${field}":${value}`)),
          );
      }
    }
  });
});
