import { check, object, optional, text, type Infer, type Schema } from '../schema';
import type { Augmentation } from './augmentation';
import { checkedChoice, SettingError } from './checked';
import { say } from '../../words';
import {
  isNumber,
  optionNames,
  partsOf,
  settingOf,
  type NumberName,
  type OptionName,
  type SettingName,
} from '../../words/settings';

// Any number or word here, NaN too: `resolveSettings` checks them and names setting and range.
const anyNumber = optional(check<number>((value) => typeof value === 'number', say('schema.number')));
const anyText = optional(text());

const scheduleOptions = object({ kind: text(), every: anyNumber, factor: anyNumber, final: anyNumber }, 'refuse');
/** A learning-rate schedule as requested; a missing part takes its default. */
export type ScheduleOptions = Infer<typeof scheduleOptions>;

const fieldsOf = (names: readonly SettingName[]): Record<string, Schema<unknown>> =>
  Object.fromEntries(names.map((name) => [name, isNumber(name) ? anyNumber : anyText]));

const augmentOptions = object(
  fieldsOf(partsOf('augment').map(({ name }) => name)),
  'refuse',
) as unknown as Schema<AugmentOptions>;
/** Variations of the training pictures; a missing one is off. */
export type AugmentOptions = { [N in keyof Augmentation]?: N extends NumberName ? number : string };

/** Settings as requested; a missing one takes its default. JSON-able. */
export type TrainOptions = { [N in OptionName]?: Option<N> };
type Option<N> = N extends 'schedule' ? ScheduleOptions : N extends 'augment' ? AugmentOptions : Plain<N>;
type Plain<N> = N extends NumberName ? number : string;

const optionsWith = (
  schedule: Schema<ScheduleOptions>,
  augment: Schema<AugmentOptions>,
  others?: 'refuse',
): Schema<TrainOptions> => {
  const fields = { ...fieldsOf(optionNames), schedule: optional(schedule), augment: optional(augment) };
  return object(fields, others) as unknown as Schema<TrainOptions>;
};

/** In a message. */
export const trainOptions = optionsWith(scheduleOptions, augmentOptions);

const orText = <T>(schema: Schema<T>, parse: (text: string) => T): Schema<T> => ({
  read: (value, path) => schema.read(typeof value === 'string' ? parse(value) : value, path),
});
const kept = [orText(scheduleOptions, scheduleOfText), orText(augmentOptions, augmentOfText)] as const;
/** In a run's files. Older ones hold schedule and augmentation as the command line's text. @throws SettingError for such a text. */
export const keptOptions = optionsWith(...kept);
/** In a file written by hand: unknown names are rejected. */
export const writtenOptions = optionsWith(...kept, 'refuse');

// ---- as text: on the command line, and in older files ----

/** `step:every=5,factor=0.5` as an object. @throws SettingError */
export function scheduleOfText(text: string): ScheduleOptions {
  const [word, ...rest] = text.split(':');
  const kind = checkedChoice('schedule', word);
  const parts = partsOf('schedule', kind);
  const result: Record<string, unknown> = { kind };
  for (const [field, value] of pairs('schedule', rest.join(':'))) {
    const name = partNamed('schedule', field, parts);
    if (value !== null) result[field] = numeric(name, value);
  }
  return result as ScheduleOptions;
}

/** `shift=2,flip,rotate=10` or `none` as an object; a name alone takes a usual amount. @throws SettingError */
export function augmentOfText(text: string): AugmentOptions {
  const result: Record<string, unknown> = {};
  for (const [field, value] of pairs('augment', text === 'none' ? '' : text)) {
    const name = partNamed('augment', field, partsOf('augment'));
    result[field] = value === null ? bareOf(name) : isNumber(name) ? numeric(name, value) : value;
  }
  return result as AugmentOptions;
}

export function scheduleText({ kind, ...parts }: ScheduleOptions): string {
  const amounts = Object.entries(parts).map(([name, value]) => `${name}=${value}`);
  return amounts.length > 0 ? `${kind}:${amounts.join()}` : kind;
}

export function augmentText(options: AugmentOptions): string {
  const given = Object.entries(options).filter(([, value]) => value !== 0 && value !== 'none');
  return given.map(([name, value]) => `${name}=${value}`).join() || 'none';
}

function bareOf(name: SettingName): unknown {
  const setting = settingOf(name);
  return 'bare' in setting ? setting.bare : undefined;
}

/** @throws SettingError that lists the parts there are. */
export function partNamed(
  option: 'schedule' | 'augment',
  field: string,
  parts: ReturnType<typeof partsOf>,
): SettingName {
  const part = parts.find((each) => each.field === field);
  if (!part) throw new SettingError(option, field, { kind: 'choices', choices: parts.map((each) => each.field) });
  return part.name;
}

function pairs(setting: SettingName, text: string): Map<string, string | null> {
  const found = new Map<string, string | null>();
  const words = text.split(',').map((part) => part.trim());
  for (const word of words.filter((each) => each !== '')) {
    const [name, value, ...more] = word.split('=');
    if (more.length > 0 || found.has(name) || value === '') throw new SettingError(setting, word, { kind: 'pairs' });
    found.set(name, value ?? null);
  }
  return found;
}

function numeric(setting: SettingName, text: string): number {
  const value = Number(text);
  if (Number.isNaN(value)) throw new SettingError(setting, text, { kind: 'number' });
  return value;
}
