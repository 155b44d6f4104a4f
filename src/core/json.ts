import { MessageError, say } from '../words';

/**
 * The deepest nesting of lists and objects; a spec has four levels. Thousands of levels would exhaust the stack of any
 * code that walks through them.
 */
const MAX_DEPTH = 32;

/**
 * Reads a JSON text of bounded depth. The error for a text that is not JSON says where it breaks and quotes nothing of
 * it.
 * @throws MessageError
 */
export function parseJson(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH) throw new MessageError(say('json.deep', { limit: MAX_DEPTH }));
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const position = /at position (\d+)/.exec((error as Error).message)?.[1];
    if (position === undefined) throw new MessageError(say('json.none'));
    const before = text.slice(0, Number(position)).split('\n');
    const column = before[before.length - 1].length + 1;
    throw new MessageError(say('json.none-at', { line: before.length, column }));
  }
}

/** How deep lists and objects are nested; for text that is not JSON, an arbitrary number. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted) {
      if (character === '\\') i++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}
