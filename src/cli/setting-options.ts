import { InvalidArgumentError, Option } from 'commander';
import { augmentOfText, scheduleOfText, type TrainOptions } from '../core/train/options';
import { SettingError } from '../core/train/settings';
import { FailureError } from '../shared/failures';
import {
  choicesOf,
  isChoice,
  isNumber,
  kebab,
  optionNames,
  settings,
  type ChoiceSetting,
  type NumberSetting,
  type OptionName,
} from '../words/settings';

/** What the command line was given: schedule and augmentation are texts still. */
export type SettingTexts = Omit<TrainOptions, 'schedule' | 'augment'> & { schedule?: string; augment?: string };

/** The options of `train` that are settings, in the table's words. */
export const settingOptions = (): Option[] =>
  optionNames.map((name) => {
    const { help, label } = settings[name];
    const option = new Option(`--${kebab(name)} <${valueOf(name)}>`, `${label.en}. ${help.en}${rest(name)}`);
    return isNumber(name) ? option.argParser(numberOption) : option;
  });

const valueOf = (name: OptionName): string =>
  isNumber(name) ? settings[name].of : name === 'schedule' || name === 'augment' ? name : 'name';

/** What may be chosen, and what holds where nothing is. */
function rest(name: OptionName): string {
  if (isNumber(name)) {
    const { default: usual, defaults, optimizers, losses }: NumberSetting = settings[name];
    const readers = optimizers ?? losses;
    const only = readers ? ` For ${readers.join(', ')}.` : '';
    const others = Object.entries(defaults ?? {});
    const same = others.map(([optimizer]) => optimizer).join(', ');
    return `${only} (default: ${others.length > 0 ? `${others[0][1]} for ${same}, else ${usual}` : usual})`;
  }
  if (!isChoice(name)) return ' (default: none)';
  const { also: names = {} }: ChoiceSetting = settings[name];
  const also = Object.entries(names);
  const named = choicesOf(name).map((choice) => {
    const other = also.find(([, known]) => known === choice);
    return other ? `${choice} (or ${other[0]})` : choice;
  });
  return ` One of ${named.join(', ')} (default: ${choicesOf(name)[0]})`;
}

export function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

/** @throws FailureError `train.invalid` for a text that is no schedule or augmentation. */
export function optionsOf({ schedule, augment, ...rest }: SettingTexts): TrainOptions {
  try {
    return {
      ...rest,
      ...(schedule !== undefined && { schedule: scheduleOfText(schedule) }),
      ...(augment !== undefined && { augment: augmentOfText(augment) }),
    };
  } catch (error) {
    if (error instanceof SettingError) throw new FailureError('train.invalid', { reason: error.reason });
    throw error;
  }
}
