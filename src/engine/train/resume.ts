import { createHash } from 'node:crypto';
import { resolveSettings, type TrainOptions, type TrainSettings } from '../../core/train/settings';
import { isMessage, say, type Message } from '../../words';
import type { Range } from '../data/scale';
import { readWholeFile } from '../system/files';
import { bundledIds } from '../models/models';
import { resource } from '../system/root';
import { architectureOf, fitToClasses } from './architecture';
import type { RunRecord } from './run-folder';
import type { Asked, TrainRequest } from './request';

/** What each option decides. */
const decided: Record<keyof TrainOptions, (settings: TrainSettings) => unknown> = {
  epochs: ({ epochs }) => epochs,
  batch: ({ batch }) => batch,
  optimizer: ({ optimizer }) => optimizer.kind,
  lr: ({ learningRate }) => learningRate,
  momentum: ({ optimizer }) => optimizer.momentum,
  weightDecay: ({ optimizer }) => optimizer.weightDecay,
  clip: ({ optimizer }) => optimizer.clipNorm,
  schedule: ({ schedule }) => schedule,
  warmup: ({ warmup }) => warmup,
  seed: ({ seed }) => seed,
  initializer: ({ initializer }) => initializer,
  augment: ({ augmentation }) => augmentation,
  normalize: ({ normalize }) => normalize,
  patience: ({ patience }) => patience,
  validation: ({ validation }) => validation,
  expand: ({ expand }) => expand,
  logEvery: ({ logEvery }) => logEvery,
};

/** The settings that a run began with. One that came after it began is its default: the run went by that. */
export const settingsBefore = ({ settings }: RunRecord): TrainSettings => ({ ...resolveSettings({}), ...settings });

/**
 * What a resumed run is asked that contradicts what it began with; null where nothing does. More epochs and other threads do not.
 * @param asked the settings as they would be by the request's options.
 */
export async function contradiction(
  before: RunRecord,
  request: TrainRequest,
  asked: TrainSettings,
): Promise<Message | null> {
  const option = contradictingOption(before.options, settingsBefore(before), request.options, asked);
  if (option) return option;
  if (request.fit && request.fit !== before.preprocessing.fit)
    return differs('--fit', request.fit, before.preprocessing.fit);
  if (request.range && text(request.range) !== text(before.data.range))
    return differs('--range', rangeText(request.range), before.data.range ? rangeText(before.data.range) : NONE);
  if (request.title && request.title !== before.title) return differs('--title', request.title, before.title ?? NONE);
  if (request.dataName && request.dataName !== before.data.name)
    return differs('--data-name', request.dataName, before.data.name);
  if (request.labels && text(request.labels) !== text(before.labels))
    return differs('--labels', request.labels.join(), before.labels.join());
  if (request.recipe && request.recipe !== before.recipe)
    return differs('--recipe', request.recipe, before.recipe ?? NONE);
  if (request.model) {
    // A file of the same name may be another one by now.
    const architecture = await architectureOf(request.model);
    const { graph } = fitToClasses(architecture, before.labels.length);
    if (text(graph.spec) !== text(before.spec)) return differs('--model', architecture.name, before.model);
  }
  if (request.init) {
    const file = (await bundledIds()).includes(request.init)
      ? resource('models', `${request.init}.onnx`)
      : request.init;
    const digest = createHash('sha256')
      .update(await readWholeFile(file))
      .digest('hex');
    if (digest !== before.init?.digest) return say('run.contradicts.weights', { file: request.init });
  }
  return null;
}

/** The same for options alone. @param was, asked the settings before, and as they would be. */
export function contradictingOption(
  before: TrainOptions,
  was: TrainSettings,
  given: TrainOptions,
  asked: TrainSettings,
): Message | null {
  for (const name of Object.keys(decided) as (keyof TrainOptions)[]) {
    if (given[name] === undefined) continue;
    const same =
      name === 'epochs' ? asked.epochs >= was.epochs : text(decided[name](asked)) === text(decided[name](was));
    if (!same) return differs(flag(name), given[name], wordOf(name, before, was));
  }
  return null;
}

/** What a request names besides options that contradicts what was asked for; null where nothing does. */
export function contradictingName(request: Asked, asked: Asked): Message | null {
  for (const name of ['data', 'model', 'recipe', 'init', 'fit', 'range', 'dataName', 'title', 'labels'] as const) {
    const [wanted, was] = [request[name], asked[name]];
    if (wanted !== undefined && text(wanted) !== text(was)) return differs(flag(name), wanted, was ?? NONE);
  }
  return null;
}

const NONE = say('run.option.none');

const rangeText = ({ low, high }: Range): string => `${low}:${high}`;

const differs = (option: string, wanted: unknown, began: unknown): Message =>
  say('run.contradicts', { option, wanted: text(wanted), began: isMessage(began) ? began : text(began) });

/** As on the command line: `weightDecay` is `--weight-decay`. */
const flag = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** What an option was, as people write it. */
function wordOf(name: keyof TrainOptions, options: TrainOptions, was: TrainSettings): unknown {
  const usual = name === 'schedule' ? was.schedule.kind : name === 'augment' ? 'none' : decided[name](was);
  return options[name] ?? usual;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
