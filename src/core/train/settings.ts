import type { OptimizerSettings } from '../backends/executor';
import { initializers, type Initializer } from '../model/init';
import { check, object, optional, text, type Infer } from '../schema';
import { noAugmentation, type Augmentation } from './augmentation';
import { expansions, type Expansion } from './expansion';
import { optimizerDefaults, optimizerSlots } from './optimizers';
import type { Schedule } from './schedule';
import { MessageError, say, type Message } from '../../words';
import type { settingNames } from '../../words/train';

/** Everything that decides how a run goes, besides network and data. JSON-able. The number of threads is not among it: it changes nothing. */
export interface TrainSettings {
  epochs: number;
  batch: number;
  learningRate: number;
  optimizer: OptimizerSettings;
  schedule: Schedule;
  /** Epochs in which the learning rate rises to its base. */
  warmup: number;
  seed: number;
  initializer: Initializer;
  augmentation: Augmentation;
  normalize: 'standard' | 'unit';
  /** Epochs without a lower validation loss after which the run ends; 0: never. */
  patience: number;
  /** Share of the training part that becomes the validation part where the data has none, 0 … 0.5. */
  validation: number;
  /** `shifts`: an epoch also meets every picture one pixel further up, down, left and right. */
  expand: Expansion;
  /** Updates between two lines of step metrics; 0: ten lines an epoch, at least one every 50 updates. */
  logEvery: number;
}

/** NaN too: what a setting may be is said with its name and range, by `resolveSettings`. */
const anyNumber = optional(check<number>((value) => typeof value === 'number', say('schema.number')));
const anyText = optional(text());

const optionFields = {
  epochs: anyNumber,
  batch: anyNumber,
  lr: anyNumber,
  optimizer: anyText,
  momentum: anyNumber,
  weightDecay: anyNumber,
  clip: anyNumber,
  /** `constant`, `step:every=5,factor=0.5`, `exponential:factor=0.9`, `cosine:final=0.01`. */
  schedule: anyText,
  warmup: anyNumber,
  seed: anyNumber,
  /** `he` (or `msra`), `glorot` (or `xavier`), `normal`, `uniform`, `zeros`. */
  initializer: anyText,
  /** `shift=2,flip,crop=0.2,rotate=10,scale=0.1,brightness=0.2`. */
  augment: anyText,
  normalize: anyText,
  patience: anyNumber,
  validation: anyNumber,
  /** `none` or `shifts`. */
  expand: anyText,
  logEvery: anyNumber,
};
/** Settings as people write them, on the command line or in a form. What is left out takes its default. JSON-able. */
export const trainOptions = object(optionFields);
export type TrainOptions = Infer<typeof trainOptions>;
/** The same, where a name that is none is refused: in a file that somebody wrote. */
export const strictTrainOptions = object(optionFields, 'refuse');

/** A setting by name: an option, or a part of the schedule or of the augmentation. */
export type SettingName = keyof typeof settingNames;

/** What a setting may be. `open` is the end of the range that itself is not allowed. */
export type Expected =
  | { kind: 'range'; from: number; to: number; whole: boolean; open: 'above' | 'below' | null }
  | { kind: 'choices'; choices: readonly string[] }
  | { kind: 'number' }
  /** Words as `name=value`, no name twice. */
  | { kind: 'pairs' };

/** A setting that does not hold: which, what was found and what was expected. */
export class SettingError extends MessageError {
  override name = 'SettingError';
  constructor(
    readonly setting: SettingName,
    readonly found: string | number,
    readonly expected: Expected,
  ) {
    super(
      say('train.setting', {
        setting: say(`setting.${setting}`),
        // No NaN or infinity: they do not survive JSON.
        found: typeof found === 'string' ? say('train.named', { name: found }) : String(found),
        expected: expectedWords(expected),
      }),
    );
  }
}

function expectedWords(expected: Expected): Message {
  switch (expected.kind) {
    case 'range': {
      const { from, to, whole, open } = expected;
      if (whole) return say('train.range.whole', { from, to });
      return say(open ? `train.range.${open}` : 'train.range', { from, to });
    }
    case 'choices':
      return expected.choices.length > 0
        ? say('train.choices', { choices: expected.choices })
        : say('train.choices.none');
    case 'number':
      return say('train.number');
    case 'pairs':
      return say('train.pairs');
  }
}

const optimizerKinds = Object.keys(optimizerSlots) as OptimizerSettings['kind'][];

/** Usual learning rates: those that scale each weight's step by its gradients take a smaller one. */
const usualRate = (kind: OptimizerSettings['kind']): number =>
  ['adam', 'adamw', 'rmsprop'].includes(kind) ? 0.001 : 0.01;

/** Other names that course notes have for an initialiser. */
const alsoCalled: Partial<Record<string, Initializer>> = { msra: 'he', xavier: 'glorot' };

