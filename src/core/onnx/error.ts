import { MessageError, type Message, type Value } from '../../words';

/**
 * - `format`: not ONNX, or too damaged to be decoded.
 * - `foreign`: ONNX, but not written by Convscope; `producer` says by whom.
 * - `invalid`: written by Convscope, but contradicting itself.
 */
export type OnnxErrorKind = 'format' | 'foreign' | 'invalid';

/** The only error thrown when reading an ONNX file fails: the tensor or field, what was found, what was expected. */
export class OnnxError extends MessageError {
  override name = 'OnnxError';
  constructor(
    readonly kind: OnnxErrorKind,
    reason: Message,
    readonly producer: Value = '',
  ) {
    super(cleaned(reason) as Message);
  }
}

/** The longest text from a file that a message quotes. */
const LONGEST = 120;

/** A damaged file can contain any text: control characters become spaces, and long texts are cut. */
function cleaned(value: Value): Value {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return oneLine(value);
  if (isList(value)) return value.map(cleaned);
  const values = Object.entries(value.values).map(([name, inner]) => [name, cleaned(inner)]);
  return { code: value.code, values: Object.fromEntries(values) as Message['values'] };
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

export function oneLine(text: string): string {
  const line = text.slice(0, 4 * LONGEST).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
