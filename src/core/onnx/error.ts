/**
 * - `format`: no ONNX, or cut short or damaged so that it cannot be decoded.
 * - `foreign`: ONNX, but not written by Convscope; `producer` says by whom.
 * - `invalid`: ours, but what it says about itself does not hold.
 */
export type OnnxErrorKind = 'format' | 'foreign' | 'invalid';

/** The one error that reading an ONNX file ends in. The message is one line: the tensor or field, what was found, what was expected. */
export class OnnxError extends Error {
  override name = 'OnnxError';
  constructor(
    readonly kind: OnnxErrorKind,
    reason: string,
    readonly producer: string = '',
  ) {
    super(oneLine(reason));
  }
}

/** Names in a damaged file hold anything: control characters become spaces, and no line is longer than a screen's. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}
