import { say, type Message } from '../../words';
import { SpecError } from '../model/spec';

/** Cells in numbers: those before each spatial axis, then those after each (top, left, bottom, right of a map). */
export type Padding = 'valid' | 'same' | 'same-lower' | readonly number[];

/** The reader that a layer's `parse` gets: each method checks one field and returns its value. */
export interface SettingsReader {
  /** A whole number from `least` to `most`; `preset` if the field is missing. Without a preset the field is required. */
  integer(field: string, preset: number | undefined, least: number, most: number): number;
  /** A finite number for which `holds` is true; `expected` describes the condition in the error message. */
  number(field: string, preset: number, holds?: (value: number) => boolean, expected?: Message): number;
  boolean(field: string, preset: boolean): boolean;
  oneOf<T extends string>(field: string, preset: T, choices: readonly T[]): T;
  /** One number for all spatial axes of the input, or one for each: `[height, width]` of a map. */
  perAxis(
    field: string,
    preset: number | readonly number[] | undefined,
    least: number,
    most: number,
  ): readonly number[];
  /**
   * `'valid'` (the default), `'same'`, `'same-lower'`, one number, one per axis (`[height, width]`) or two per axis (`[top, left,
   * bottom, right]`).
   */
  padding(field: string, most: number): Padding;
  /** Cells on the sides of the map: one number, one an axis (`[height, width]`) or two an axis (`[top, left, bottom, right]`). */
  sides(field: string, preset: number | undefined, most: number): readonly number[];
  /** Whole numbers from `least` to `most`, one or more. */
  list(field: string, preset: readonly number[], least: number, most: number): readonly number[];
  /** Up to `rows` lists of one channel or more, each in ascending order from 0 up to less than `channels`. Required. */
  table(field: string, rows: number, channels: number): readonly (readonly number[])[];
  /** `[features]` or up to three spatial sizes and `channels`, each 1 or more; one may be −1 and is computed from the others. */
  shape(field: string): number[];
}

/**
 * Reads a layer's settings from a spec; `done` rejects fields that were not read. Every rejection is a SpecError that
 * names the layer, the field, what was found and what was expected.
 */
export class Settings implements SettingsReader {
  private readonly known = new Set<string>();

  constructor(
    private readonly settings: Readonly<Record<string, unknown>>,
    private readonly name: string,
    /** Spatial axes of the layer's input. */
    private readonly axes = 2,
  ) {}

  private take(field: string): unknown {
    this.known.add(field);
    return Object.hasOwn(this.settings, field) ? this.settings[field] : undefined;
  }

  private refuse(field: string, found: unknown, expected: Message): never {
    throw new SpecError(this.name, field, found, expected);
  }

  integer(field: string, preset: number | undefined, least: number, most: number): number {
    const value = this.take(field) ?? preset;
    if (!isInteger(value, least, most)) this.refuse(field, value, say('spec.whole', { from: least, to: most }));
    return value;
  }

  number(
    field: string,
    preset: number,
    holds: (value: number) => boolean = () => true,
    expected = say('spec.number'),
  ): number {
    const value = this.take(field) ?? preset;
    if (typeof value !== 'number' || !Number.isFinite(value) || !holds(value)) this.refuse(field, value, expected);
    return value;
  }

  boolean(field: string, preset: boolean): boolean {
    const value = this.take(field) ?? preset;
    if (typeof value !== 'boolean') this.refuse(field, value, say('spec.boolean'));
    return value;
  }

  oneOf<T extends string>(field: string, preset: T, choices: readonly T[]): T {
    const value = this.take(field) ?? preset;
    const choice = choices.find((each) => each === value);
    return (
      choice ??
      this.refuse(
        field,
        value,
        say('spec.choices', { choices: choices.map((choice) => say('spec.choice', { choice })) }),
      )
    );
  }

