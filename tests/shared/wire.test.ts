import { expect, test } from 'vitest';
import { decode, encode } from '../../src/shared/wire';

test('typed arrays of every kind, nested, come back with type, place and values', () => {
  const message = {
    id: 7,
    result: {
      bytes: new Uint8Array([1, 2, 3]),
      signed: new Int8Array([-127, 0, 127]),
      list: [new Float32Array([1.5, NaN, Infinity]), new Float64Array([Math.PI])],
      counts: new Uint32Array([4_000_000_000]),
      places: new Int32Array([-1]),
      rgba: new Uint8ClampedArray([255, 0]),
      empty: new Float32Array(0),
      text: 'Größe 28 × 28 · 数字',
      nothing: null,
      range: { min: -Infinity, max: NaN },
    },
  };
  expect(decode(encode(message))).toEqual(message);
});

test('a view into a larger buffer travels alone', () => {
  const view = new Float32Array(new Float32Array([9, 1, 2, 9]).buffer, 4, 2);
  expect(encode({ view }).byteLength).toBeLessThan(100);
  expect(decode(encode({ view }))).toEqual({ view: new Float32Array([1, 2]) });
});

test('bytes that lie about their lengths are refused', () => {
  const good = encode({ data: new Float32Array(4) });
  expect(() => decode(good.subarray(0, good.length - 4))).toThrow('outside');
  expect(() => decode(new Uint8Array([255, 255, 255, 255, 1]))).toThrow('header');
  expect(() => decode(new Uint8Array([1]))).toThrow();
});

test("a message in a Buffer inside Node's pool, as a socket gives it", () => {
  const message = { bytes: new Uint8Array([5, 6, 7]), values: new Float32Array([1, 2]) };
  expect(decode(Buffer.from(encode(message)))).toEqual(message);
});
