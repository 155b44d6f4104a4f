/** Typed arrays in a message, each once: what is transferred, and most of what it weighs. */
export function arraysIn(value: unknown, found = new Set<ArrayBufferView>()): Set<ArrayBufferView> {
  if (ArrayBuffer.isView(value)) found.add(value);
  else if (Array.isArray(value)) for (const item of value) arraysIn(item, found);
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) arraysIn(item, found);
  return found;
}

/** Bytes of a message: arrays as they are, the rest as its JSON, near enough to what structured cloning writes. */
export function messageSize(message: unknown): number {
  let bytes = 0;
  for (const array of arraysIn(message)) bytes += array.byteLength;
  const text = JSON.stringify(message, (_key, value: unknown) => (ArrayBuffer.isView(value) ? null : value));
  return bytes + (text?.length ?? 0);
}
