/** The table of settings in docs/training.md, made from `src/words/settings.ts`. Only where to read on is written here. */
import { expectedText } from '../src/core/train/checked';
import { sentence } from '../src/words';
import {
  choicesOf,
  isChoice,
  isNumber,
  kebab,
  optionNames,
  partsOf,
  settingOf,
  settings,
  type NumberSetting,
  type OptionName,
} from '../src/words/settings';

const readOn: Partial<Record<OptionName, string>> = {
  optimizer: '[Optimizers](#optimizers)',
  momentum: '[Optimizers](#optimizers)',
  weightDecay: '[Weight decay](#weight-decay-and-clipping)',
  loss: '[Loss](#loss)',
  labelSmoothing: '[Loss](#loss)',
  focalGamma: '[Loss](#loss)',
  classWeights: '[Loss](#loss)',
  clip: '[Weight decay and clipping](#weight-decay-and-clipping)',
  schedule: '[Learning rate](#learning-rate)',
  warmup: '[Learning rate](#learning-rate)',
  initializer: '[Fresh weights](#fresh-weights)',
  augment: '[Augmentation](#augmentation)',
  normalize: '[Pixels](#pixels)',
};

function valuesAndDefault(name: OptionName): [values: string, preset: string] {
  if (isChoice(name)) return [sentence(expectedText(name)), `\`${choicesOf(name)[0]}\``];
  if (!isNumber(name))
    return [
      `one of ${partsOf('augment')
        .map(({ field }) => field)
        .join(', ')}`,
      '`none`',
    ];
  const { default: usual, defaults = {} }: NumberSetting = settings[name];
  const others = Object.entries(defaults);
  if (others.length === 0) return [sentence(expectedText(name)), `\`${usual}\``];
  const kinds = others.map(([kind]) => kind);
  const listed = `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}`;
  return [sentence(expectedText(name)), `\`${others[0][1]}\` for ${listed}, \`${usual}\` for the others`];
}

function rowOf(name: OptionName): string {
  const [values, preset] = valuesAndDefault(name);
  const { optimizers, losses } = settingOf(name);
  const readers = optimizers?.join(' and ') ?? (losses && `the loss ${losses.join(' and ')}`);
  const only = readers ? ` Only ${readers} read${losses ? 's' : ''} it.` : '';
  const more = readOn[name] ? ` See ${readOn[name]}.` : '';
  return `| \`--${kebab(name)}\` | ${values} | ${preset} | ${settings[name].help.en}${only}${more} |`;
}

export const settingsTable = (): string =>
  ['| option | values | default | what it does |', '|---|---|---|---|', ...optionNames.map(rowOf)].join('\n');

/** docs/training.md with the generated table. */
export function withTable(doc: string): string {
  return doc.replace(/(\n## Settings\n\n)(?:\|.*\n)+/, (_, heading: string) => `${heading}${settingsTable()}\n`);
}
