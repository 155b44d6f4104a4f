import type { Executor } from '../../core/backends/executor';
import { asMap } from '../../core/geometry';
import { toChannelsFirst } from '../../core/layers/layout';
import type { Graph } from '../../core/model/graph';
import type { Model, Preprocessing } from '../../core/model/model';
import { INPUT } from '../../core/model/spec';
import { decodeModel } from '../../core/onnx/decode';
import { alterations } from '../../core/onnx/digests';
import { restAlterations } from '../../core/onnx/rest';
import { encodeMoreOutputs } from '../../core/onnx/encode';
import type { OnnxModel } from '../../core/onnx/proto';
import { layerValue } from '../../core/onnx/write';
import { Generator } from '../../core/random';
import { channelsFirst, sizeOf, type FeatureShape } from '../../core/tensor';
import type { PreprocessingReport, VerifyReport } from '../../shared/protocol';
import { FailureError } from '../../shared/failures';
import { reasonOf, say, type Message } from '../../words';
import { alteredParts } from './formats/ours';
import type { OpenedModel } from './models';
import { appVersion } from '../system/version';
import { OnnxSession, type Outputs } from '../runtime/onnxruntime';
import type { TwoPaths } from '../image/two-paths';
import { checkPreprocessing, EXACT } from './preprocessing-check';
import { sha256 } from '../../core/onnx/sha256';

/** How many images a verification takes. */
export const VERIFY_IMAGES = 100;

/**
 * The largest `maxRel` at which a layer still counts as equal. Two programs that sum float32 in different orders differ
 * by some 1e-6 of the largest value per layer, and the differences grow along a deep chain; a wrong weight, padding or
 * order shows as 1e-2 and more.
 */
export const TOLERANCE = 1e-4;

export interface VerifyOptions {
  /** Makes the executor that is compared, every layer's output kept. */
  executor(graph: Graph, maxBatch: number): Executor | Promise<Executor>;
  onProgress?(done: number, total: number): void;
  signal?: AbortSignal;
  /** Pictures by which the preprocessing is compared too. */
  pictures?: readonly TwoPaths[];
}

/** A model, and the bytes of the file that it was read from. */
export interface VerifiedModel extends Pick<OpenedModel, 'id' | 'model'> {
  bytes: Uint8Array;
}

/**
 * Runs the core and onnxruntime side by side on a file, and compares the output of every layer. onnxruntime is given the very
 * bytes of the file; for the layers between, the same bytes followed by the names of more outputs.
 *
 * - `maxAbs` is a layer's largest difference of two values over all images;
 * - `maxRel` is `maxAbs` ÷ the largest absolute value that onnxruntime gives for that layer over all images;
 * - `top1Agreement` is the share of images for which the largest output is the same class;
 * - `ok` means that `maxRel` is at most 1e-4 for every layer, that every weight is a finite number, that the file is
 *   as it was written, field by field, as far as its digests reach, and that the preprocessing agrees where pictures were given. The last layer is one of them, so that predictions then differ at most where two classes tie to within that.
 *
 * A value that is NaN or infinite, on either side or both, is a difference of `Number.MAX_VALUE` (JSON has no infinity).
 *
 * @param images preprocessed inputs, each `[H, W, C]`. @throws FailureError where onnxruntime refuses the file; the signal's reason
 * when aborted, between two batches.
 */
