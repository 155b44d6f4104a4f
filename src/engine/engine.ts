import { runsFolder } from './runs/store';
import { resource } from './system/root';
import { basename } from 'node:path';
import { writeModel } from '../core/onnx/write';
import { FailureError } from '../shared/failures';
import type {
  CallContext,
  Engine,
  EngineMethod,
  ImageSource,
  Inspection,
  ModelInfo,
  Params,
  Result,
} from '../shared/protocol';
import { say, type Message } from '../words';
import { Activations } from './inspect/activations';
import { checkedParams } from './worker/check-params';
import { makeExecutor } from './runtime/executor';
import { openShapes } from './inspect/open-shapes';
import { Decoder } from './image/decoder';
import { detailsOf, explanationOf, largestOf, layerStats, valuesOf, within } from './inspect/inspector';
import { Jobs } from './worker/jobs';
import { createLab } from './lab/methods';
import { changeSettings, computeChoices } from './foreign/compute-settings';
import { classNamesIn } from './foreign/label-file';
import { optionsOf } from './foreign/provider';
import { readSettings } from './system/settings';
import { kernelNormsOf, kernelsOf } from './inspect/kernel-views';
import { HandleTable } from './system/handles';
import { holdModel, type HeldModel } from './models/held';
import { bundledModels } from './models/models';
import { classics } from './models/zoo';
import { valueAt } from './inspect/network';
import { dataFiles } from './data/formats/files';
import { encodeNpy } from './npy/tensor';
import { opening } from './inspect/opening';
import type { EngineOptions } from './system/options';
import { predictionsOf } from './inspect/predictions';
import { bundledSamples, sampleBytes } from './inspect/samples';
import { shareAlike } from './inspect/strip';
import { thumbnailsOf } from './inspect/thumbnails';
import { createTraining } from './training';
import { verifyImages } from './models/verify-images';
import { appVersion } from './system/version';
import { fillUp, verify } from './models/verify';

interface HeldInspection {
  model: HeldModel;
  activations: Activations;
}

/** How many models and inspections are held for a window, and the bytes that those of all windows may weigh together. */
const MODELS = 4;
const MODEL_BYTES = 512 * 2 ** 20;
const INSPECTIONS = 6;
const INSPECTION_BYTES = 192 * 2 ** 20;

/** Longest side of a sample's picture in a picker. */
const SAMPLE_SIDE = 96;

export interface OpenEngine extends Engine {
  /** Checks what came from outside, then runs it. @throws FailureError. */
  call<M extends EngineMethod>(method: M, params: Params<M>, context: CallContext): Promise<Result<M>>;
  /** A window is gone: its jobs are cancelled and what is held for it is released. */
  release(window: number): void;
  /** Ends jobs and the decoder. */
  close(): void;
}

/**
 * The engine: files, pictures, models, runs. It holds models and inspections under handles, the newest few; a failing
 * call changes nothing.
 */
