/**
 * Messages as bytes, for the WebSocket: a little-endian uint32 with the header's length, the header (JSON), then the typed
 * arrays one after the other, each at a multiple of 8. In the header an array is `{ "$bin": [type, offset, length] }`.
 */
const arrays = { Uint8Array, Uint8ClampedArray, Int8Array, Int32Array, Uint32Array, Float32Array, Float64Array };
type ArrayName = keyof typeof arrays;
type Binary = InstanceType<(typeof arrays)[ArrayName]>;

const ALIGNMENT = 8;
const align = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

/** Numbers that JSON cannot express; all others are written as they are. */
const special: Record<string, number> = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity };

export function encode(message: unknown): Uint8Array<ArrayBuffer> {
  const parts: { offset: number; bytes: Uint8Array }[] = [];
  let end = 0;
  const header = new TextEncoder().encode(
    JSON.stringify(message, (_key, value: unknown) => {
      if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
      if (!ArrayBuffer.isView(value) || value instanceof DataView) return value;
      const offset = align(end);
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      parts.push({ offset, bytes });
      end = offset + bytes.byteLength;
      return { $bin: [arrayName(value), offset, (value as Binary).length] };
    }),
  );
  const base = align(4 + header.byteLength);
  const out = new Uint8Array(base + end);
  new DataView(out.buffer).setUint32(0, header.byteLength, true);
  out.set(header, 4);
  for (const { offset, bytes } of parts) out.set(bytes, base + offset);
  return out;
}

/** How much memory a message may make its reader allocate beyond its own size. */
export interface WireLimits {
  /** Bytes of JSON: a value of two characters takes some sixty bytes of memory. */
  header: number;
}

/**
 * Arrays are copies, and no two of them hold the same bytes: all together they take no more memory than the message.
 * @throws TypeError, RangeError or SyntaxError where the bytes are not what `encode` makes, or over the limits.
 */
export function decode(data: Uint8Array, limits: WireLimits = { header: Infinity }): unknown {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const length = view.getUint32(0, true);
  if (4 + length > data.byteLength)
    throw new RangeError(`message of ${data.byteLength} bytes, its header says ${length}`);
  if (length > limits.header) throw new RangeError(`header of ${length} bytes, at most ${limits.header} are read`);
  const base = align(4 + length);
  let free = 0;
  const header = new TextDecoder('utf-8', { fatal: true }).decode(data.subarray(4, 4 + length));
  return JSON.parse(header, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('$number' in value) return special[String(value.$number)];
    if (!('$bin' in value)) return value;
    const [name, offset, count] = value.$bin as [ArrayName, number, number];
    if (!Object.hasOwn(arrays, name)) throw new TypeError(`no array type '${name}'`);
    const type = arrays[name];
    const from = base + offset;
    const to = from + count * type.BYTES_PER_ELEMENT;
    if (!(offset >= 0 && count >= 0 && to <= data.byteLength)) throw new RangeError(`array outside its message`);
    // `encode` writes them in the order of the header, which is the order of this reading.
    if (offset < free) throw new RangeError(`array over the one before it`);
    free = offset + count * type.BYTES_PER_ELEMENT;
    return new type(data.buffer.slice(data.byteOffset + from, data.byteOffset + to) as ArrayBuffer);
  });
}

/** By its class: Node's Buffer is a Uint8Array. */
function arrayName(value: ArrayBufferView): ArrayName {
  const name = (Object.keys(arrays) as ArrayName[]).find((key) => value instanceof arrays[key]);
  if (!name) throw new TypeError(`arrays of type ${value.constructor.name} do not travel`);
  return name;
}
