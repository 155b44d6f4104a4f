import { pictureOf } from '../../core/model/spec';
import type { TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import { say } from '../../words';
import type { Target } from '../data/fit';
import { chooseBackend, defaultThreads, versions, type Backend } from '../runtime/executor';
import type { LoadedData } from '../data/load';
import { stuckBefore } from './advice';
import { architectureOf, atInput, type Architecture } from './architecture';
import { readCheckpoint } from './checkpoint';
import { fitToClasses } from './fit-classes';
import {
  dataRecord,
  load,
  namedLabels,
  pathOf,
  preprocessingOf,
  usualTarget,
  warningsOf,
  withValidation,
} from './prepare';
import type { TrainOutcome } from './outcome';
import type { Asked, TrainHost, TrainRequest } from './request';
import { contradictingName, contradictingOption, contradiction, settingsBefore } from './resume';
import { withProposal } from './with-proposal';
import { usualLabels, withRecipe } from './with-recipe';
import { RunFolder } from './run-folder';
import type { RunRecord } from './run-record';
import { runFrom } from './running';
import { settingsOf } from './settings';
import { readWeights, startParams, type Weights } from './start';

type BeginRequest = TrainRequest & { data: string; model: string | Architecture };

/**
 * Trains a network into a run folder, or goes on with one. Killed at any moment and resumed, a run ends with the same bits
 * as one that was left alone.
 * @throws FailureError; what was written before stays.
 */
export async function train(request: TrainRequest, host: TrainHost): Promise<TrainOutcome> {
  const folder = new RunFolder(request.out);
  const existing = await folder.look();
  refuseOverwriting(existing, request);
  if (existing && request.resume) return resumeRun(folder, existing, request, host);
  const { data, model, ...rest } = await completed(await likeBefore(folder, request), host);
  if (!data || !model) {
    const missing = [...(data ? [] : [say('run.asked.data')]), ...(model ? [] : [say('run.asked.model')])];
    throw new FailureError('run.invalid', {
      run: request.out,
      reason: say('run.nothing', { missing }),
    });
  }
  return beginRun(folder, { ...rest, data, model }, host);
}

/** The request with what a recipe or the data tell of what is left out, at the size that is asked for. */
async function completed(request: TrainRequest, host: TrainHost): Promise<TrainRequest> {
  const { inputSide: side, ...asked } = request;
  const known = await withRecipe(asked);
  const { data, model, init } = known;
  const whole = data && !model && !init ? await withProposal({ ...known, data }, host) : known;
  if (!side || !whole.model) return whole;
  const architecture = await architectureOf(whole.model);
  const channels = pictureOf(architecture.spec.input).channels === 1 ? 1 : 3;
  return { ...whole, model: atInput(architecture, { side, channels }) };
}

/** A request to resume a run that was interrupted while its data was read, completed with its original request. */
async function likeBefore(folder: RunFolder, request: TrainRequest): Promise<TrainRequest> {
  const asked = request.resume && !(request.data && request.model) ? await folder.asked() : null;
  if (!asked) return request;
  const { out, resume, overwrite, threads, checkpointEvery, ...named } = request;
  const given = { ...named, ...(named.data ? { data: pathOf(named.data) } : {}) };
  const options = { ...asked.options, ...request.options };
  const refused =
    contradictingName(given, asked) ??
    contradictingOption(asked.options, settingsOf(asked.options), request.options, settingsOf(options));
  if (refused) throw new FailureError('run.invalid', { run: out, reason: say('run.keeps', { reason: refused }) });
  const executor = request.executor ?? asked.executor;
  return { ...asked, out, resume, overwrite, threads, executor, checkpointEvery, options };
}

function refuseOverwriting(existing: RunRecord | null, { out, resume, overwrite }: TrainRequest): void {
  if (!existing || resume || overwrite) return;
  throw new FailureError('run.invalid', {
    run: out,
    reason: say('run.exists'),
  });
}

async function beginRun(folder: RunFolder, request: BeginRequest, host: TrainHost): Promise<TrainOutcome> {
  const settings = settingsOf(request.options);
  const architecture = await architectureOf(request.model);
  const init = request.init ? await readWeights(request.init) : null;
  await folder.prepare();
  try {
    return await folder.alone(async () => {
      // Another process may have started and ended a run meanwhile.
      refuseOverwriting(await folder.look(), request);
      if (!(await folder.has('run.json'))) await folder.writeAsked(askedOf(request));
      return beginAlone(folder, request, settings, architecture, init, host);
    });
  } catch (error) {
    // A stopped run can be resumed; a failed one would fail again.
    if (!host.signal.aborted) await folder.clearAsked().catch(() => undefined);
    await folder.forget();
    throw error;
  }
}

function askedOf(request: BeginRequest): Asked {
  const { data, model, proposed, recipe, init, fit, range, dataName, title, labels, executor, options } = request;
  return { data: pathOf(data), model, proposed, recipe, init, fit, range, dataName, title, labels, executor, options };
}

async function beginAlone(
  folder: RunFolder,
  request: BeginRequest,
  settings: TrainSettings,
  architecture: Architecture,
  init: Weights | null,
  host: TrainHost,
): Promise<TrainOutcome> {
  const usual = init?.preprocessing ?? architecture.preprocessing;
  const target = usualTarget(architecture.name, architecture.spec.input, usual, request.fit);
  const loaded = await load(request.data, target, request.range, settings.epochs, host);
  await host.deaf?.();
  const data = withValidation(loaded, settings, host);
  const { graph, changes } = fitToClasses(architecture, data.labels.length);
  const start = startParams(graph, settings, init);
  const stuck = stuckBefore(data);
  const warnings = warningsOf(graph, settings, data.train.samples.length);
  for (const message of [...changes, ...start.changes, ...warnings, ...(stuck ? [stuck] : [])]) host.say(message);

  // Trained weights expect the preprocessing that they were trained with, unless asked otherwise.
  const given = request.options.normalize === undefined ? init?.preprocessing : undefined;
  const backend = backendOf(request, request.executor);
  const record: RunRecord = {
    format: 1,
    state: 'running',
    model: architecture.name,
    recipe: request.recipe ?? null,
    title: request.title ?? null,
    spec: graph.spec,
    labels: namedLabels(
      data.labels,
      request.labels ?? (await usualLabels(request.recipe, data.labels)),
      loaded.files !== null || data.labels.some((label) => !/^\d+$/.test(label)),
    ),
    preprocessing: preprocessingOf(target, data, settings, given ?? null, loaded.scales),
    options: request.options,
    ...(request.proposed && { proposed: request.proposed }),
    settings,
    init: init && { file: init.file, digest: init.digest },
    data: dataRecord(request, loaded, data),
    threads: 0,
    executor: backend.name,
    check: null,
    versions: versions(),
    started: new Date().toISOString(),
    updated: '',
    result: null,
    stuck,
    failure: null,
  };
  return runFrom({ folder, record, graph, data, host, request, backend, anew: true }, start.params, null);
}

async function resumeRun(
  folder: RunFolder,
  before: RunRecord,
  request: TrainRequest,
  host: TrainHost,
): Promise<TrainOutcome> {
  const asked = settingsOf({ ...before.options, ...request.options });
  const refused = await contradiction(before, request, asked);
  if (refused)
    throw new FailureError('run.invalid', { run: request.out, reason: say('run.keeps', { reason: refused }) });
  const { epochs } = asked;
  if (before.state === 'finished' && epochs <= before.settings.epochs) {
    if (request.data && pathOf(request.data) !== before.data.path) await loadAgain(before, request, host);
    host.say(say('train.untouched', { run: request.out }));
    return { end: 'untouched', record: before };
  }
  return folder.alone(async () => resumeAlone(folder, await folder.read(), epochs, request, host));
}

async function resumeAlone(
  folder: RunFolder,
  before: RunRecord,
  epochs: number,
  request: TrainRequest,
  host: TrainHost,
): Promise<TrainOutcome> {
  const settings: TrainSettings = { ...settingsBefore(before), epochs };
  const { graph } = fitToClasses({ name: folder.file('run.json'), spec: before.spec }, before.labels.length);
  const checkpoint = await readCheckpoint(folder.file('checkpoint.safetensors'), graph);
  await folder.clean();
  const loaded = await loadAgain(before, request, host);
  const data = withValidation(loaded, settings, host);
  const options = { ...before.options, epochs };
  const backend = backendOf(request, request.executor ?? before.executor ?? 'wasm');
  const record: RunRecord = {
    ...before,
    state: 'running',
    options,
    settings,
    executor: backend.name,
    result: null,
    failure: null,
  };
  const run = { folder, record, graph, data, host, request, backend };
  if (checkpoint) {
    const { update, epoch } = checkpoint.state;
    host.say(
      epoch < settings.epochs
        ? say('train.goesOn', { update, epoch: epoch + 1, epochs: settings.epochs })
        : say('train.goesOn.through', { update }),
    );
    return runFrom(run, checkpoint.params, checkpoint);
  }
  host.say(say('train.anew'));
  const name = request.init ?? before.init?.file;
  const init = name === undefined ? null : await readWeights(name);
  if (init?.digest !== before.init?.digest) {
    throw new FailureError('run.invalid', {
      run: request.out,
      reason: say('run.otherWeights', { file: before.init?.file ?? '' }),
    });
  }
  return runFrom(run, startParams(graph, settings, init).params, null);
}

const backendOf = ({ threads = defaultThreads() }: TrainRequest, name: TrainRequest['executor']): Backend =>
  chooseBackend({ name, threads });

/** The data that a run was started with. @throws FailureError if different data is asked for, or the data has changed. */
async function loadAgain(
  { data, spec, preprocessing, settings }: RunRecord,
  request: TrainRequest,
  host: TrainHost,
): Promise<LoadedData> {
  const target: Target = { ...preprocessing, channels: spec.input.channels };
  const path = request.data ?? data.path;
  const loaded = await load(path, target, request.range ?? data.range, settings.epochs, host);
  await host.deaf?.();
  if (loaded.fingerprint === data.fingerprint) return loaded;
  throw new FailureError('run.invalid', {
    run: request.out,
    reason: say('run.otherData', { path }),
  });
}
