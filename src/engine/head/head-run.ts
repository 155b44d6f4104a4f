import { learnedFrom } from '../../core/data/likeness';
import type { DataSet, ImageSet, Split } from '../../core/data/dataset';
import { paramKey, type Graph, type ParamSet } from '../../core/model/graph';
import { initParams } from '../../core/model/init';
import { parametersUpTo } from '../../core/onnx-graph/head';
import { wilson } from '../../core/metrics/wilson';
import { FailureError } from '../../shared/failures';
import { headOptions } from '../../shared/network-choice';
import { say, type Message } from '../../words';

import { modelNamed, networkBytes } from '../models/models';
import { chooseBackend, defaultThreads, versions } from '../runtime/executor';

import type { TrainOutcome } from '../train/outcome';
import { stuckBefore } from '../train/advice';
import { dataRecord, load, withValidation } from '../train/prepare';
import type { TrainHost } from '../train/request';
import { RunFolder } from '../train/run-folder';
import type { RunRecord } from '../train/run-record';
import { runFrom } from '../train/running';
import { Stopwatch } from '../train/stopwatch';
import { readBody, type Body } from './body';
import { BodySession } from './body-session';
import { exportHead } from './export-head';
import { featuresOf } from './features';
import { headGraph } from './graph';
import type { HeadRequest } from './request';
import { headSettings } from './settings';
import { momentsOf, standardized, withMoments } from './standardize';

/**
 * Trains a head on a body into a run folder: the pictures go through the body once, the trainer learns from what comes out, and
 * `model.onnx` is both in one file. Its metrics, record and result are those of any run; there is no checkpoint, since it takes seconds.
 * @throws FailureError; what was written before stays.
 */
export async function trainHead(request: HeadRequest, host: TrainHost): Promise<TrainOutcome> {
  const folder = new RunFolder(request.out);
  if ((await folder.look()) && !request.overwrite)
    throw new FailureError('run.invalid', { run: request.out, reason: say('run.exists') });
  const settings = headSettings(request.options);
  const { id, bytes } = await networkBytes(await modelNamed(request.body));
  const body = readBody(id, bytes, request.tensor);
  await folder.prepare();
  try {
    return await folder.alone(() => begin(folder, { ...request, hidden: request.hidden ?? 0 }, settings, body, host));
  } catch (error) {
    await folder.forget();
    throw error;
  }
}