  perAxis(
    field: string,
    preset: number | readonly number[] | undefined,
    least: number,
    most: number,
  ): readonly number[] {
    const value = this.take(field) ?? preset;
    const { axes } = this;
    if (isInteger(value, least, most)) return Array<number>(axes).fill(value);
    if (isList(value, least, most) && value.length === axes) return [...value];
    const range = { from: least, to: most };
    return this.refuse(field, value, axes === 2 ? say('spec.pair', range) : say('spec.per-axis', { ...range, axes }));
  }

  padding(field: string, most: number): Padding {
    const value = this.take(field) ?? 'valid';
    const { axes } = this;
    if (value === 'valid' || value === 'same' || value === 'same-lower') return value;
    const sides = this.sidesOf(value, most);
    if (sides) return sides;
    const expected =
      axes === 2 ? say('spec.padding', { to: most }) : say('spec.padding-axes', { to: most, axes, sides: 2 * axes });
    return this.refuse(field, value, expected);
  }

  sides(field: string, preset: number | undefined, most: number): readonly number[] {
    const value = this.take(field) ?? preset;
    const { axes } = this;
    return (
      this.sidesOf(value, most) ?? this.refuse(field, value, say('spec.sides', { to: most, axes, sides: 2 * axes }))
    );
  }

  private sidesOf(value: unknown, most: number): number[] | null {
    const { axes } = this;
    if (isInteger(value, 0, most)) return Array<number>(2 * axes).fill(value);
    if (isList(value, 0, most) && value.length === axes) return [...value, ...value];
    return isList(value, 0, most) && value.length === 2 * axes ? [...value] : null;
  }

  list(field: string, preset: readonly number[], least: number, most: number): readonly number[] {
    const value = this.take(field) ?? preset;
    if (isList(value, least, most) && value.length > 0) return [...value];
    return this.refuse(field, value, say('spec.list', { from: least, to: most }));
  }

  table(field: string, rows: number, channels: number): readonly (readonly number[])[] {
    const value = this.take(field);
    const fits = (row: unknown): row is number[] =>
      isList(row, 0, channels - 1) && row.length > 0 && row.every((each, i) => i === 0 || each > row[i - 1]);
    if (!Array.isArray(value) || value.length === 0 || value.length > rows)
      return this.refuse(field, value, say('spec.table', { rows }));
    const foreign: unknown = value.find((row) => !fits(row));
    if (foreign !== undefined) this.refuse(field, foreign, say('spec.table-row', { most: channels - 1 }));
    return (value as number[][]).map((row) => [...row]);
  }

  shape(field: string): number[] {
    const value = this.take(field);
    const fits =
      Array.isArray(value) &&
      value.length >= 1 &&
      value.length <= 4 &&
      value.every((each) => each === -1 || isInteger(each, 1, 2 ** 27)) &&
      value.filter((each) => each === -1).length <= 1;
    if (!fits) this.refuse(field, value, say('spec.shape'));
    return [...value];
  }

  /** Rejects fields that the layer does not have. */
  done(): void {
    const foreign = Object.keys(this.settings).find((field) => !this.known.has(field));
    if (foreign !== undefined) {
      const known = [...this.known];
      this.refuse(
        foreign,
        this.settings[foreign],
        known.length > 0 ? say('spec.known', { known }) : say('spec.no-settings'),
      );
    }
  }
}

/** The shortest form for a spec: `[5, 5]` becomes 5. */
export function shortPerAxis(values: readonly number[]): number | number[] {
  return values.every((value) => value === values[0]) ? values[0] : [...values];
}

/** The shortest form for a spec, of those that `Settings.padding` reads. */
export function shortPadding(padding: Padding): string | number | number[] {
  if (typeof padding === 'string') return padding;
  const [before, after] = [padding.slice(0, padding.length / 2), padding.slice(padding.length / 2)];
  return before.every((cells, axis) => cells === after[axis]) ? shortPerAxis(before) : [...padding];
}

function isList(value: unknown, least: number, most: number): value is number[] {
  return Array.isArray(value) && value.every((each) => isInteger(each, least, most));
}

function isInteger(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}
