import type { Generator } from '../core/random';
import { ODD } from './mutate';

/** A field of a message in the wire format (https://protobuf.dev/programming-guides/encoding): its tag and what follows it. */
interface Field {
  number: number;
  /** 0 a varint, 1 eight bytes, 2 bytes of a stated length, 5 four bytes. */
  type: number;
  /** Without the length. */
  value: Uint8Array;
}

/** Messages in each other that are looked into. */
const DEEPEST = 8;

/**
 * The same message with one to four of its fields changed, wherever they lie: left out, doubled, moved, another number, other bytes.
 * All lengths around them are right again, so that a reader gets past them.
 */
export function mutatedFields(bytes: Uint8Array, draws: Generator): Uint8Array {
  const changes = 1 + draws.integer(4);
  let result = bytes;
  for (let change = 0; change < changes; change++) result = changedOnce(result, draws, 0) ?? result;
  return result;
}

function changedOnce(bytes: Uint8Array, draws: Generator, depth: number): Uint8Array | null {
  const fields = fieldsOf(bytes);
  if (!fields || fields.length === 0) return null;
  const at = draws.integer(fields.length);
  const field = fields[at];
  // Two of three times it goes on inside, if there is an inside.
  if (field.type === 2 && depth < DEEPEST && draws.integer(3) > 0) {
    const inside = changedOnce(field.value, draws, depth + 1);
    if (inside) return encoded(fields.with(at, { ...field, value: inside }));
  }
  switch (draws.integer(5)) {
    case 0:
      return encoded(fields.toSpliced(at, 1));
    case 1:
      return encoded(fields.toSpliced(at, 0, field));
    case 2:
      return encoded(fields.toSpliced(at, 1).toSpliced(draws.integer(fields.length), 0, field));
    case 3:
      return encoded(fields.with(at, { ...field, number: 1 + draws.integer(25) }));
    default:
      return encoded(fields.with(at, { ...field, value: changedValue(field, draws) }));
  }
}

function changedValue({ type, value }: Field, draws: Generator): Uint8Array {
  if (type === 0) return varint(BigInt(ODD[draws.integer(ODD.length)]) * (draws.integer(4) === 0 ? -1n : 1n));
  // A copy also of a Buffer, whose `slice` is none.
  const changed = new Uint8Array(value);
  if (changed.length === 0) return type === 2 ? Uint8Array.of(draws.integer(256)) : changed;
  changed[draws.integer(changed.length)] = draws.integer(256);
  return type === 2 && draws.integer(3) === 0 ? changed.slice(0, draws.integer(changed.length)) : changed;
}

/** Null for what is no message from its beginning to its end. */
function fieldsOf(bytes: Uint8Array): Field[] | null {
  const fields: Field[] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) return NaN;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    return NaN;
  };
  while (at < bytes.length) {
    const tag = number();
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    if (!(field >= 1 && field <= 1000)) return null;
    const from = at;
    if (type === 0) {
      if (Number.isNaN(number())) return null;
      fields.push({ number: field, type, value: bytes.subarray(from, at) });
      continue;
    }
    const length = { 1: 8, 2: 0, 5: 4 }[type];
    if (length === undefined) return null;
    const size = type === 2 ? number() : length;
    if (!(at + size <= bytes.length)) return null;
    fields.push({ number: field, type, value: bytes.subarray(at, at + size) });
    at += size;
  }
  return fields;
}

function encoded(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({ number, type, value }) => [
      varint(BigInt(number * 8 + type)),
      ...(type === 2 ? [varint(BigInt(value.length))] : []),
      value,
    ]),
  );
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** The same network's file without the entry of its digests, which no change gets past: as files were once written. */
export function withoutEntry(bytes: Uint8Array, key: string): Uint8Array {
  const fields = fieldsOf(bytes)!;
  const named = (value: Uint8Array): boolean =>
    fieldsOf(value)?.some((field) => field.number === 1 && Buffer.from(field.value).toString() === key) ?? false;
  return encoded(fields.filter(({ number, value }) => number !== METADATA || !named(value)));
}

/** `ModelProto.metadata_props`. */
const METADATA = 14;
