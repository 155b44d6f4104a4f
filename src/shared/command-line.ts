/** What is on screen as a command that gives the same numbers. Words as a shell hands them over; `quoted` writes them for one. */
import { augmentText, scheduleText, type TrainOptions } from '../core/train/options';
import { MessageError, say } from '../words';
import {
  choicesOf,
  isChoice,
  isNumber,
  kebab,
  optionNames,
  settings,
  usualNumber,
  type NumberSetting,
} from '../words/settings';
import type { ImageSource, InputOptions, ModelSource, ModelInfo } from './protocol';
import type { RunInfo } from './runs';

const WHITE = '#ffffff';

/** Where what the app brings along, and its runs, lie: paths for people. */
export interface Folders {
  resources: string;
  runs: string;
}

/** The network as the command line names it; a file by its name, as it was given. */
function networkWord(source: ModelSource, { runs }: Folders): string {
  if (source.kind === 'run') return `${runs}/${source.id}/model.onnx`;
  return source.kind === 'bundled' ? source.id : source.name;
}

/** `inspect` with the same picture, network and options. @throws MessageError for a picture that is in no file. */
export function inspectCommand(
  {
    source,
    model,
    image,
    options,
  }: { source: ModelSource; model: ModelInfo; image: ImageSource; options: InputOptions },
  folders: Folders,
): string[] {
  if (image.kind === 'pixels') throw new MessageError(say('command.no-file', { name: image.name }));
  const picture = image.kind === 'sample' ? `${folders.resources}/samples/${image.id}.png` : image.name;
  const words = ['inspect', picture, '--model', networkWord(source, folders)];
  words.push('--fit', options.fit, '--invert', options.invert);
  if (options.background !== WHITE) words.push('--background', options.background);
  if (options.picture && model.foreign) {
    const { height, width, layout, color, scale, mean, deviation } = options.picture;
    words.push('--size', `${width}x${height}`, '--layout', layout, '--color', color, '--scale', String(scale));
    // Joined to its option: a number below zero would look like one itself.
    words.push(`--mean=${mean.join()}`, `--std=${deviation.join()}`);
  }
  return words;
}

type Networks = readonly ({ kind: 'run' | 'bundled'; id: string } | { kind: 'file'; name: string })[];

/** `diff` of the same networks. @param data null for random inputs. */
export const diffCommand = ([a, b]: Networks, data: string | null, folders: Folders): string[] => [
  'diff',
  ...[a, b].map((each) => (each.kind === 'file' ? each.name : networkWord(each, folders))),
  ...(data === null ? [] : ['--data', data]),
];

/** `compare` of the same networks on the same data. */
export function compareCommand(contenders: Networks, data: string, { runs }: Folders): string[] {
  const words = contenders.map((each) =>
    each.kind === 'file' ? each.name : each.kind === 'run' ? `${runs}/${each.id}` : each.id,
  );
  return ['compare', ...words, '--data', data];
}

/**
 * `train`, or `head`, with a run's data, network and settings. @param options all of them, as `optionsOf` gives them.
 * @throws MessageError for what the command line has no word for.
 */
export function trainCommand(run: RunInfo, options: TrainOptions): string[] {
  const { network, recipe, data, fit, range } = run;
  if (!network) throw new MessageError(say('command.no-network', { run: run.title }));
  if (network.variant !== 'itself' || network.input) throw new MessageError(say('command.changed', { run: run.title }));
  const { kind, id } = network.source;
  const ofRecipe = kind === 'recipe' || (recipe !== null && kind === 'bundled');
  const words =
    kind === 'body'
      ? ['head', '--model', id]
      : ofRecipe
        ? ['train', '--recipe', recipe ?? id]
        : ['train', '--model', id];
  if (network.without) words.push('--without', network.without.join());
  words.push('--data', data.path ?? data.id, '--out', `runs/${run.id}`);
  if (fit) words.push('--fit', fit);
  if (range) words.push(`--range=${range.low}:${range.high}`);
  // A recipe and a head have defaults of their own.
  return [...words, ...settingWords(options, kind === 'body' || ofRecipe)];
}

function settingWords(options: TrainOptions, all: boolean): string[] {
  const optimizer = options.optimizer ?? choicesOf('optimizer')[0];
  return optionNames.flatMap((name) => {
    const value = options[name];
    if (value === undefined || value === null) return [];
    const option = `--${kebab(name)}`;
    if (isNumber(name)) {
      const setting: NumberSetting = settings[name];
      if (setting.optimizers && !setting.optimizers.includes(optimizer)) return [];
      return all || value !== usualNumber(name, optimizer) ? [`${option}=${String(value)}`] : [];
    }
    if (name === 'schedule') {
      const text = scheduleText(options.schedule!);
      return all || text !== choicesOf('schedule')[0] ? [option, text] : [];
    }
    if (name === 'augment') {
      const text = augmentText(options.augment!);
      return all || text !== 'none' ? [option, text] : [];
    }
    return isChoice(name) && (all || value !== choicesOf(name)[0]) ? [option, String(value)] : [];
  });
}

/** Words as a POSIX shell, or Windows' command line, reads them. */
export function quoted(words: readonly string[], windows = false): string {
  return words
    .map((word) => {
      if (/^[\w./:=,@+-]+$/.test(word)) return word;
      return windows ? `"${word.replaceAll('"', '""')}"` : `'${word.replaceAll("'", "'\\''")}'`;
    })
    .join(' ');
}
