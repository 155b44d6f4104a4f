/**
 * One definition of a value that comes from outside (a message, a file): its type (`Infer`), its check, and the message for an
 * invalid value. Our own code, because the core checks files too and has no dependencies.
 */
import { MessageError, say, type Message } from '../words';

export interface Schema<T> {
  /** The value, checked. @param path where it stands (`options.lr`, `layers[2]`); empty: the whole. @throws SchemaError */
  read(value: unknown, path?: string): T;
}
export type Infer<S> = S extends Schema<infer T> ? T : never;

/** An invalid value. `reason` names its place; `problem` is the same without the place. */
export class SchemaError extends MessageError {
  override name = 'SchemaError';
  constructor(
    readonly path: string,
    readonly problem: Message,
  ) {
    super(path === '' ? problem : say('schema.at', { field: path, reason: problem }));
  }
}

const refuse = (path: string, found: unknown, expected: Message): never => {
  throw new SchemaError(path, say('schema.found', { found: shown(found), expected }));
};

/** As JSON, short; NaN and infinities by name. */
function shown(found: unknown): string | Message {
  if (ArrayBuffer.isView(found)) return say('schema.bytes', { count: found.byteLength });
  const text = typeof found === 'number' ? String(found) : (JSON.stringify(found) as string | undefined);
  if (text === undefined) return say('schema.nothing');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Any value for which `holds` is true. */
export const check = <T>(holds: (value: unknown) => boolean, expected: Message): Schema<T> => ({
  read: (value, path = '') => (holds(value) ? (value as T) : refuse(path, value, expected)),
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** The longest text that anyone would type. */
const LONGEST_TEXT = 1 << 16;
/** A text of `least` to `most` UTF-16 code units. */
export const text = (least = 0, most = LONGEST_TEXT): Schema<string> =>
  check(
    (value) => typeof value === 'string' && value.length >= least && value.length <= most,
    say(least > 0 ? 'schema.text-something' : 'schema.text'),
  );
export const boolean: Schema<boolean> = check((value) => typeof value === 'boolean', say('schema.boolean'));
export const bytes: Schema<Uint8Array> = check((value) => value instanceof Uint8Array, say('schema.some-bytes'));
/** A finite number. */
export const number: Schema<number> = check(isNumber, say('schema.number'));
export const numberFrom = (from: number, to: number): Schema<number> =>
  check((value) => isNumber(value) && value >= from && value <= to, say('schema.range', { from, to }));
export const whole = (from = 0, to = Number.MAX_SAFE_INTEGER): Schema<number> =>
  check(
    (value) => Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to,
    to === Number.MAX_SAFE_INTEGER ? say('schema.whole', { from }) : say('schema.whole-range', { from, to }),
  );
export const oneOf = <const C extends readonly (string | number)[]>(...choices: C): Schema<C[number]> =>
  check((value) => choices.includes(value as string), say('schema.one-of', { names: choices }));
/** A JSON object whose fields are checked elsewhere. */
export const anObject = <T = Record<string, unknown>>(): Schema<T> => check(isRecord, say('schema.object'));

interface Optional<T> extends Schema<T | undefined> {
  readonly optional: true;
}
/** A field that may be left out. */
export const optional = <T>(schema: Schema<T>): Optional<T> => ({
  optional: true,
  read: (value, path) => (value === undefined ? undefined : schema.read(value, path)),
});
export const orNull = <T>(schema: Schema<T>): Schema<T | null> => ({
  read: (value, path) => (value === null ? null : schema.read(value, path)),
});
/** `schema`, and more than its type says. */
export const refine = <T>(schema: Schema<T>, holds: (value: T) => boolean, expected: Message): Schema<T> => ({
  read(value, path = '') {
    const result = schema.read(value, path);
    return holds(result) ? result : refuse(path, value, expected);
  },
});
/** A value that `read` rejects is rejected as a whole, with this message. */
const inWords = <T>(read: (value: unknown) => T, expected: Message): Schema<T> => ({
  read(value, path = '') {
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      return refuse(path, value, expected);
    }
  },
});
/** `schema`, with a description of its own for messages. */
export const named = <T>(schema: Schema<T>, expected: Message): Schema<T> =>
  inWords((value) => schema.read(value), expected);
/** One or the other; `expected` says both. */
export const either = <A, B>(a: Schema<A>, b: Schema<B>, expected: Message): Schema<A | B> =>
  inWords((value) => {
    try {
      return a.read(value);
    } catch {
      return b.read(value);
    }
  }, expected);

/** A list of `least` to `most` values. */
export const list = <T>(item: Schema<T>, least = 0, most = Infinity): Schema<T[]> => ({
  read(value, path = '') {
    if (!Array.isArray(value)) return refuse(path, value, say('schema.list'));
    if (value.length < least || value.length > most)
      return refuse(path, value, say('schema.list-length', { from: least, to: most }));
    return value.map((each, i) => item.read(each, `${path}[${i}]`));
  },
});

type Fields = Readonly<Record<string, Schema<unknown>>>;
type Flat<T> = { [K in keyof T]: T[K] };
type ObjectOf<F extends Fields> = Flat<
  { [K in keyof F as F[K] extends Optional<unknown> ? never : K]: Infer<F[K]> } & {
    [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: Infer<F[K]>;
  }
>;

/** Fields by name. Other fields are dropped, rejected, or kept unchecked. */
export const object = <F extends Fields>(
  fields: F,
  others: 'drop' | 'refuse' | 'keep' = 'drop',
): Schema<ObjectOf<F>> & { readonly fields: F } => ({
  fields,
  read(value, path = '') {
    if (!isRecord(value)) return refuse(path, value, say('schema.object'));
    const place = (name: string): string => (path === '' ? name : `${path}.${name}`);
    const foreign = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (others === 'refuse' && foreign !== undefined)
      throw new SchemaError(place(foreign), say('schema.unknown', { known: Object.keys(fields) }));
    const read = Object.entries(fields).map(([name, schema]): [string, unknown] => [
      name,
      schema.read(Object.hasOwn(value, name) ? value[name] : undefined, place(name)),
    ]);
    const known = Object.fromEntries(read.filter(([, each]) => each !== undefined));
    return (others === 'keep' ? { ...value, ...known } : known) as ObjectOf<F>;
  },
});

/** Each field may be left out. */
export const partial = <F extends Fields>({ fields }: { readonly fields: F }): Schema<Partial<ObjectOf<F>>> =>
  object(Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, optional(schema)]))) as never;

/** An object of values of one schema, by name. */
export const record = <T>(item: Schema<T>): Schema<Record<string, T>> => ({
  read(value, path = '') {
    const names = Object.keys(anObject().read(value, path));
    return object(Object.fromEntries(names.map((name) => [name, item]))).read(value, path);
  },
});

/** An object whose field `tag` says which of the variants it is. */
export const tagged = <T extends string, V extends Readonly<Record<string, Schema<unknown>>>>(
  tag: T,
  variants: V,
): Schema<{ [K in keyof V]: Flat<{ [Tag in T]: K } & Infer<V[K]>> }[keyof V]> => ({
  read(value, path = '') {
    const kinds = Object.keys(variants);
    const kind = object({ [tag]: oneOf(...kinds) }).read(value, path)[tag];
    return { [tag]: kind, ...(variants[kind].read(value, path) as object) } as never;
  },
});
