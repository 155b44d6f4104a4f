import type { Generator } from '../core/random';

/** Numbers at which readers go wrong: ends of ranges, signs, sizes beyond all memory. */
export const ODD = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** The same bytes with one to eight changes: flipped bits, odd numbers, pieces cut out, doubled, moved or filled. */
export function mutated(bytes: Uint8Array, draws: Generator): Uint8Array {
  // A copy also of a Buffer, whose `slice` is none.
  let result: Uint8Array = new Uint8Array(bytes);
  const changes = draws.integer(2) === 0 ? 1 : 1 + draws.integer(8);
  for (let change = 0; change < changes && result.length > 0; change++) result = changedOnce(result, draws);
  return result;
}

function changedOnce(bytes: Uint8Array, draws: Generator): Uint8Array {
  // Headers decide most: half of the changes fall on the beginning or the end.
  const { length } = bytes;
  const near = Math.min(length, 256);
  const at = [draws.integer(length), draws.integer(near), length - 1 - draws.integer(near)][
    [0, 0, 1, 2][draws.integer(4)]
  ];
  const size = Math.min(length - at, 1 + draws.integer(64));
  switch (draws.integer(8)) {
    case 0:
      bytes[at] ^= 1 << draws.integer(8);
      return bytes;
    case 1:
      bytes[at] = draws.integer(256);
      return bytes;
    case 2: {
      const value = ODD[draws.integer(ODD.length)];
      const width = [1, 2, 4][draws.integer(3)];
      const little = draws.integer(2) === 0;
      for (let i = 0; i < width && at + i < length; i++)
        bytes[at + i] = (value >>> (8 * (little ? i : width - 1 - i))) & 255;
      return bytes;
    }
    case 3:
      return bytes.slice(0, at);
    case 4:
      return joined(bytes.subarray(0, at), bytes.subarray(at + size));
    case 5:
      return joined(bytes.subarray(0, at + size), bytes.subarray(at));
    case 6: {
      const to = draws.integer(length - size + 1);
      bytes.copyWithin(to, at, at + size);
      return bytes;
    }
    default:
      bytes.fill(draws.integer(256), at, at + size);
      return bytes;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a, 0);
  both.set(b, a.length);
  return both;
}
