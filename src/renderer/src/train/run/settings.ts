import { optionsOf } from '../../../../core/train/settings';
import type { TrainSettings } from '../../../../shared/runs';
import {
  isChoice,
  isNumber,
  optionNames,
  partsOf,
  settings as table,
  settingOf,
  type SettingName,
} from '../../../../words/settings';
import { language, t, textOf } from '../../i18n/index.svelte';
import { isUsed, toFilled, type Filled } from '../setup/settings';

/** The settings of a run that decide how it goes, in words: what is off or takes no part is left out. */
export function settingRows(settings: TrainSettings): { name: string; value: string }[] {
  const filled = toFilled(optionsOf(settings));
  const comma = language.current === 'zh' ? '，' : ', ';
  /** Parts within a sentence: `every 4, factor 0.5`. */
  const parts = (option: 'schedule' | 'augment', kind?: string): string[] =>
    partsOf(option, kind).flatMap(({ name }) => {
      const value = valueText(name, filled);
      return value === null ? [] : [`${textOf(table[name].label).toLowerCase()} ${value}`];
    });
  return optionNames.flatMap((name) => {
    if (!isUsed(name, filled.choices) || name === 'logEvery') return [];
    const own = valueText(name, filled);
    let value = own;
    if (name === 'schedule' && own !== null) value = [own, ...parts(name, filled.choices.schedule)].join(comma);
    if (name === 'augment') value = parts(name).join(comma) || t('details.none');
    return value === null ? [] : [{ name: textOf(table[name].label), value }];
  });
}

/** Null where it is off. */
function valueText(name: SettingName, { numbers, choices }: Filled): string | null {
  const setting = settingOf(name);
  if (isNumber(name) && setting.kind === 'number') {
    const value = numbers[name] ?? setting.default;
    const unit = setting.unit ? ` ${textOf(setting.unit)}` : '';
    return value === 0 && setting.default === 0 ? null : `${value}${unit}`;
  }
  const word = isChoice(name) ? choices[name] : undefined;
  if (setting.kind !== 'choice' || word === undefined || word === 'none') return null;
  return textOf(setting.choices[word]);
}
