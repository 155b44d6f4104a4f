import type { TrainOptions } from '../../../../shared/runs';
import { isMessage, type Message } from '../../../../words';
import {
  choicesOf,
  isChoice,
  isNumber,
  partsOf,
  settingNames,
  settingOf,
  usualNumber,
  type ChoiceName,
  type NumberName,
  type SettingName,
} from '../../../../words/settings';

/** Settings as a form holds them: only what differs from the usual need be there. Parts of options are fields like others. */
export interface Filled {
  numbers: Partial<Record<NumberName, number>>;
  choices: Partial<Record<ChoiceName, string>>;
}
type Words = Filled['choices'];

const wordOf = (name: ChoiceName, words: Words): string => words[name] ?? choicesOf(name)[0];

/** The default settings. */
export const usualOf = (name: NumberName, words: Words): number => usualNumber(name, wordOf('optimizer', words));

/** Whether a field takes part: the momentum only of optimizers that have one, what one loss alone reads, a schedule's own numbers. */
export function isUsed(name: SettingName, words: Words): boolean {
  const { optimizers, losses, part } = settingOf(name);
  if (optimizers && !optimizers.includes(wordOf('optimizer', words))) return false;
  if (losses && !losses.includes(wordOf('loss', words))) return false;
  return part?.kind === undefined || part.kind === wordOf('schedule', words);
}

/** Without what says the same as the default, and what does not take part. */
export function essential({ numbers, choices: words }: Filled): Filled {
  const kept: Filled = { numbers: {}, choices: {} };
  for (const [name, value] of entriesOf(numbers))
    if (isUsed(name, words) && value !== usualOf(name, words)) kept.numbers[name] = value;
  for (const [name, word] of entriesOf(words)) if (word !== choicesOf(name)[0]) kept.choices[name] = word;
  return kept;
}

const entriesOf = <K extends string, V>(record: Partial<Record<K, V>>): [K, V][] =>
  (Object.entries(record) as [K, V | undefined][]).filter((entry): entry is [K, V] => entry[1] !== undefined);

/** Whether two sets of options say the same, spelled out or by default. */
export function sameOptions(a: TrainOptions, b: TrainOptions): boolean {
  const text = (options: TrainOptions): string => {
    const { numbers, choices } = essential(toFilled(options));
    return JSON.stringify(Object.entries({ ...numbers, ...choices }).sort(([x], [y]) => (x < y ? -1 : 1)));
  };
  return text(a) === text(b);
}

/** Takes options apart into the form's fields. */
export function toFilled(options: TrainOptions): Filled {
  const filled: Filled = { numbers: {}, choices: {} };
  const set = (name: SettingName, value: unknown): void => {
    if (isNumber(name) && typeof value === 'number') filled.numbers[name] = value;
    if (isChoice(name) && typeof value === 'string') filled.choices[name] = value;
  };
  const { schedule, augment, ...plain } = options;
  for (const [name, value] of Object.entries(plain)) set(name as SettingName, value);
  if (schedule) {
    set('schedule', schedule.kind);
    for (const { name, field } of partsOf('schedule', schedule.kind))
      set(name, schedule[field as keyof typeof schedule]);
  }
  for (const { name, field } of partsOf('augment')) set(name, augment?.[field as keyof typeof augment]);
  return filled;
}

/** The inverse: missing settings take the engine's default. */
export function toOptions({ numbers, choices: words }: Filled): TrainOptions {
  const options: Record<string, unknown> = {};
  const parts = { schedule: {} as Record<string, unknown>, augment: {} as Record<string, unknown> };
  for (const [name, value] of entriesOf<SettingName, unknown>({ ...numbers, ...words })) {
    const { part } = settingOf(name);
    if (!part) options[name] = value;
    else if (isUsed(name, words)) parts[part.option][part.field] = value;
  }
  if (words.schedule !== undefined) options.schedule = { kind: words.schedule, ...parts.schedule };
  if (Object.keys(parts.augment).length > 0) options.augment = parts.augment;
  return options;
}

/** The field of the setting that a message of the engine's is about; null of any other message, and without a field. */
export function fieldOf({ code, values }: Message): SettingName | null {
  if (code !== 'train.setting' || !isMessage(values.setting)) return null;
  const said = values.setting.code.replace('setting.', '');
  const name = settingNames.find((each) => each === said) ?? null;
  // An option that is an object is shown at the first of its fields.
  if (name === 'augment') return partsOf(name)[0].name;
  return name && settingOf(name).group ? name : null;
}
