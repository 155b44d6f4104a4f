import type { PixelRange as Range } from '../../shared/data-sets';
import { say, type Message } from '../../words';
import { dataFailure } from './failure';
import type { RawSplit, RawSet } from './raw';

export type { PixelRange as Range } from '../../shared/data-sets';

/** What an array of pixels holds, over all of it. */
export interface Values {
  /** As the file calls it. */
  name: string;
  kind: 'truth' | 'whole' | 'float';
  count: number;
  /** Least and largest; 0 where there is none. */
  low: number;
  high: number;
  /** How many are below 0 or above 1, below 0 or above 255, and no finite numbers. */
  beyond: number;
  beyondBytes: number;
  broken: number;
}

/** How values become bytes. */
export interface Scale {
  range: Range;
  notes: Message[];
}

const BYTES: Range = { low: 0, high: 255 };
const UNIT: Range = { low: 0, high: 1 };

/**
 * Resizing by cubic or Lanczos curves leaves values a little beyond those that it began with, near edges: by at most so much of
 * the scale, and for at most so many pixels where it is more than rounding. Other values are of another scale, such as pictures
 * whose mean was taken off.
 */
const OVERSHOOT = 0.3;
const OVERSHOOT_SHARE = 0.25;
const ROUNDING = 0.02;
/** Pixels that all lie below a tenth of 255 look black. */
const DARK = 25;
/** Whole numbers up to here may have another white than 255, such as 100, 63 or 127. */
const HALF = 127;

/**
 * One scale for all splits of a set, from all of them together.
 * @param asked the user's values of black and white, or null.
 * @throws FailureError for values of no scale that is known, or of several.
 */
export function scaleOf(file: string, arrays: readonly Values[], asked: Range | null): Scale {
  for (const { name, broken } of arrays)
    if (broken > 0) throw dataFailure(file, say('data.scale.nan', { name, count: broken }));
  const filled = arrays.filter(({ count }) => count > 0);
  const names = filled.map(({ name }) => say('data.name', { name }));
  const low = Math.min(...filled.map((each) => each.low));
  const high = Math.max(...filled.map((each) => each.high));
  if (asked) {
    const notes = [say('data.scale.asked', { names, ...asked })];
    if (low < asked.low || high > asked.high) notes.push(say('data.scale.cut', { low: short(low), high: short(high) }));
    return { range: asked, notes };
  }
  const other = filled.find((each) => kindOf(each) === 'other');
  if (other) throw dataFailure(file, say('data.scale.other', { ...wordsOf(other), range: suggested(other) }));
  const unit = filled.find((each) => kindOf(each) === 'unit');
  const bytes = filled.find((each) => kindOf(each) === 'bytes');
  // A split of only 0 and 1 would be black beside one of bytes.
  const black = unit ?? filled.find((each) => kindOf(each) === 'either' && each.high > 0);
  if (black && bytes) {
    const [a, b] = [black, bytes].map((each) => say('data.scale.part', wordsOf(each)));
    throw dataFailure(file, say('data.scale.several', { a, b }));
  }
  if (unit) {
    const notes = [say('data.scale.unit', { names })];
    if (low < 0 || high > 1) {
      const count = filled.reduce((sum, each) => sum + each.beyond, 0);
      notes.push(say('data.scale.overshoot', { count, low: short(low), high: short(high), white: 1 }));
    }
    return { range: UNIT, notes };
  }
  // Fractions below a tenth of 255 would be lost in rounding: if white is 16 or 2, the user must say so.
  if (bytes?.kind === 'float' && high <= DARK) {
    const values = { ...bytes, low, high };
    throw dataFailure(file, say('data.scale.other', { ...wordsOf(values), range: suggested(values) }));
  }
  if (bytes || filled.length === 0) {
    const count = filled.reduce((sum, each) => sum + each.beyondBytes, 0);
    if (count > 0) {
      const facts = { count, low: short(low), high: short(high), white: 255 };
      return { range: BYTES, notes: [say('data.scale.overshoot', facts)] };
    }
    if (high <= DARK && high > 0)
      return { range: BYTES, notes: [say('data.scale.dark', { names, high: short(high) })] };
    const told = bytes?.kind === 'float' || (high > 0 && high <= HALF);
    const facts = { names, low: short(low), high: short(high) };
    return { range: BYTES, notes: told ? [say('data.scale.bytes', facts)] : [] };
  }
  return high === 0 ? { range: BYTES, notes: [] } : { range: UNIT, notes: [say('data.scale.binary', { names })] };
}

