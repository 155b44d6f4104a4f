import { parseJson } from '../../core/json';
import { MessageError, say } from '../../words';

/** Reads a JSON file's bytes: UTF-8, of bounded depth. @throws MessageError, which quotes nothing of the file. */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MessageError(say('json.encoding'));
  }
  return parseJson(text);
}
