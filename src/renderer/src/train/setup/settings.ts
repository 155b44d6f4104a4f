import type { TrainOptions } from '../../../../shared/training';
import { isMessage, type Message } from '../../../../words';

/** Settings that are numbers, among them the parts of the schedule and of the augmentation. */
export type NumberName =
  | 'epochs'
  | 'batch'
  | 'lr'
  | 'momentum'
  | 'weightDecay'
  | 'clip'
  | 'warmup'
  | 'patience'
  | 'validation'
  | 'seed'
  | 'every'
  | 'stepFactor'
  | 'exponentialFactor'
  | 'final'
  | 'shift'
  | 'rotate'
  | 'scale'
  | 'crop'
  | 'brightness';

/** Settings that are one of a few words. */
export type ChoiceName = 'optimizer' | 'schedule' | 'flip' | 'expand' | 'initializer' | 'normalize';
export type SettingName = NumberName | ChoiceName;

interface NumberRule {
  /** What holds where nobody says otherwise. The learning rate's depends on the optimiser. */
  usual: number;
  min: number;
  max: number;
  whole?: boolean;
  /** The end of the range that itself is not allowed. */
  open?: 'above' | 'below';
  /** By which the arrow keys change it. */
  step: number | 'decades';
}

/** The ranges of `src/core/train/settings.ts`, against which a test holds them. */
export const numberRules: Record<NumberName, NumberRule> = {
  epochs: { usual: 10, min: 1, max: 100_000, whole: true, step: 1 },
  batch: { usual: 64, min: 1, max: 4096, whole: true, step: 16 },
  lr: { usual: 0.001, min: 0, max: 1000, open: 'above', step: 'decades' },
  momentum: { usual: 0.9, min: 0, max: 1, open: 'below', step: 0.05 },
  weightDecay: { usual: 0, min: 0, max: 100, step: 'decades' },
  clip: { usual: 0, min: 0, max: 1e9, step: 1 },
  warmup: { usual: 0, min: 0, max: 100_000, step: 1 },
  patience: { usual: 0, min: 0, max: 100_000, whole: true, step: 1 },
  validation: { usual: 0.1, min: 0, max: 0.5, step: 0.05 },
  seed: { usual: 1, min: 0, max: 2 ** 32 - 1, whole: true, step: 1 },
  every: { usual: 5, min: 1, max: 100_000, whole: true, step: 1 },
  stepFactor: { usual: 0.5, min: 0, max: 1, open: 'above', step: 0.1 },
  exponentialFactor: { usual: 0.9, min: 0, max: 1, open: 'above', step: 0.05 },
  final: { usual: 0, min: 0, max: 1, step: 0.01 },
  shift: { usual: 0, min: 0, max: 1000, whole: true, step: 1 },
  rotate: { usual: 0, min: 0, max: 180, step: 5 },
  scale: { usual: 0, min: 0, max: 0.9, step: 0.05 },
  crop: { usual: 0, min: 0, max: 0.9, step: 0.05 },
  brightness: { usual: 0, min: 0, max: 1, step: 0.05 },
};

/** The words of each choice; the first is what holds where nobody says otherwise. */
export const choices = {
  optimizer: ['adam', 'adamw', 'sgd', 'momentum', 'nesterov', 'rmsprop', 'adagrad'],
  schedule: ['constant', 'step', 'exponential', 'cosine'],
  flip: ['none', 'horizontal', 'vertical', 'both'],
  expand: ['none', 'shifts'],
  initializer: ['he', 'glorot', 'normal', 'uniform', 'zeros'],
  normalize: ['standard', 'unit'],
} as const satisfies Record<ChoiceName, readonly string[]>;
export type Choice<N extends ChoiceName> = (typeof choices)[N][number];

type Words = Filled['choices'];

/** What holds where nobody says otherwise: optimisers that scale each weight's step by its gradients take a smaller rate. */
export function usualOf(name: NumberName, { optimizer = choices.optimizer[0] }: Words): number {
  if (name === 'lr') return ['adam', 'adamw', 'rmsprop'].includes(optimizer) ? 0.001 : 0.01;
  return numberRules[name].usual;
}

/** Numbers that a schedule asks for. */
const scheduleNumbers: Record<Choice<'schedule'>, readonly NumberName[]> = {
  constant: [],
  step: ['every', 'stepFactor'],
  exponential: ['exponentialFactor'],
  cosine: ['final'],
};

/** Amounts that augmentation takes; 0 is off. */
export const augmentNumbers = ['shift', 'rotate', 'scale', 'crop', 'brightness'] as const satisfies NumberName[];

/** What a bare name in `shift,flip` means. */
const bareAmounts = { shift: 2, rotate: 10, scale: 0.1, crop: 0.2, brightness: 0.2 } as const;

