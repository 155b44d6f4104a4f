import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  bytes,
  either,
  list,
  number,
  object,
  oneOf,
  optional,
  orNull,
  SchemaError,
  tagged,
  text,
  whole,
  type Infer,
} from '../../src/core/schema';
import { say, sentence } from '../../src/words';

const point = object({ x: whole(0, 9), y: number, name: optional(text(1, 5)) });
const shape = tagged('kind', {
  dots: object({ at: list(point, 1, 2) }),
  file: object({ bytes, of: orNull(text()) }),
  /** Nothing more to say. */
  none: object({}),
});
const scale = oneOf(1, 3, 'auto');

function refusal(read: () => unknown): SchemaError {
  try {
    read();
  } catch (error) {
    if (error instanceof SchemaError) return error;
    throw error;
  }
  throw new Error('it holds');
}

describe('a schema', () => {
  it('is a type', () => {
    expectTypeOf<Infer<typeof point>>().toEqualTypeOf<{ x: number; y: number; name?: string }>();
    expectTypeOf<Infer<typeof shape>['kind']>().toEqualTypeOf<'dots' | 'file' | 'none'>();
    expectTypeOf<Extract<Infer<typeof shape>, { kind: 'file' }>>().toEqualTypeOf<{
      kind: 'file';
      bytes: Uint8Array;
      of: string | null;
    }>();
    expectTypeOf<Infer<typeof scale>>().toEqualTypeOf<1 | 3 | 'auto'>();
  });

  it('gives what holds, the same, and nothing besides', () => {
    const file = { kind: 'file', bytes: new Uint8Array(3), of: null };
    expect(shape.read({ ...file, more: 1 })).toEqual(file);
    expect(shape.read({ kind: 'dots', at: [{ x: 1, y: 0.5, name: undefined, z: 3 }] })).toEqual({
      kind: 'dots',
      at: [{ x: 1, y: 0.5 }],
    });
    expect(object({ a: number }, 'keep').read({ a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
    expect(scale.read(3)).toBe(3);
  });

  it.each([
    [point, [], 'found [], expected an object', '实际为 []，应为对象'],
    [point, { x: 10, y: 1 }, 'x: found 10, expected a whole number from 0 to 9', '“x”：实际为 10，应为 0 到 9 的整数'],
    [point, { x: 1.5, y: 1 }, 'x: found 1.5, expected a whole number from 0 to 9', null],
    [point, { x: 1, y: NaN }, 'y: found NaN, expected a number', null],
    [point, { x: 1 }, 'y: found nothing, expected a number', '“y”：实际为空，应为数字'],
    // Fields are its own, whatever objects inherit.
    [object({ toString: text() }), {}, 'toString: found nothing, expected a text', null],
    [shape, { kind: 'toString' }, 'kind: found "toString", expected one of dots, file, none', null],
    [shape, null, 'found null, expected an object', null],
    [
      shape,
      {
        kind: 'dots',
        at: [
          { x: 1, y: 1 },
          { x: 2, y: 2, name: '' },
        ],
      },
      'at[1].name: found "", expected a text that is not empty',
      '“at[1].name”：实际为 ""，应为非空的文本',
    ],
    [shape, { kind: 'dots', at: [] }, 'at: found [], expected a list of 1 to 2', null],
    [shape, { kind: 'file', bytes: [1], of: null }, 'bytes: found [1], expected bytes', null],
    [scale, 2, 'found 2, expected one of 1, 3, auto', null],
    [text(), new Uint8Array(2), 'found 2 bytes, expected a text', null],
    [text(), 'x'.repeat(70_000), `found "${'x'.repeat(59)}…, expected a text`, null],
    [
      object({ a: number, b: number }, 'refuse'),
      { a: 1, b: 2, c: 3 },
      'c: there is no such field (known: a, b)',
      '“c”：没有这个字段（可用：a、b）',
    ],
    [either(text(), whole(), say('schema.text')), -1, 'found -1, expected a text', null],
  ])('refuses what does not hold, naming field, found and expected', (schema, value, en, zh) => {
    const { reason } = refusal(() => schema.read(value));
    expect(sentence(reason)).toBe(en);
    if (zh) expect(sentence(reason, 'zh')).toBe(zh);
  });
});