async function begin(
  folder: RunFolder,
  request: HeadRequest & { hidden: number },
  settings: RunRecord['settings'],
  body: Body,
  host: TrainHost,
): Promise<TrainOutcome> {
  const channels = body.color === 'gray' ? 1 : 3;
  const preprocessing = { ...body.preprocessing, ...(request.fit && { fit: request.fit }) };
  const loaded = await load(request.data, { ...preprocessing, channels }, request.range, settings.epochs, host);
  // From here on a stop is followed between two batches.
  await host.updated?.(0);
  const split = withValidation(loaded, settings, host);
  const stuck = stuckBefore(split);
  if (stuck) host.say(stuck);
  const session = await BodySession.open({ ...body, preprocessing }, request.threads ?? defaultThreads());
  try {
    const data = await featureData(split, { ...body, preprocessing }, session, settings.epochs, host);
    const { moments, width } = data;
    const graph = headGraph(width, loaded.labels.length, request.hidden);
    const backend = chooseBackend({ threads: 1 });
    const title = request.title ?? null;
    const record: RunRecord = {
      format: 1,
      state: 'running',
      model: body.name,
      recipe: null,
      title,
      spec: graph.spec,
      body: {
        digest: body.digest,
        tensor: body.tensor,
        parameters: parametersUpTo(body.network.graph, body.tensor),
        inputShape: [channels, preprocessing.height, preprocessing.width],
      },
      labels: [...loaded.labels],
      preprocessing: { ...preprocessing, ...(loaded.scales && { scales: loaded.scales }) },
      options: { ...headOptions, ...request.options },
      settings,
      init: null,
      data: dataRecord(request, loaded, split),
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
    const outcome = await runFrom(
      {
        folder,
        record,
        graph,
        data: data.set,
        host,
        request: { out: request.out, resume: false, overwrite: request.overwrite, options: request.options },
        backend,
        anew: true,
        async writeModel(params, training) {
          const own = withMoments(graph, params, moments);
          const pictures = picturesOf(split);
          const difference = await exportHead(folder.file('model.onnx'), {
            body: { ...body, preprocessing: record.preprocessing },
            tail: session.tail,
            head: { graph, params: own },
            metadata: {
              labels: record.labels,
              pictures: learnedFrom(split.train) ?? undefined,
              preprocessing: record.preprocessing,
              training,
              title: title ?? undefined,
            },
            pictures,
          });
          host.say(say('head.exported', { difference: difference.toExponential(1) }));
        },
      },
      startParams(graph, settings),
      null,
    );
    for (const line of intervals(outcome.record)) host.say(line);
    return outcome;
  } finally {
    await session.release();
  }
}

/** The last layer begins with zeros: every class is as likely, and features that no training picture has weigh nothing. */
function startParams(graph: Graph, { seed, initializer }: RunRecord['settings']): ParamSet {
  const params = initParams(graph, seed, initializer);
  params.get(paramKey('logits', 'weight'))!.fill(0);
  return params;
}

async function featureData(
  split: DataSet,
  body: Body,
  session: BodySession,
  epochs: number,
  host: TrainHost,
): Promise<{ set: DataSet; moments: ReturnType<typeof momentsOf>; width: number }> {
  // Splits of one folder share their pictures; those of arrays have sets of their own.
  const sets = [...new Set([split.train, split.validation, split.test].flatMap((each) => each?.images ?? []))];
  const total = sets.reduce((sum, { count }) => sum + count, 0);
  const watch = new Stopwatch();
  const found = new Map<ImageSet, Float32Array>();
  let before = 0;
  let kept = 0;
  let width = 0;
  for (const images of sets) {
    const features = await featuresOf(body, session, images, {
      signal: host.signal,
      progress(done, count) {
        if (!watch.due()) return;
        const through = before + images.count - count + done;
        const imagesPerSecond = (before + done) / watch.seconds();
        const secondsLeft = (total - through) / imagesPerSecond;
        host.progress({
          phase: 'features',
          epoch: 0,
          epochs,
          done: through,
          total,
          imagesPerSecond,
          secondsLeft,
          score: null,
        });
      },
    });
    found.set(images, features.values);
    kept += features.kept;
    width = features.width;
    before += images.count;
  }
  host.say(say('head.features', { count: total, body: body.name, tensor: body.tensor, width, kept }));
  const moments = momentsOf(found.get(split.train.images)!, width, split.train.samples);
  const made = new Map(
    [...found].map(([images, values]): [ImageSet, ImageSet] => [
      images,
      {
        count: images.count,
        height: 1,
        width: 1,
        channels: width,
        pixels: new Uint8Array(0),
        features: standardized(values, width, moments),
        labels: images.labels,
      },
    ]),
  );
  const of = (each: Split): Split => ({ images: made.get(each.images)!, samples: each.samples });
  const { labels, train, validation, test } = split;
  const set = { labels, train: of(train), validation: validation && of(validation), test: test && of(test) };
  return { set, moments, width };
}

const VERIFIED = 16;

/** Some pictures of the data, on which the exported file is held against the head. */
function picturesOf({ train, validation }: DataSet): { images: ImageSet; samples: Int32Array } {
  const { images, samples } = validation ?? train;
  return { images, samples: samples.subarray(0, VERIFIED) };
}

/** How sure the accuracies are, of what the head did not learn from. */
function intervals({ result, data: { samples } }: RunRecord): Message[] {
  const percent = (share: number): string => (100 * share).toFixed(1);
  return (['validation', 'test'] as const).flatMap((part) => {
    const accuracy = result?.accuracy[part] ?? null;
    const images = samples[part];
    if (accuracy === null || images === 0) return [];
    const right = Math.round(accuracy * images);
    const { low, high } = wilson(right, images);
    const values = { right, images, accuracy: percent(accuracy), low: percent(low), high: percent(high) };
    return [say('head.interval', { part: say(`folders.part.${part}`), ...values })];
  });
}
