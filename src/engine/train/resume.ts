import { createHash } from 'node:crypto';
import { resolveSettings, type TrainSettings } from '../../core/train/settings';
import { readWholeFile } from '../files';
import { bundledIds } from '../models';
import { resource } from '../root';
import { architectureOf, fitToClasses } from './architecture';
import type { RunRecord } from './run-folder';
import type { TrainRequest } from './request';

/** What a resumed run is asked that contradicts what it began with, in words; null where nothing does. More epochs and other threads do not. */
export async function contradiction(
  before: RunRecord,
  request: TrainRequest,
  settings: TrainSettings,
): Promise<string | null> {
  const differs = (name: string, asked: unknown, was: unknown): string =>
    `${name} ${text(asked)} contradicts ${text(was)}, which it began with`;
  if (settings.epochs < before.settings.epochs) return differs('--epochs', settings.epochs, before.settings.epochs);
  // A setting that came after the run began: it went as by the setting's default.
  const was: TrainSettings = { ...resolveSettings({}), ...before.settings };
  for (const key of Object.keys(settings) as (keyof TrainSettings)[]) {
    if (key !== 'epochs' && text(settings[key]) !== text(was[key]))
      return differs(`the setting '${key}'`, settings[key], was[key]);
  }
  if (request.fit && request.fit !== before.preprocessing.fit)
    return differs('--fit', request.fit, before.preprocessing.fit);
  if (request.title && request.title !== before.title) return differs('--title', request.title, before.title);
  if (request.dataName && request.dataName !== before.data.name)
    return differs('--data-name', request.dataName, before.data.name);
  if (request.labels && text(request.labels) !== text(before.labels))
    return differs('--labels', request.labels, before.labels);
  if (request.recipe && request.recipe !== before.recipe)
    return differs('--recipe', request.recipe, before.recipe ?? 'none');
  if (request.model && request.model !== before.model) {
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
    if (digest !== before.init?.digest) return `--init ${request.init} contradicts the weights that it began with`;
  }
  return null;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
