import { expect, it } from 'vitest';
import { partsOf } from '../../../../src/renderer/src/features/terms/parts';

it('splits a sentence at its terms, and keeps punctuation with the term before it', () => {
  expect(partsOf('Three [channel|channels], and [softmax|softmax]。)')).toEqual([
    { text: 'Three ', id: null, tail: '' },
    { text: 'channels', id: 'channel', tail: ',' },
    { text: ' and ', id: null, tail: '' },
    { text: 'softmax', id: 'softmax', tail: '。)' },
  ]);
});

it('loses nothing of a sentence with brackets that are no terms', () => {
  const text = 'y[0, 1] is [5 of [kernel|it].';
  expect(
    partsOf(text)
      .map((part) => (part.id ? `[${part.id}|${part.text}]` : part.text) + part.tail)
      .join(''),
  ).toBe(text);
});