export function createEngine(options: EngineOptions, decoder = new Decoder()): OpenEngine {
  decoder.warm();
  const models = new HandleTable<HeldModel>(say('held.model'), MODELS, MODEL_BYTES, (held) => held.dispose());
  const inspections = new HandleTable<HeldInspection>(
    say('held.inspection'),
    INSPECTIONS,
    INSPECTION_BYTES,
    ({ activations }) => activations.dispose(),
  );
  const jobs = new Jobs();
  const training = createTraining(jobs);
  const lab = createLab(decoder, jobs);

  const modelAt = ({ window = 0 }: CallContext, handle: number): HeldModel => models.get(window, handle);

  async function openedAt(context: CallContext, handle: number): Promise<HeldModel> {
    const held = modelAt(context, handle);
    await held.opened;
    return held;
  }

  /** The layer exists; inputs count as layers. */
  function inspectionAt({ window = 0 }: CallContext, handle: number, layer: number): HeldInspection {
    const held = inspections.get(window, handle);
    checkLayer(held.model, layer, -held.model.network.inputs.length);
    return held;
  }

  async function imageOf(image: ImageSource): Promise<{ name: string; input: Parameters<Decoder['prepare']>[0] }> {
    if (image.kind === 'bytes') return { name: image.name, input: { bytes: image.bytes } };
    if (image.kind === 'sample') {
      const { name, bytes } = await sampleBytes(image.id);
      return { name, input: { bytes } };
    }
    const { name, width, height, channels, pixels } = image;
    return { name, input: { pixels: { width, height, channels, data: pixels } } };
  }

  const engine: Engine = {
    ...training.methods,
    ...lab.methods,

    async start() {
      const version = appVersion();
      const [bundled, samples] = await Promise.all([bundledModels(), bundledSamples()]);
      return {
        version,
        models: bundled,
        samples,
        dataFiles: dataFiles(),
        folders: { resources: resource(), runs: runsFolder() },
        ...(await opening(options.open, bundled, samples)),
        reopened: null,
      };
    },

    classics: () => classics(),

    async openModel({ source }, { window = 0 }) {
      const provider = options.provider ?? (await readSettings()).provider;
      const held = await holdModel(source, { provider: optionsOf(provider) });
      return infoOf(models.add(window, held, held.weight), held);
    },

    async modelOpened({ model: handle }, context) {
      const held = modelAt(context, handle);
      await held.opened;
      return infoOf(handle, held);
    },

    settings: () => computeChoices(),

    async changeSettings(change) {
      await changeSettings(change);
      return computeChoices();
    },

    async samplePicture({ id }) {
      const { name, bytes } = await sampleBytes(id);
      return decoder.thumbnail(bytes, name, SAMPLE_SIDE);
    },

    async inspect({ model: handle, image, options: given }, context) {
      const model = await openedAt(context, handle);
      const { name, input } = await imageOf(image);
      const started = performance.now();
      const { prepared, inputs, normalized, warnings, likeness } = await model.prepare(decoder, input, name, given);
      const decoded = performance.now();
      const activations = await Activations.of(model.network, inputs);
      const layers = layerStats(activations);
      const { input: pictured } = model.description.foreign?.picture ?? { input: -1 };
      const result: Omit<Inspection, 'inspection'> = {
        model: handle,
        input: prepared.file,
        strip: {
          ...shareAlike(prepared.strip),
          normalized: { shape: normalized, ...rangeOf(layers.find(({ index }) => index === pictured)) },
        },
        options: prepared.options,
        inverted: prepared.inverted,
        invertSuggested: prepared.invertSuggested,
        warnings: [...warnings, ...insteadOf(model)],
        likeness,
        layers,
        shapes: await openShapes(activations),
        predictions: await predictionsOf(activations, model.description.labels),
        computedBy: model.network.computedBy,
        timing: { decode: decoded - started, forward: performance.now() - decoded },
      };
      return { inspection: inspections.add(context.window ?? 0, { model, activations }, activations.bytes), ...result };
    },

    async glance({ model: handle, image, options: given }, context) {
      const model = await openedAt(context, handle);
      const { name, input } = await imageOf(image);
      const { prepared, inputs, warnings } = await model.prepare(decoder, input, name, given);
      const activations = await Activations.of(model.network, inputs);
      try {
        const predictions = await predictionsOf(activations, model.description.labels);
        const { strip, inverted } = prepared;
        return { picture: shareAlike(strip).original, predictions: predictions.slice(0, 3), inverted, warnings };
      } finally {
        activations.dispose();
      }
    },

    async thumbnails({ inspection, layer, first, count }, context) {
      const { activations } = inspectionAt(context, inspection, layer);
      const maps = await activations.maps(layer);
      const range = within(first, count, maps.map.length);
      return thumbnailsOf(maps, layer, range.first, range.count, largestOf(activations, layer, maps));
    },

    async values({ inspection, layer, channel }, context) {
      return valuesOf(inspectionAt(context, inspection, layer).activations, layer, channel);
    },

    async mapDetails({ inspection, layer, first, count }, context) {
      return detailsOf(inspectionAt(context, inspection, layer).activations, layer, first, count);
    },

    async npy({ inspection, layer }, context) {
      const { activations } = inspectionAt(context, inspection, layer);
      const { name } = valueAt(activations.network, layer);
      const bytes = encodeNpy(await activations.get(layer));
      if (!bytes) throw new FailureError('internal', { reason: say('view.texts', { name }) });
      return { name: `${name}.npy`, bytes };
    },

    async kernels({ model: handle, layer, first, count }, context) {
      return kernelsOf(checkLayer(modelAt(context, handle), layer, 0).network, layer, first, count);
    },

    async kernelNorms({ model: handle, layer }, context) {
      return kernelNormsOf(checkLayer(modelAt(context, handle), layer, 0).network, layer);
    },

    async nodes({ model: handle, layer }, context) {
      const held = modelAt(context, handle);
      checkLayer(held, layer, -held.network.inputs.length);
      return (await held.nodes?.(layer)) ?? [];
    },

    async explain({ inspection, layer, channel, y, x }, context) {
      const { activations } = inspectionAt(context, inspection, layer);
      return explanationOf(activations, layer, { channel, y, x });
    },

    async verify({ model: handle, job }, context) {
      const own = modelAt(context, handle).own();
      return jobs.run(job, context, async (signal, onProgress) => {
        const { images, pictures } = await verifyImages(own.model, decoder, null, { signal });
        return verify({ ...own, bytes: own.bytes() }, fillUp(own.model, images), {
          executor: makeExecutor,
          pictures,
          signal,
          onProgress,
        });
      });
    },

    async takeIn({ model: handle, job, picture }, context) {
      const held = await openedAt(context, handle);
      if (!held.takeIn) throw new FailureError('internal', { reason: say('take.own') });
      const { takeIn } = held;
      const { found, obstacles } = await jobs.run(job, context, (signal) => takeIn(picture, signal));
      const file = found && { name: `${found.model.metadata.title}-layers.onnx`, bytes: writeModel(found.model) };
      return { file, obstacles };
    },

    async keepPicture({ model: handle, picture }, context) {
      await keeperOf(await openedAt(context, handle))({ picture });
      return {};
    },

    async keepLabels({ model: handle, names }, context) {
      const held = await openedAt(context, handle);
      const { labels, foreign } = held.description;
      if (!foreign?.nameless) {
        const reason = say(labels.length > 0 ? 'labels.own' : 'labels.no-classes', { model: held.id });
        throw new FailureError('model.invalid', { file: names?.file ?? held.id, reason });
      }
      await keeperOf(held)({ labels: names && classNamesIn(names.text, names.file, labels.length) });
      return { labels: held.description.labels };
    },

    async modelFile({ model: handle }, context) {
      const { id, bytes } = modelAt(context, handle);
      return { name: id.endsWith('.onnx') ? basename(id) : `${id}.onnx`, bytes: new Uint8Array(bytes()) };
    },

    async cancel({ job }, { window = 0 }) {
      return { cancelled: jobs.cancel(window, job) };
    },
  };

  return {
    ...engine,
    async call(method, params, context) {
      return engine[method](checkedParams(method, params), context);
    },
    release(window) {
      jobs.release(window);
      training.release(window);
      inspections.release(window);
      models.release(window);
    },
    close() {
      jobs.cancelAll();
      training.close();
      lab.close();
      decoder.close();
      models.clear();
      inspections.clear();
    },
  };
}

const infoOf = (handle: number, { id, bundled, fileBytes, description }: HeldModel): ModelInfo => ({
  model: handle,
  id,
  bundled,
  fileBytes,
  ...description,
});

/** Why the CPU computed in place of the provider that is set. */
const insteadOf = ({ network: { computedBy } }: HeldModel): Message[] =>
  computedBy.instead ? [computedBy.instead] : [];

/** @throws FailureError of a network of ours, whose file says all of it. */
function keeperOf({ keep, id }: HeldModel): NonNullable<HeldModel['keep']> {
  if (keep) return keep;
  throw new FailureError('model.invalid', { file: id, reason: say('picture.own') });
}

function checkLayer(held: HeldModel, layer: number, least: number): HeldModel {
  const count = held.network.values.length;
  if (layer >= least && layer < count) return held;
  const reason = say('call.range', { what: say('call.what.layer'), found: layer, least, most: count - 1 });
  throw new FailureError('internal', { reason });
}

const rangeOf = (stats: { min: number; max: number } | undefined): { min: number; max: number } => ({
  min: stats?.min ?? 0,
  max: stats?.max ?? 0,
});
