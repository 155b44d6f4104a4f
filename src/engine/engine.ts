import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Executor } from '../core/backends/executor';
import { FailureError } from '../shared/failures';
import type { CallContext, Engine, EngineMethod, ImageSource, Inspection, Params, Result } from '../shared/protocol';
import { say } from '../words';
import type { Activations } from './inspect/activations';
import { checkedParams } from './worker/check-params';
import { describeModel } from './models/describe';
import { makeExecutor } from './runtime/executor';
import { Decoder } from './image/decoder';
import { activate, detailsOf, explanationOf, layerStats, valuesOf } from './inspect/inspector';
import { Jobs } from './worker/jobs';
import { kernelNormsOf, kernelsOf } from './inspect/kernel-views';
import { Held } from './system/lru';
import { bundledModels, openModel, type OpenedModel } from './models/models';
import { encodeNpy } from './inspect/npy';
import { opening } from './inspect/opening';
import type { EngineOptions } from './system/options';
import { predictionsOf } from './inspect/predictions';
import { resource } from './system/root';
import { Turns } from './system/turns';
import { bundledSamples, sampleBytes } from './inspect/samples';
import { shareAlike } from './inspect/strip';
import { thumbnailsOf } from './inspect/thumbnails';
import { createTraining } from './training';
import { verifyImages } from './models/verify-images';
import { fillUp, verify } from './models/verify';

interface HeldModel extends OpenedModel {
  executor: Executor;
  /** A picture is through with the executor before the next one comes. */
  turns: Turns;
}

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
  /** A window is gone: its jobs end, and what is held for it is let go. */
  release(window: number): void;
  /** Ends jobs and the decoder. */
  close(): void;
}

/**
 * The engine: files, pictures, models, runs. It holds models and inspections under handles, the newest few; a call that
 * fails changes nothing that is held.
 */
export function createEngine(options: EngineOptions, decoder = new Decoder()): OpenEngine {
  decoder.warm();
  const models = new Held<HeldModel>(say('held.model'), MODELS, MODEL_BYTES, (model) => model.executor.dispose());
  const inspections = new Held<HeldInspection>(say('held.inspection'), INSPECTIONS, INSPECTION_BYTES);
  const jobs = new Jobs();
  const training = createTraining(jobs);

  const modelAt = ({ window = 0 }: CallContext, handle: number): HeldModel => models.get(window, handle);

  /** The layer exists; −1 is the input where that is asked for. */
  function inspectionAt({ window = 0 }: CallContext, handle: number, layer: number): HeldInspection {
    const held = inspections.get(window, handle);
    checkLayer(held.model, layer, -1);
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
        host: options.host,
        models: bundled,
        samples,
        ...(await opening(options.open, bundled, samples)),
        reopened: null,
      };
    },

    async openModel({ source }, { window = 0 }) {
      const opened = await openModel(source);
      const held = { ...opened, executor: await makeExecutor(opened.model.graph, 1), turns: new Turns() };
      await held.executor.setParams(opened.model.params);
      // Weights are held three times: in the file, as parameters, in the executor.
      const model = models.add(window, held, opened.bytes.length * 3);
      const { id, bundled, bytes } = opened;
      return { model, id, bundled, fileBytes: bytes.length, ...describeModel(opened.model, id) };
    },

    async samplePicture({ id }) {
      const { name, bytes } = await sampleBytes(id);
      return decoder.thumbnail(bytes, name, SAMPLE_SIDE);
    },

    async inspect({ model: handle, image, options: given }, context) {
      const model = modelAt(context, handle);
      const { name, input } = await imageOf(image);
      const started = performance.now();
      const prepared = await decoder.prepare(input, name, model.model.metadata.preprocessing, given);
      const decoded = performance.now();
      const activations = await model.turns.take(() => activate(model.model, model.executor, prepared.input));
      const layers = layerStats(activations);
      const result: Omit<Inspection, 'inspection'> = {
        model: handle,
        input: prepared.file,
        strip: {
          ...shareAlike(prepared.strip),
          normalised: { shape: activations.channelsFirst(-1).shape, ...rangeOf(layers[0]) },
        },
        options: prepared.options,
        inverted: prepared.inverted,
        invertSuggested: prepared.invertSuggested,
        warnings: prepared.warnings,
        layers,
        predictions: predictionsOf(model.model, activations),
        timing: { decode: decoded - started, forward: performance.now() - decoded },
      };
      return { inspection: inspections.add(context.window ?? 0, { model, activations }, activations.bytes), ...result };
    },

    async thumbnails({ inspection, layer, first, count }, context) {
      const { activations } = inspectionAt(context, inspection, layer);
      const shape = activations.shape(layer);
      const range = within(first, count, shape[shape.length - 1]);
      return thumbnailsOf(activations.data(layer), shape, layer, range.first, range.count);
    },

    async values({ inspection, layer, channel }, context) {
      return valuesOf(inspectionAt(context, inspection, layer).activations, layer, channel);
    },

    async mapDetails({ inspection, layer, first, count }, context) {
      const { activations } = inspectionAt(context, inspection, layer);
      const shape = activations.shape(layer);
      const range = within(first, count, shape[shape.length - 1]);
      return detailsOf(activations, layer, range.first, range.count);
    },

    async npy({ inspection, layer }, context) {
      const { activations } = inspectionAt(context, inspection, layer);
      const { shape, data } = activations.channelsFirst(layer);
      const name = layer < 0 ? 'input' : activations.graph.layers[layer].name;
      return { name: `${name}.npy`, bytes: encodeNpy(data, shape) };
    },

    async kernels({ model: handle, layer, first, count }, context) {
      const { model } = checkLayer(modelAt(context, handle), layer, 0);
      return kernelsOf(model, layer, first, count);
    },

    async kernelNorms({ model: handle, layer }, context) {
      return kernelNormsOf(checkLayer(modelAt(context, handle), layer, 0).model, layer);
    },

    async explain({ inspection, layer, channel, y, x }, context) {
      const { model, activations } = inspectionAt(context, inspection, layer);
      return explanationOf(model.model, activations, layer, channel, y, x);
    },

    async verify({ model: handle, job }, context) {
      const held = modelAt(context, handle);
      return jobs.run(job, context, async (signal, onProgress) => {
        const { images } = await verifyImages(held.model, decoder, null, { signal });
        return verify(held, fillUp(held.model, images), { executor: makeExecutor, signal, onProgress });
      });
    },

    async modelFile({ model: handle }, context) {
      const { id, bytes } = modelAt(context, handle);
      return { name: id.endsWith('.onnx') ? basename(id) : `${id}.onnx`, bytes: new Uint8Array(bytes) };
    },

    async cancel({ job }, { window = 0 }) {
      return { cancelled: jobs.cancel(window, job) };
    },

    async traffic() {
      return { received: 0, sent: 0, residentBytes: process.memoryUsage.rss() };
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
  const count = held.model.graph.layers.length;
  if (layer >= least && layer < count) return held;
  const reason = say('call.range', { what: say('call.what.layer'), found: layer, least, most: count - 1 });
  throw new FailureError('internal', { reason });
}

/** Cuts a range of channels to those that exist. */
function within(first: number, count: number, channels: number): { first: number; count: number } {
  const from = Math.min(first, channels);
  return { first: from, count: Math.min(count, channels - from) };
}

const rangeOf = ({ min, max }: { min: number; max: number }): { min: number; max: number } => ({ min, max });