/** The scale that one array's values suggest. `either`: only 0 and 1, or only 0, which fits any scale. */
function kindOf({ kind, low, high, beyond, beyondBytes, count }: Values): 'unit' | 'bytes' | 'either' | 'other' {
  if (kind === 'truth') return 'unit';
  if (kind === 'whole') return low < 0 || high > 255 ? 'other' : high <= 1 ? 'either' : 'bytes';
  if (low === 0 && high === 0) return 'either';
  const past = Math.max(-low, high - 1);
  if (past <= ROUNDING || (past <= OVERSHOOT && beyond <= OVERSHOOT_SHARE * count)) return 'unit';
  if (low >= 0 && high <= 255) return 'bytes';
  const pastBytes = Math.max(-low, high - 255) / 255;
  return high > 128 && pastBytes <= OVERSHOOT && beyondBytes <= OVERSHOOT_SHARE * count ? 'bytes' : 'other';
}

const wordsOf = ({ name, low, high }: Values): { name: string; low: number; high: number } => ({
  name,
  low: short(low),
  high: short(high),
});

/** The shortest decimal text that gives the same float32: seven to nine digits. */
const short = (value: number): number =>
  [7, 8].map((digits) => Number(value.toPrecision(digits))).find((each) => Math.fround(each) === Math.fround(value)) ??
  Number(value.toPrecision(9));

/** A range that the values may have: whole numbers from 0 go up to the last of their bits. */
function suggested({ kind, low, high }: Values): string {
  if (kind === 'whole' && low >= 0) return `0:${2 ** Math.ceil(Math.log2(high + 1)) - 1}`;
  return kind === 'float' && low >= -1 && high <= 1 ? '-1:1' : `${short(low)}:${short(high)}`;
}

/** A value as a byte, 0 to 255. */
export function byteOf(value: number, { low, high }: Range): number {
  const byte = Math.round(low === 0 && high === 255 ? value : ((value - low) / (high - low)) * 255);
  return byte < 0 ? 0 : byte > 255 ? 255 : byte;
}

/** Counts values as they are read. */
export class Counted {
  private low = Infinity;
  private high = -Infinity;
  private beyond = 0;
  private beyondBytes = 0;
  private broken = 0;
  private count = 0;

  add(values: ArrayLike<number>): void {
    let { low, high, beyond, beyondBytes, broken } = this;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value < low) low = value;
      if (value > high) high = value;
      if (value < 0 || value > 1) beyond++;
      if (value < 0 || value > 255) beyondBytes++;
      if (value - value !== 0) broken++;
    }
    Object.assign(this, { low, high, beyond, beyondBytes, broken });
    this.count += values.length;
  }

  values(name: string, kind: Values['kind']): Values {
    const { count, beyond, beyondBytes, broken } = this;
    const none = this.high < this.low;
    return { name, kind, count, low: none ? 0 : this.low, high: none ? 0 : this.high, beyond, beyondBytes, broken };
  }
}

/** Bytes from one scale to all that a byte holds, in place. */
export function scaleBytes(pixels: Uint8Array, range: Range): void {
  if (range.low === 0 && range.high === 255) return;
  const table = Uint8Array.from({ length: 256 }, (_, value) => byteOf(value, range));
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[pixels[i]];
}

/**
 * The same for splits that are bytes already, in place; says what was done.
 * @param names what each split's pixels are called. @throws FailureError as `scaleOf`.
 */
export function scaleSplits(
  file: string,
  splits: Partial<Record<RawSplit, RawSet>>,
  names: Partial<Record<RawSplit, string>>,
  { range: asked, note }: { range: Range | null; note(message: Message): void },
): void {
  const entries = Object.entries(splits) as [RawSplit, RawSet][];
  const values = entries.map(([split, { pixels }]) => {
    const counted = new Counted();
    counted.add(pixels);
    return counted.values(names[split] ?? split, 'whole');
  });
  const { range, notes } = scaleOf(file, values, asked);
  for (const [, { pixels }] of entries) scaleBytes(pixels, range);
  notes.forEach(note);
}