/** Checks options and fills in what was left out. @throws SettingError */
export function resolveSettings(options: TrainOptions): TrainSettings {
  const kind = oneOf('optimizer', options.optimizer ?? 'adam', optimizerKinds);
  return {
    epochs: whole('epochs', options.epochs ?? 10, 1, 100_000),
    batch: whole('batch', options.batch ?? 64, 1, 4096),
    learningRate: number('lr', options.lr ?? usualRate(kind), 0, 1000, 'above'),
    optimizer: {
      kind,
      ...optimizerDefaults,
      momentum: number('momentum', options.momentum ?? optimizerDefaults.momentum, 0, 1, 'below'),
      weightDecay: number('weightDecay', options.weightDecay ?? optimizerDefaults.weightDecay, 0, 100),
      clipNorm: number('clip', options.clip ?? optimizerDefaults.clipNorm, 0, 1e9),
    },
    schedule: parseSchedule(options.schedule ?? 'constant'),
    warmup: number('warmup', options.warmup ?? 0, 0, 100_000),
    seed: whole('seed', options.seed ?? 1, 0, 2 ** 32 - 1),
    initializer: oneOf(
      'initializer',
      alsoCalled[options.initializer ?? ''] ?? options.initializer ?? 'he',
      initializers,
    ),
    augmentation: parseAugmentation(options.augment ?? ''),
    normalize: oneOf('normalize', options.normalize ?? 'standard', ['standard', 'unit'] as const),
    patience: whole('patience', options.patience ?? 0, 0, 100_000),
    validation: number('validation', options.validation ?? 0.1, 0, 0.5),
    expand: oneOf('expand', options.expand ?? 'none', expansions),
    logEvery: whole('logEvery', options.logEvery ?? 0, 0, 1_000_000),
  };
}

/** `kind` or `kind:name=value,…`. @throws SettingError */
export function parseSchedule(text: string): Schedule {
  const [word, ...rest] = text.split(':');
  const kind = oneOf('schedule', word, ['constant', 'step', 'exponential', 'cosine'] as const);
  const values = parsePairs('schedule', rest.join(':'));
  const known = { constant: [], step: ['every', 'factor'], exponential: ['factor'], cosine: ['final'] }[
    kind
  ] as string[];
  for (const name of values.keys()) oneOf('schedule', name, known);
  const get = (setting: SettingName, name: string, usual: number): number => numeric(setting, values.get(name), usual);
  switch (kind) {
    case 'constant':
      return { kind };
    case 'step':
      return {
        kind,
        every: whole('every', get('every', 'every', 5), 1, 100_000),
        factor: number('stepFactor', get('stepFactor', 'factor', 0.5), 0, 1, 'above'),
      };
    case 'exponential':
      return { kind, factor: number('exponentialFactor', get('exponentialFactor', 'factor', 0.9), 0, 1, 'above') };
    case 'cosine':
      return { kind, final: number('final', get('final', 'final', 0), 0, 1) };
  }
}

/** `shift=2,flip,rotate=10`; a name alone takes a usual amount. @throws SettingError */
export function parseAugmentation(text: string): Augmentation {
  const values = parsePairs('augment', text === 'none' ? '' : text);
  const result: Augmentation = { ...noAugmentation };
  for (const [word, value] of values) {
    const name = oneOf('augment', word, ['shift', 'flip', 'crop', 'rotate', 'scale', 'brightness'] as const);
    switch (name) {
      case 'shift':
        result.shift = whole(name, numeric(name, value, 2), 0, 1000);
        break;
      case 'flip':
        result.flip = oneOf(name, value ?? 'horizontal', ['none', 'horizontal', 'vertical', 'both'] as const);
        break;
      case 'crop':
        result.crop = number(name, numeric(name, value, 0.2), 0, 0.9);
        break;
      case 'rotate':
        result.rotate = number(name, numeric(name, value, 10), 0, 180);
        break;
      case 'scale':
        result.scale = number(name, numeric(name, value, 0.1), 0, 0.9);
        break;
      case 'brightness':
        result.brightness = number(name, numeric(name, value, 0.2), 0, 1);
        break;
    }
  }
  return result;
}

function parsePairs(setting: SettingName, text: string): Map<string, string | null> {
  const pairs = new Map<string, string | null>();
  for (const word of text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const [name, value, ...more] = word.split('=');
    if (more.length > 0 || pairs.has(name) || value === '') throw new SettingError(setting, word, { kind: 'pairs' });
    pairs.set(name, value ?? null);
  }
  return pairs;
}

/** A number as somebody wrote it, or the usual one where nobody did. */
function numeric(setting: SettingName, text: string | null | undefined, usual: number): number {
  const value = Number(text ?? usual);
  if (Number.isNaN(value)) throw new SettingError(setting, text ?? '', { kind: 'number' });
  return value;
}

function oneOf<T extends string>(setting: SettingName, found: string, choices: readonly T[]): T {
  if (!(choices as readonly string[]).includes(found))
    throw new SettingError(setting, found, { kind: 'choices', choices });
  return found as T;
}

function whole(setting: SettingName, found: number, from: number, to: number): number {
  if (!Number.isInteger(found) || found < from || found > to)
    throw new SettingError(setting, found, { kind: 'range', from, to, whole: true, open: null });
  return found;
}

function number(
  setting: SettingName,
  found: number,
  from: number,
  to: number,
  open: 'above' | 'below' | null = null,
): number {
  const outside = open === 'above' ? found <= from : open === 'below' ? found >= to : false;
  if (!Number.isFinite(found) || found < from || found > to || outside)
    throw new SettingError(setting, found, { kind: 'range', from, to, whole: false, open });
  return found;
}
