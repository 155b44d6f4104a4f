import { say, type Message } from '../../words';
import { SpecError } from '../model/spec';

export type Pair = readonly [height: number, width: number];
export type Padding =
  'valid' | 'same' | 'same-lower' | readonly [top: number, left: number, bottom: number, right: number];

/** What a layer's `parse` asks for, field by field: each method says what the field may be and gives its value. */
export interface SettingsReader {
  /** A whole number from `least` to `most`; `preset` where it is left out (required without one). */
  integer(field: string, preset: number | undefined, least: number, most: number): number;
  /** A finite number for which `holds` is true; `expected` says so. */
  number(field: string, preset: number, holds?: (value: number) => boolean, expected?: Message): number;
  boolean(field: string, preset: boolean): boolean;
  oneOf<T extends string>(field: string, preset: T, choices: readonly T[]): T;
  /** One number for both directions, or `[height, width]`. */
  pair(field: string, preset: number | Pair | undefined, least: number, most: number): Pair;
  /** `'valid'` (where left out), `'same'`, `'same-lower'`, one number, `[height, width]` or `[top, left, bottom, right]`. */
  padding(field: string, most: number): Padding;
  /** `[features]` or `[height, width, channels]`, each 1 or more; one of them may be −1, meaning what is left. */
  shape(field: string): number[];
}

/**
 * Reads a layer's settings from a spec; `done` refuses what nobody asked for. Every refusal is a SpecError that
 * names the layer and the field, what was found and what was expected.
 */
export class Settings implements SettingsReader {
  private readonly known = new Set<string>();

  constructor(
    private readonly settings: Readonly<Record<string, unknown>>,
    private readonly name: string,
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

  pair(field: string, preset: number | Pair | undefined, least: number, most: number): Pair {
    const value = this.take(field) ?? preset;
    if (isInteger(value, least, most)) return [value, value];
    if (Array.isArray(value) && value.length === 2 && value.every((each) => isInteger(each, least, most))) {
      return [value[0], value[1]];
    }
    return this.refuse(field, value, say('spec.pair', { from: least, to: most }));
  }

  padding(field: string, most: number): Padding {
    const value = this.take(field) ?? 'valid';
    if (value === 'valid' || value === 'same' || value === 'same-lower') return value;
    if (isInteger(value, 0, most)) return [value, value, value, value];
    if (Array.isArray(value) && value.every((each) => isInteger(each, 0, most))) {
      const numbers: number[] = value;
      if (numbers.length === 2) return [numbers[0], numbers[1], numbers[0], numbers[1]];
      if (numbers.length === 4) return [numbers[0], numbers[1], numbers[2], numbers[3]];
    }
    return this.refuse(field, value, say('spec.padding', { to: most }));
  }

  shape(field: string): number[] {
    const value = this.take(field);
    const fits =
      Array.isArray(value) &&
      (value.length === 1 || value.length === 3) &&
      value.every((each) => each === -1 || isInteger(each, 1, 2 ** 27)) &&
      value.filter((each) => each === -1).length <= 1;
    if (!fits) this.refuse(field, value, say('spec.shape'));
    return [...value];
  }

  /** Refuses fields that the layer does not have. */
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

/** As people write it: `[5, 5]` is 5. */
export function shortPair(pair: Pair): number | number[] {
  return pair[0] === pair[1] ? pair[0] : [...pair];
}

/** As people write it: the shortest of the forms that `Settings.padding` reads. */
export function shortPadding(padding: Padding): string | number | number[] {
  if (typeof padding === 'string') return padding;
  const [top, left, bottom, right] = padding;
  if (top !== bottom || left !== right) return [...padding];
  return top === left ? top : [top, left];
}

function isInteger(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}