/** Settings as a form holds them: only what differs from the usual need be there. */
export interface Filled {
  numbers: Partial<Record<NumberName, number>>;
  choices: Partial<Record<ChoiceName, string>>;
  /** Options that the form has no field for; they are carried along. */
  rest: TrainOptions;
}

/** Whether a field takes part: the momentum only of optimisers that have one, a schedule's own numbers. */
export function isUsed(name: SettingName, words: Words): boolean {
  if (name === 'momentum') return words.optimizer === 'momentum' || words.optimizer === 'nesterov';
  const all: readonly string[] = Object.values(scheduleNumbers).flat();
  if (!all.includes(name)) return true;
  return (scheduleNumbers[scheduleOf(words)] as readonly string[]).includes(name);
}

const scheduleOf = (words: Words): Choice<'schedule'> =>
  choices.schedule.find((kind) => kind === words.schedule) ?? 'constant';

/** Without what says the same as the default, and what does not take part. */
export function essential({ numbers, choices: words, rest }: Filled): Filled {
  const kept: Filled = { numbers: {}, choices: {}, rest };
  for (const [name, value] of entriesOf(numbers))
    if (isUsed(name, words) && value !== usualOf(name, words)) kept.numbers[name] = value;
  for (const [name, word] of entriesOf(words)) if (word !== choices[name][0]) kept.choices[name] = word;
  return kept;
}

const entriesOf = <K extends string, V>(record: Partial<Record<K, V>>): [K, V][] =>
  (Object.entries(record) as [K, V | undefined][]).filter((entry): entry is [K, V] => entry[1] !== undefined);

/** Whether two sets of options say the same, spelled out or by default. */
export function sameOptions(a: TrainOptions, b: TrainOptions): boolean {
  const text = (options: TrainOptions): string =>
    JSON.stringify(entriesOf(toOptions(essential(toFilled(options)))).sort(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}

/** Takes the options of a recipe apart into the form's fields. */
export function toFilled(options: TrainOptions): Filled {
  const { schedule, augment, optimizer, expand, initializer, normalize, logEvery, ...numbers } = options;
  const filled: Filled = { numbers, choices: {}, rest: logEvery === undefined ? {} : { logEvery } };
  for (const [name, word] of Object.entries({ optimizer, expand, initializer, normalize }))
    if (word !== undefined) filled.choices[name as ChoiceName] = word;
  if (schedule !== undefined) {
    const [kind, pairs = ''] = schedule.split(':');
    filled.choices.schedule = kind;
    for (const [name, value] of split(pairs)) {
      const field = { every: 'every', final: 'final', factor: `${kind}Factor` }[name] as NumberName | undefined;
      if (field) filled.numbers[field] = Number(value);
    }
  }
  for (const [name, value] of split(augment === 'none' ? '' : (augment ?? ''))) {
    if (name === 'flip') filled.choices.flip = value ?? 'horizontal';
    else if (isAmount(name)) filled.numbers[name] = Number(value ?? bareAmounts[name]);
  }
  return filled;
}

/** The other way: what is left out takes the engine's default. */
export function toOptions({ numbers, choices: words, rest }: Filled): TrainOptions {
  const options: TrainOptions = { ...rest };
  for (const name of plainNumbers) if (numbers[name] !== undefined) options[name] = numbers[name];
  for (const name of ['optimizer', 'expand', 'initializer', 'normalize'] as const)
    if (words[name] !== undefined) options[name] = words[name];
  const kind = scheduleOf(words);
  if (words.schedule !== undefined) {
    const pairs = scheduleNumbers[kind].flatMap((name) =>
      numbers[name] === undefined ? [] : [`${name.endsWith('Factor') ? 'factor' : name}=${numbers[name]}`],
    );
    options.schedule = pairs.length > 0 ? `${kind}:${pairs.join(',')}` : kind;
  }
  const augment: string[] = augmentNumbers.flatMap((name) => (numbers[name] ? [`${name}=${numbers[name]}`] : []));
  if (words.flip !== undefined && words.flip !== 'none') augment.push(`flip=${words.flip}`);
  if (augment.length > 0) options.augment = augment.join(',');
  return options;
}

const plainNumbers = [
  'epochs',
  'batch',
  'lr',
  'momentum',
  'weightDecay',
  'clip',
  'warmup',
  'patience',
  'validation',
  'seed',
] as const satisfies NumberName[];

const isAmount = (name: string): name is keyof typeof bareAmounts => Object.hasOwn(bareAmounts, name);

function split(text: string): [name: string, value: string | undefined][] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => word.split('=') as [string, string | undefined]);
}

/** The field of the setting that a message of the engine's is about; null of any other message, and without a field. */
export function fieldOf({ code, values }: Message): SettingName | null {
  if (code !== 'train.setting' || !isMessage(values.setting)) return null;
  const name = values.setting.code.replace('setting.', '');
  // The augmentation as a whole is shown at the first of its fields.
  if (name === 'augment') return 'shift';
  return name in numberRules || name in choices ? (name as SettingName) : null;
}
