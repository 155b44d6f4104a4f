import protobuf from 'protobufjs/minimal.js';

/** What a copy of a file gives out besides, so that a value inside its graph can be looked at. */
export interface MoreOutputs {
  /** Values that become outputs as they are. */
  plain: readonly string[];
  /** Values that become outputs as another element type, by ONNX's number, under a name of their own. */
  cast: readonly { value: string; as: string; to: number }[];
}

const varint = (field: number): number => field << 3;
const bytes = (field: number): number => (field << 3) | 2;

/**
 * Bytes that, appended to a file, make values outputs of its graph. Protocol Buffers merge a message that occurs twice, so the file itself
 * is not rewritten. (Protocol Buffers, Encoding, "Last One Wins".) The outputs have no type; it is inferred when the file is loaded.
 */
export function encodeOutputs({ plain, cast }: MoreOutputs): Uint8Array {
  const writer = new protobuf.Writer();
  writer.uint32(bytes(7)).fork();
  for (const { value, as, to } of cast) {
    writer.uint32(bytes(1)).fork();
    writer.uint32(bytes(1)).string(value).uint32(bytes(2)).string(as).uint32(bytes(4)).string('Cast');
    writer.uint32(bytes(5)).fork();
    writer.uint32(bytes(1)).string('to').uint32(varint(3)).int64(to).uint32(varint(20)).int32(2);
    writer.ldelim().ldelim();
  }
  for (const name of [...plain, ...cast.map(({ as }) => as)]) {
    writer.uint32(bytes(12)).fork();
    writer.uint32(bytes(1)).string(name);
    writer.ldelim();
  }
  writer.ldelim();
  return writer.finish();
}

/**
 * A file without some of its graph's outputs. Everything else is copied as it is, byte by byte.
 * @param file a file that `decodeModel` reads.
 */
export function withoutOutputs(file: Uint8Array, names: ReadonlySet<string>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { field, whole, content } of fieldsOf(file)) {
    if (field !== 7) {
      parts.push(whole);
      continue;
    }
    const kept = fieldsOf(content)
      .filter((inner) => inner.field !== 12 || !names.has(nameOf(inner.content)))
      .map((inner) => inner.whole);
    const head = new protobuf.Writer();
    head.uint32(bytes(7)).uint32(kept.reduce((sum, { length }) => sum + length, 0));
    parts.push(head.finish(), ...kept);
  }
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A message's fields: number, the bytes with the tag, and the content where it has a length. Views. */
export function fieldsOf(message: Uint8Array): { field: number; whole: Uint8Array; content: Uint8Array }[] {
  const reader = new protobuf.Reader(message);
  const fields = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    let content = message.subarray(0, 0);
    if ((tag & 7) === 2) {
      const length = reader.uint32();
      content = message.subarray(reader.pos, reader.pos + length);
      reader.pos += length;
    } else reader.skipType(tag & 7);
    fields.push({ field: tag >>> 3, whole: message.subarray(start, reader.pos), content });
  }
  return fields;
}

/** The name of a ValueInfoProto. */
const nameOf = (value: Uint8Array): string => textsOf(value, 1)[0] ?? '';

/** A message's texts under a field's number. */
export const textsOf = (message: Uint8Array, number: number): string[] =>
  fieldsOf(message).flatMap(({ field, content }) =>
    field === number ? [protobuf.util.utf8.read(content, 0, content.length)] : [],
  );
