import { MessageError, type Message, type Value } from '../../words';

/**
 * - `format`: no ONNX, or cut short or damaged so that it cannot be decoded.
 * - `foreign`: ONNX, but not written by Convscope; `producer` says by whom.
 * - `invalid`: ours, but what it says about itself does not hold.
 */
export type OnnxErrorKind = 'format' | 'foreign' | 'invalid';

/** The one error that reading an ONNX file ends in: the tensor or field, what was found, what was expected. */
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

/** The longest text that a message takes from a file. */
const LONGEST = 120;

/** Texts in a damaged file hold anything: control characters become spaces, and no text is longer than people read. */
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