export async function verify(
  { id, model, bytes }: VerifiedModel,
  images: readonly Float32Array[],
  options: VerifyOptions,
): Promise<VerifyReport> {
  if (images.length === 0) throw new Error('verify: found no images, expected at least one');
  const { graph } = model;
  const batch = batchSize(graph, images.length);
  const file = decodeModel(bytes);
  const sessions: OnnxSession[] = [];
  let executor: Executor | null = null;
  try {
    const asItIs = await openSession(id, bytes, sessions);
    const layerwise = await openSession(id, withAllOutputs(bytes, file, graph), sessions);
    executor = await options.executor(graph, batch);
    await executor.setParams(model.params);
    const layers = graph.layers.map(() => ({ maxAbs: 0, largest: 0 }));
    const last = graph.layers.length - 1;
    let agreed = 0;
    for (let first = 0; first < images.length; first += batch) {
      options.signal?.throwIfAborted();
      const chunk = images.slice(first, first + batch);
      const input = concatenate(chunk);
      await executor.forward(input, chunk.length);
      const shape = [chunk.length, ...channelsFirst(graph.inputShape)];
      const feed = { [INPUT]: { shape, data: toChannelsFirst(input, chunk.length, graph.inputShape) } };
      const outputs = await layerwise.run(feed);
      for (const [index, { name, outputShape }] of graph.layers.entries()) {
        const ours = toChannelsFirst(await executor.activation(index), chunk.length, outputShape);
        compare(ours, outputOf(outputs, name), layers[index], name);
        if (index !== last) continue;
        const answers = outputOf(await asItIs.run(feed, [name]), name);
        compare(ours, answers, layers[index], name);
        agreed += countAgreed(ours, answers, chunk.length);
      }
      options.onProgress?.(first + chunk.length, images.length);
      // Lets a cancellation arrive, because everything above blocks this thread.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const report = graph.layers.map(({ name }, index) => {
      const { maxAbs, largest } = layers[index];
      // A layer of zeros has no scale: its difference is absolute.
      return { name, maxAbs, maxRel: largest > 0 ? Math.min(maxAbs / largest, Number.MAX_VALUE) : maxAbs };
    });
    const { inputShape } = graph;
    const top1 = async (image: Float32Array): Promise<number> => {
      const feed = { shape: [1, ...channelsFirst(inputShape)], data: toChannelsFirst(image, 1, inputShape) };
      const { name, outputShape } = graph.layers[last];
      return argMax(outputOf(await asItIs.run({ [INPUT]: feed }, [name]), name), 0, sizeOf(outputShape));
    };
    const preprocessing = await checkPreprocessing(model, options.pictures ?? [], top1, options.signal);
    const digested = alterations(file);
    const rest = restAlterations(bytes, file, model);
    const altered = digested === null && rest.length === 0 ? null : [...(digested ?? []), ...rest];
    const notFinite = [...model.params].flatMap(([key, values]) => (values.every(Number.isFinite) ? [] : [key]));
    return {
      ok:
        report.every(({ maxRel }) => maxRel <= TOLERANCE) &&
        notFinite.length === 0 &&
        !altered?.length &&
        preprocessing?.ok !== false,
      altered,
      notFinite,
      findings: [...fileFindings(altered, digested !== null, notFinite), ...preprocessingFindings(preprocessing)],
      images: images.length,
      top1Agreement: agreed / images.length,
      layers: report,
      preprocessing,
      file: {
        name: id,
        bytes: bytes.length,
        sha256: sha256(bytes),
        opset: file.opsets.find(({ domain }) => domain === '')?.version ?? 0,
        inputShape: channelsFirst(inputShape),
        classes: model.metadata.labels.length,
      },
      convscope: appVersion(),
      onnxruntime: asItIs.version,
    };
  } finally {
    executor?.dispose();
    for (const session of sessions) await session.release();
  }
}

function fileFindings(altered: VerifyReport['altered'], digested: boolean, notFinite: readonly string[]): Message[] {
  const parts = alteredParts(altered);
  const findings = notFinite.length > 0 ? [say('verify.not-finite', { tensors: notFinite })] : [];
  if (!digested) findings.push(say('verify.no-digests'));
  if (parts.length > 0) findings.push(say('verify.altered', { parts }));
  else if (digested) findings.push(say('verify.unaltered'));
  return findings;
}

/** What the comparison of the preprocessing found, in sentences. */
function preprocessingFindings(report: PreprocessingReport | null): Message[] {
  if (report === null) return [];
  const { ok, pictures, exact, reduced, enlarged } = report;
  const findings = [
    say(exact <= EXACT ? 'verify.pixels' : 'verify.pixels-differ', { count: pictures, difference: short(exact) }),
  ];
  if (reduced !== null) {
    const { mean, tolerance, filter, graphFilter, sameAnswers } = reduced;
    const values = {
      count: reduced.pictures,
      difference: short(mean),
      tolerance,
      filter,
      graphFilter,
      same: sameAnswers,
    };
    findings.push(say(ok || mean <= tolerance ? 'verify.reduced' : 'verify.reduced-differ', values));
  }
  if (enlarged > 0) findings.push(say('verify.enlarged', { count: enlarged }));
  return findings;
}

const short = (value: number): string => String(Number(value.toPrecision(2)));

