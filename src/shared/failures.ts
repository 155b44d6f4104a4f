/**
 * Everything that can go wrong and that people are told of, with its English line. `{name}` is filled in from `params`.
 * The window's catalogue has each code in every language; the command line prints the English line.
 */
export const failures = {
  'file.missing': "'{file}': no such file",
  'file.folder': "'{file}' is a folder, expected a file",
  'file.empty': "'{file}' is empty (0 bytes)",
  'file.unreadable': "'{file}' cannot be read: {reason}",
  'file.unwritable': "'{file}' cannot be written: {reason}",
  'image.format':
    "'{file}' is no picture that can be opened (found {found}, expected PNG, JPEG, WebP, AVIF, GIF, TIFF or SVG)",
  'image.broken': "'{file}': the {format} picture is damaged or cut short ({reason})",
  'image.too-large': "'{file}': {width} × {height} pixels would take {needed} MiB to decode, the limit is {limit} MiB",
  'image.too-slow': "'{file}': decoding took longer than {seconds} s and was stopped",
  'model.unknown': "no bundled model is called '{id}' (there are {known})",
  'model.format': "'{file}' is no ONNX model ({reason})",
  'model.foreign': "'{file}' was written by {producer}, not by Convscope: files of others cannot be opened yet",
  'model.invalid': "'{file}': {reason}",
  'recipe.unknown': "no recipe is called '{id}' (there are {known})",
  'recipe.invalid': "'{file}', {field}: {reason}",
  'data.unknown': "there is no data set '{id}' any more; name its folder again",
  'data.invalid': "'{file}': {reason}",
  'run.invalid': "'{run}': {reason}",
  'train.invalid': '{reason}',
  'train.diverged': 'step {step} (epoch {epoch}): {what}, first in layer {layer}; {advice}',
  'handle.gone': '{what} {handle} is no longer held; open it again',
  cancelled: 'cancelled',
  internal: '{reason}',
} as const;

export type FailureCode = keyof typeof failures;

export interface Failure {
  code: FailureCode;
  params: Record<string, string | number>;
  /** The English line, filled in. */
  message: string;
}

/** An error that people are told of. Survives the way between processes as its `toJSON`. */
export class FailureError extends Error implements Failure {
  override name = 'FailureError';
  constructor(
    readonly code: FailureCode,
    readonly params: Record<string, string | number> = {},
  ) {
    super(fill(failures[code], params));
  }
  toJSON(): Failure {
    return { code: this.code, params: this.params, message: this.message };
  }
}

/** Replaces `{name}` by its parameter; an unknown name stays as it is, so that a gap shows. */
export function fill(template: string, params: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/** Whatever was thrown, as a failure that can be shown. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.toJSON();
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
    const { code, message } = error;
    if (typeof code === 'string' && code in failures && typeof message === 'string') {
      const params = 'params' in error && typeof error.params === 'object' && error.params !== null ? error.params : {};
      return { code: code as Failure['code'], params: params as Failure['params'], message };
    }
  }
  return new FailureError('internal', { reason: error instanceof Error ? error.message : String(error) }).toJSON();
}
