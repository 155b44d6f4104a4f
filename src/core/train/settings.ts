import type { OptimizerSettings } from '../backends/executor';
import { noAugmentation, type Augmentation } from './augmentation';
import { checkedChoice, checkedNumber } from './checked';
import { partNamed, type AugmentOptions, type ScheduleOptions, type TrainOptions } from './options';
import { optimizerDefaults } from './optimizers';
import type { Schedule } from './schedule';
import {
  choicesOf,
  isNumber,
  optionNames,
  partsOf,
  usualNumber,
  type Choice,
  type ChoiceName,
  type NumberName,
  type OptionName,
} from '../../words/settings';

export { SettingError } from './checked';
export type { TrainOptions } from './options';

/** Settings that are the option of the same name. */
type PlainName = Exclude<OptionName, 'lr' | 'optimizer' | 'momentum' | 'weightDecay' | 'clip' | 'schedule' | 'augment'>;
type PlainSettings = {
  [N in PlainName]: N extends NumberName ? number : N extends ChoiceName ? Choice<N> : never;
};

/**
 * Everything that determines a run besides network and data. JSON-able. The number of threads is not included: it does
 * not change the result.
 */
export interface TrainSettings extends PlainSettings {
  learningRate: number;
  optimizer: OptimizerSettings;
  schedule: Schedule;
  augmentation: Augmentation;
}

/** Checks options and fills in defaults. @throws SettingError */
export function resolveSettings(options: TrainOptions): TrainSettings {
  const kind = checkedChoice('optimizer', options.optimizer ?? choicesOf('optimizer')[0]);
  const { lr, momentum, weightDecay, clip, ...plain } = checkedPlain(options, kind);
  return {
    ...plain,
    learningRate: lr,
    optimizer: { kind, ...optimizerDefaults, momentum, weightDecay, clipNorm: clip },
    schedule: resolveSchedule(options.schedule ?? { kind: choicesOf('schedule')[0] }),
    augmentation: resolveAugmentation(options.augment ?? {}),
  };
}

/** The inverse: settings as options, every default filled in. */
export function optionsOf(settings: TrainSettings): Required<TrainOptions> {
  const { learningRate, optimizer, augmentation, ...plain } = settings;
  const { kind, momentum, weightDecay, clipNorm } = optimizer;
  return { ...plain, lr: learningRate, optimizer: kind, momentum, weightDecay, clip: clipNorm, augment: augmentation };
}

type Plain = PlainSettings & Record<'lr' | 'momentum' | 'weightDecay' | 'clip', number>;

/** The options that are a number or a word. */
function checkedPlain(options: TrainOptions, optimizer: string): Plain {
  const names = optionNames.filter((name) => !['schedule', 'augment', 'optimizer'].includes(name));
  const value = (name: OptionName): unknown =>
    isNumber(name)
      ? checkedNumber(name, (options[name] as number | undefined) ?? usualNumber(name, optimizer))
      : checkedChoice(name as ChoiceName, (options[name] as string | undefined) ?? choicesOf(name as ChoiceName)[0]);
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Plain;
}

/** @throws SettingError */
function resolveSchedule({ kind: word, ...given }: ScheduleOptions): Schedule {
  const kind = checkedChoice('schedule', word);
  const parts = partsOf('schedule', kind);
  for (const [field, value] of Object.entries(given)) if (value !== undefined) partNamed('schedule', field, parts);
  const amounts = parts.map(({ name, field }) => {
    const found = given[field as keyof typeof given] ?? usualNumber(name as NumberName, '');
    return [field, checkedNumber(name as NumberName, found)];
  });
  return { kind, ...Object.fromEntries(amounts) } as Schedule;
}

/** @throws SettingError */
function resolveAugmentation(options: AugmentOptions): Augmentation {
  const result: Record<string, unknown> = { ...noAugmentation };
  for (const [field, value] of Object.entries(options)) {
    const name = partNamed('augment', field, partsOf('augment'));
    if (value !== undefined)
      result[field] = isNumber(name) ? checkedNumber(name, value as number) : checkedChoice('flip', value as string);
  }
  return result as unknown as Augmentation;
}
