/**
 * Copies a value from another process into its own memory: its arrays are views of the whole message and would keep all
 * of it alive. Handles plain objects, lists and typed arrays; everything else is returned unchanged.
 */
export function owned<T>(value: T): T {
  // Of Node's own bytes, which are no longer made by a constructor, a plain copy.
  if (value instanceof Uint8Array) return new Uint8Array(value) as T;
  if (ArrayBuffer.isView(value)) {
    const { constructor } = value as unknown as { constructor: new (from: T) => T };
    return new constructor(value);
  }
  if (Array.isArray(value)) return value.map((item: unknown) => owned(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, owned(item as unknown)])) as T;
}
