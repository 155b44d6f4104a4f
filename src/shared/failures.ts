import { isMessage, MessageError, reasonOf, sentence, type Message, type Values, type ValuesOf } from '../words';
import { failureWords } from '../words/failures';

export type FailureCode = keyof typeof failureWords;

/** A failure as it crosses between processes: a message, with its English sentence for logs and the command line. */
export interface Failure extends Message {
  readonly code: FailureCode;
  readonly message: string;
}

/** An error that is shown to people. It crosses between processes as its `toJSON`. */
export class FailureError<C extends FailureCode = FailureCode> extends MessageError implements Failure {
  override name = 'FailureError';
  readonly values: Values;
  constructor(
    readonly code: C,
    ...[values]: keyof ValuesOf<C> extends never ? [] : [values: ValuesOf<C>]
  ) {
    super({ code, values: values ?? {} });
    this.values = this.reason.values;
  }
  toJSON(): Failure {
    return { code: this.code, values: this.values, message: this.message };
  }
}

/** A failure that came from another process, as an error again. */
export function asError({ code, values }: { code: FailureCode; values: Values }): FailureError {
  return new FailureError(code, values as ValuesOf<FailureCode>);
}

/** A failure read from a file. Older records hold a text instead of a message; it is quoted. */
export function keptFailure(kept: Failure | string | null): Failure | null {
  if (kept === null) return null;
  if (typeof kept === 'string') return toFailure(kept);
  return isMessage(kept) && Object.hasOwn(failureWords, kept.code) ? kept : toFailure(String(kept.message));
}

/** Whatever was thrown, as a failure that can be shown. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.toJSON();
  if (isMessage(error) && Object.hasOwn(failureWords, error.code)) {
    const { code, values } = error;
    return { code: code as FailureCode, values, message: sentence(error) };
  }
  return new FailureError('internal', { reason: reasonOf(error) }).toJSON();
}
