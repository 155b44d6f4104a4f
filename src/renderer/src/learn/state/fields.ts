import type { Generator } from '../../../../core/random';
import { flat, nested, sizesOf, type Nested } from '../model/nested';

/** What a scene's state is made of. */
export type Value = number | boolean | string | Nested;
export type State = Readonly<Record<string, Value>>;

/** What a field holds, for the sentence that refuses another value. */
export type Expected =
  | { kind: 'whole' | 'number'; min: number; max: number }
  | { kind: 'choice'; options: readonly string[] }
  /** What the other fields leave: a number, or the lengths along every axis. */
  | { kind: 'fits'; as: string }
  | { kind: 'numbers'; sizes: readonly (readonly [number, number])[]; min: number; max: number };

/** One value of a scene's state: what is valid, and how a link writes it. */
export interface Field<T extends Value = Value> {
  readonly expected: Expected;
  has(value: unknown): boolean;
  /** As in a link: letters that need no escape. */
  write(value: T): string;
  /** What a link says, to be checked by `has`. */
  read(text: string): unknown;
  /** Any valid value, for the tests that go through them. */
  draw(random: Generator): T;
}

export type Fields<S extends State> = { readonly [Name in keyof S]: Field<S[Name]> };

const within = (value: unknown, min: number, max: number): value is number =>
  typeof value === 'number' && value >= min && value <= max;
const readNumber = (text: string): number => (text.trim() === '' ? NaN : Number(text));

export function whole(min: number, max: number): Field<number> {
  return {
    expected: { kind: 'whole', min, max },
    has: (value) => within(value, min, max) && Number.isInteger(value),
    write: String,
    read: readNumber,
    draw: (random) => min + random.integer(max - min + 1),
  };
}

export function number(min: number, max: number): Field<number> {
  return {
    expected: { kind: 'number', min, max },
    has: (value) => within(value, min, max),
    write: String,
    read: readNumber,
    draw: (random) => min + (max - min) * random.uniform(),
  };
}

export function flag(): Field<boolean> {
  return {
    expected: { kind: 'choice', options: ['yes', 'no'] },
    has: (value) => typeof value === 'boolean',
    write: (value) => (value ? 'yes' : 'no'),
    read: (text) => (text === 'yes' ? true : text === 'no' ? false : text),
    draw: (random) => random.integer(2) === 1,
  };
}

export function choice<T extends string>(...options: readonly T[]): Field<T> {
  return {
    expected: { kind: 'choice', options },
    has: (value) => options.includes(value as T),
    write: (value) => value,
    read: (text) => text,
    draw: (random) => options[random.integer(options.length)],
  };
}

/** Between numbers of a row, between rows, planes, stacks. */
const SEPARATORS = [',', ';', '!', '*'];

/** Numbers in one to four axes, each as long as its `sizes` allow, from `min` to `max`. */
export function numbers<N extends Nested>(
  sizes: readonly (readonly [least: number, most: number])[],
  min: number,
  max: number,
): Field<N> {
  const write = (values: Nested, depth: number): string =>
    values
      .map((value) => (typeof value === 'number' ? String(value) : write(value, depth - 1)))
      .join(SEPARATORS[depth]);
  const read = (text: string, depth: number): Nested =>
    text.split(SEPARATORS[depth]).map((part) => (depth === 0 ? readNumber(part) : read(part, depth - 1)));
  return {
    expected: { kind: 'numbers', sizes, min, max },
    has: (value) => {
      if (!isNested(value)) return false;
      const found = sizesOf(value);
      return (
        found.length === sizes.length &&
        found.every((size, axis) => within(size, ...sizes[axis])) &&
        isFull(value, found) &&
        flat(value).every((each) => within(each, min, max))
      );
    },
    write: (values) => write(values, sizes.length - 1),
    read: (text) => read(text, sizes.length - 1),
    draw: (random) => {
      const drawn = sizes.map(([least, most]) => least + random.integer(most - least + 1));
      return nested<N>(drawn, () => min + random.integer(max - min + 1));
    },
  };
}

const isNested = (value: unknown): value is Nested =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number' || isNested(each));

/** Whether every row is as long as the first, every plane as high. */
const isFull = (values: Nested, [size, ...inner]: readonly number[]): boolean =>
  values.length === size &&
  values.every((value) =>
    inner.length === 0 ? typeof value === 'number' : typeof value === 'object' && isFull(value, inner),
  );
