import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { FailureError } from '../shared/failures';
import type { CallContext, Engine, EngineMethod, ImageSource, Inspection, Params, Result } from '../shared/protocol';
import { say } from '../words';
import { Activations } from './inspect/activations';
import { checkedParams } from './worker/check-params';
import { makeExecutor } from './runtime/executor';
import { openShapes } from './inspect/open-shapes';
import { Decoder } from './image/decoder';
import { detailsOf, explanationOf, largestOf, layerStats, valuesOf, within } from './inspect/inspector';
import { Jobs } from './worker/jobs';
import { kernelNormsOf, kernelsOf } from './inspect/kernel-views';
import { Held } from './system/lru';
import { holdModel, type HeldModel } from './models/held';
import { bundledModels } from './models/models';
import { valueAt } from './inspect/network';
import { dataFiles } from './data/formats/files';
import { encodeNpy } from './npy/tensor';
import { opening } from './inspect/opening';
import type { EngineOptions } from './system/options';
import { predictionsOf } from './inspect/predictions';
import { resource } from './system/root';
import { bundledSamples, sampleBytes } from './inspect/samples';
import { shareAlike } from './inspect/strip';
import { thumbnailsOf } from './inspect/thumbnails';
import { createTraining } from './training';
import { verifyImages } from './models/verify-images';
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
  const models = new Held<HeldModel>(say('held.model'), MODELS, MODEL_BYTES, ({ network }) => network.dispose());
  const inspections = new Held<HeldInspection>(
    say('held.inspection'),
    INSPECTIONS,
    INSPECTION_BYTES,
    ({ activations }) => activations.dispose(),
  );
  const jobs = new Jobs();
  const training = createTraining(jobs);

  const modelAt = ({ window = 0 }: CallContext, handle: number): HeldModel => models.get(window, handle);

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

    async start() {
      const version = (JSON.parse(readFileSync(resource('..', 'package.json'), 'utf8')) as { version: string }).version;
      const [bundled, samples] = await Promise.all([bundledModels(), bundledSamples()]);
      return {
        version,
        models: bundled,
        samples,
        dataFiles: dataFiles(),
        ...(await opening(options.open, bundled, samples)),
        reopened: null,
      };
    },

    async openModel({ source }, { window = 0 }) {
      const held = await holdModel(source);
      const { id, bundled, bytes, description } = held;
      return { model: models.add(window, held, held.weight), id, bundled, fileBytes: bytes.length, ...description };
    },

    async samplePicture({ id }) {
      const { name, bytes } = await sampleBytes(id);
      return decoder.thumbnail(bytes, name, SAMPLE_SIDE);
    },

    async inspect({ model: handle, image, options: given }, context) {
      const model = modelAt(context, handle);
      const { name, input } = await imageOf(image);
      const started = performance.now();
      const { prepared, inputs, normalized, warnings } = await model.prepare(decoder, input, name, given);
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
        warnings,
        layers,
        shapes: await openShapes(activations),
        predictions: await predictionsOf(activations, model.description.labels),
        timing: { decode: decoded - started, forward: performance.now() - decoded },
      };
      return { inspection: inspections.add(context.window ?? 0, { model, activations }, activations.bytes), ...result };
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

    async explain({ inspection, layer, channel, y, x }, context) {
      const { activations } = inspectionAt(context, inspection, layer);
      return explanationOf(activations, layer, { channel, y, x });
    },

    async verify({ model: handle, job }, context) {
      const own = modelAt(context, handle).own();
      return jobs.run(job, context, async (signal, onProgress) => {
        const { images } = await verifyImages(own.model, decoder, null, { signal });
        return verify(own, fillUp(own.model, images), { executor: makeExecutor, signal, onProgress });
      });
    },

    async modelFile({ model: handle }, context) {
      const { id, bytes } = modelAt(context, handle);
      return { name: id.endsWith('.onnx') ? basename(id) : `${id}.onnx`, bytes: new Uint8Array(bytes) };
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
      decoder.close();
      models.clear();
      inspections.clear();
    },
  };
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
