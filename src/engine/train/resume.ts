import { augmentText, scheduleText } from '../../core/train/options';
import { optionsOf, resolveSettings, type TrainOptions, type TrainSettings } from '../../core/train/settings';
import { isMessage, say, type Message } from '../../words';
import { optionNames, type OptionName } from '../../words/settings';
import type { Range } from '../data/scale';
import { architectureOf } from './architecture';
import { fitToClasses } from './fit-classes';
import type { RunRecord } from './run-record';
import type { Asked, TrainRequest } from './request';
import { readWeights } from './start';

/** The settings that a run was started with. A setting that did not exist then has its default, as the run used it. */
export function settingsBefore({ settings }: RunRecord): TrainSettings {
  const usual = resolveSettings({});
  return { ...usual, ...settings, augmentation: { ...usual.augmentation, ...settings.augmentation } };
}

/**
 * A message if a resume request contradicts what the run was started with; null if nothing does. More epochs and other
 * threads do not.
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
    return differs('fit', request.fit, before.preprocessing.fit);
  if (request.range && text(request.range) !== text(before.data.range))
    return differs('range', rangeText(request.range), before.data.range ? rangeText(before.data.range) : NONE);
  if (request.title && request.title !== before.title) return differs('title', request.title, before.title ?? NONE);
  if (request.dataName && request.dataName !== before.data.name)
    return differs('dataName', request.dataName, before.data.name);
  if (request.labels && text(request.labels) !== text(before.labels))
    return differs('labels', request.labels.join(), before.labels.join());
  if (request.recipe && request.recipe !== before.recipe)
    return differs('recipe', request.recipe, before.recipe ?? NONE);
  if (request.model) {
    // A file of the same name may have changed.
    const architecture = await architectureOf(request.model);
    const { graph } = fitToClasses(architecture, before.labels.length);
    if (text(graph.spec) !== text(before.spec)) return differs('model', architecture.name, before.model);
  }
  if (request.init) {
    const { digest } = await readWeights(request.init);
    if (digest !== before.init?.digest) return say('run.contradicts.weights', { file: request.init });
  }
  return null;
}

/** The same for options alone. @param was the settings before. @param asked the settings as they would be. */
export function contradictingOption(
  before: TrainOptions,
  was: TrainSettings,
  given: TrainOptions,
  asked: TrainSettings,
): Message | null {
  const [wanted, began] = [optionsOf(asked), optionsOf(was)];
  for (const name of optionNames) {
    if (given[name] === undefined) continue;
    const same = name === 'epochs' ? asked.epochs >= was.epochs : text(wanted[name]) === text(began[name]);
    if (!same)
      return contradicts(
        say(`setting.${name}`),
        wordOf(name, given),
        wordOf(name, before[name] === undefined ? began : before),
      );
  }
  return null;
}

/** The same for what a request names besides options. */
export function contradictingName(request: Asked, asked: Asked): Message | null {
  for (const name of ['data', 'model', 'recipe', 'init', 'fit', 'range', 'dataName', 'title', 'labels'] as const) {
    const [wanted, was] = [request[name], asked[name]];
    if (wanted !== undefined && text(wanted) !== text(was)) return differs(name, wanted, was ?? NONE);
  }
  return null;
}

const NONE = say('run.option.none');

const rangeText = ({ low, high }: Range): string => `${low}:${high}`;

type Named = 'data' | 'model' | 'recipe' | 'init' | 'fit' | 'range' | 'dataName' | 'title' | 'labels';

const differs = (name: Named, wanted: unknown, began: unknown): Message =>
  contradicts(say(`run.asked.${name}`), wanted, began);

const contradicts = (option: Message, wanted: unknown, began: unknown): Message =>
  say('run.contradicts', { option, wanted: text(wanted), began: isMessage(began) ? began : text(began) });

/** An option in the command line's form. */
function wordOf(name: OptionName, options: TrainOptions): unknown {
  const { schedule, augment } = options;
  if (name === 'schedule' && schedule) return scheduleText(schedule);
  return name === 'augment' && augment ? augmentText(augment) : options[name];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
