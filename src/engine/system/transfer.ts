import { MessageError, say } from '../../words';

/** The deepest nesting of a message between threads or processes; no message of the protocol comes near. */
const MOST_DEPTH = 64;

/**
 * The typed arrays in a message, each once: they are transferred.
 * @throws MessageError if it is nested too deeply to send (or in a circle): structured cloning, JSON or the code that walks
 *   through it would fail on the way, and the call would never be answered.
 */
export function arraysIn(value: unknown, found = new Set<ArrayBufferView>(), depth = 0): Set<ArrayBufferView> {
  if (depth > MOST_DEPTH) throw new MessageError(say('call.too-deep', { most: MOST_DEPTH }));
  if (ArrayBuffer.isView(value)) found.add(value);
  else if (Array.isArray(value)) for (const item of value) arraysIn(item, found, depth + 1);
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) arraysIn(item, found, depth + 1);
  return found;
}

/** The buffers that can be moved to the other side: those that their array fills. A view into a larger buffer is copied. */
export function movable(arrays: Iterable<ArrayBufferView>): ArrayBuffer[] {
  const buffers = [...arrays]
    .filter((array) => array.byteLength === array.buffer.byteLength)
    .map(({ buffer }) => buffer);
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