async function openSession(file: string, bytes: Uint8Array, opened: OnnxSession[]): Promise<OnnxSession> {
  const session = await OnnxSession.open(bytes).catch((error: unknown) => {
    throw new FailureError('model.invalid', { file, reason: say('verify.refused', { reason: reasonOf(error) }) });
  });
  opened.push(session);
  return session;
}

/** The file's bytes, followed by declarations that make every layer's output an output of the graph. */
function withAllOutputs(bytes: Uint8Array, file: OnnxModel, graph: Graph): Uint8Array {
  const already = new Set(file.graph.outputs.map(({ name }) => name));
  const more = encodeMoreOutputs(graph.layers.map(layerValue).filter(({ name }) => !already.has(name)));
  const all = new Uint8Array(bytes.length + more.length);
  all.set(bytes);
  all.set(more, bytes.length);
  return all;
}

function outputOf(outputs: Outputs, layer: string): Float32Array {
  const data = outputs.get(layer)?.data;
  if (!data) throw new Error(`layer '${layer}': found no output in onnxruntime, expected one`);
  return data;
}

/** As many images at once as keep all layers' outputs within 32 MiB, at most ten. */
function batchSize(graph: Graph, images: number): number {
  const values = graph.layers.reduce((sum, layer) => sum + sizeOf(layer.outputShape), sizeOf(graph.inputShape));
  return Math.max(1, Math.min(10, images, Math.floor((8 * 2 ** 20) / values)));
}

function compare(
  ours: Float32Array,
  theirs: Float32Array,
  worst: { maxAbs: number; largest: number },
  name: string,
): void {
  if (ours.length !== theirs.length) {
    throw new Error(`layer '${name}': found ${ours.length} values in the core, ${theirs.length} in onnxruntime`);
  }
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i] - theirs[i]);
    worst.maxAbs = Number.isFinite(difference) ? Math.max(worst.maxAbs, difference) : Number.MAX_VALUE;
    if (Number.isFinite(theirs[i])) worst.largest = Math.max(worst.largest, Math.abs(theirs[i]));
  }
}

function countAgreed(ours: Float32Array, theirs: Float32Array, n: number): number {
  const classes = ours.length / n;
  let agreed = 0;
  for (let i = 0; i < n; i++) {
    const said = argMax(ours, i * classes, classes);
    // NaN never counts as a prediction, not even on both sides.
    if (said === argMax(theirs, i * classes, classes) && Number.isFinite(ours[i * classes + said])) agreed++;
  }
  return agreed;
}

export function argMax(values: Float32Array, first: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[first + i] > values[first + best]) best = i;
  return best;
}

function concatenate(images: readonly Float32Array[]): Float32Array {
  const size = images[0].length;
  const all = new Float32Array(size * images.length);
  images.forEach((image, i) => all.set(image, i * size));
  return all;
}

/**
 * Image `index` of a seeded series, preprocessed for a model: cells of one to four pixels of random 8-bit colors, so that there
 * are flat places and edges. The same for the same seed and index on any machine.
 */
export function randomImage(
  shape: FeatureShape,
  preprocessing: Preprocessing,
  seed: number,
  index: number,
): Float32Array {
  const [height, width, channels] = asMap(shape);
  const { scale, mean, deviation } = preprocessing;
  const generator = new Generator(seed, index);
  const cell = 1 + generator.integer(4);
  const columns = Math.ceil(width / cell);
  const cells = new Uint8Array(Math.ceil(height / cell) * columns * channels);
  for (let i = 0; i < cells.length; i++) cells[i] = generator.integer(256);
  const image = new Float32Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = (Math.floor(y / cell) * columns + Math.floor(x / cell)) * channels;
      for (let c = 0; c < channels; c++) {
        image[(y * width + x) * channels + c] = (cells[place + c] * scale - mean[c]) / deviation[c];
      }
    }
  }
  return image;
}

/** `count` images: the given ones first, filled up with seeded random images. */
export function fillUp(model: Model, given: readonly Float32Array[], count = VERIFY_IMAGES, seed = 1): Float32Array[] {
  const images = given.slice(0, count);
  for (let index = images.length; index < count; index++) {
    images.push(randomImage(model.graph.inputShape, model.metadata.preprocessing, seed, index));
  }
  return images;
}
