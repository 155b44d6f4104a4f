import { asMap } from '../../core/geometry';
import { buildGraph } from '../../core/model/build';
import { logitsOf, macsOf } from '../../core/model/graph';
import { initParams } from '../../core/model/init';
import type { Model, Preprocessing } from '../../core/model/model';
import type { WrittenSpec } from '../../core/model/blocks';
import { sizeOf } from '../../core/tensor';
import {
  compareSlopes,
  movedOffKinks,
  SLOPE_TOLERANCE,
  type SlopeDifference,
} from '../../core/train/central-differences';
import { compareGradients, fewestImages, GRADIENT_TOLERANCE, type CheckBatch } from '../../core/train/gradient-check';
import { optimizerDefaults } from '../../core/train/optimizers';
import { FailureError } from '../../shared/failures';
import { say } from '../../words';
import { modelNamed, openModel, type OpenedModel } from './models';
import { isFolder } from '../system/files';
import { architectureNamed } from '../train/architecture';
import { modelFile } from '../train/compare';
import { chooseBackend, defaultThreads, openTrainer } from '../runtime/executor';

/** The budget in multiply-adds of the reference's forward passes: it decides how many pictures and directions are used. */
const BATCH_WORK = 2e6;
const SLOPE_WORK = 1e9;
const MOST_IMAGES = 8;
const MOST_DIRECTIONS = 3;

export interface GradientReport {
  ok: boolean;
  images: number;
  /** In the order of the graph: of the fast executor against the reference, and of the reference against measured slopes. */
  params: { param: string; executors: number; slopes: number | null }[];
}

/**
 * The network to check: a bundled one, a file written by Convscope, a run's folder, or a spec as JSON with new initial
 * weights.
 */
export async function networkNamed(word: string): Promise<Pick<OpenedModel, 'id' | 'model'>> {
  if (!/\.json$/i.test(word)) return openNamed(word);
  const { spec } = await architectureNamed(word);
  return { id: word, model: freshModel(spec) };
}

/** A bundled network, a file of ours, or the kept weights of a run. @throws FailureError */
export async function openNamed(word: string): Promise<OpenedModel> {
  return openModel(await modelNamed((await isFolder(word)) ? await modelFile(word) : word));
}

function freshModel(spec: WrittenSpec): Model {
  const graph = buildGraph(spec);
  const [height, width, channels] = asMap(graph.inputShape);
  const preprocessing: Preprocessing = {
    colour: channels === 1 ? 'grey' : 'rgb',
    height,
    width,
    fit: 'crop',
    resize: 'linear',
    scale: 1 / 255,
    mean: Array<number>(channels).fill(0),
    deviation: Array<number>(channels).fill(1),
    ground: 'mixed',
  };
  const labels = Array.from({ length: sizeOf(graph.layers[graph.layers.length - 1].outputShape) }, (_, i) => String(i));
  const params = movedOffKinks(graph, initParams(graph, 1));
  return { graph, params, metadata: { labels, preprocessing, training: null } };
}

/** How many pictures a comparison takes. */
export function gradientImages({ graph }: Model): number {
  return Math.max(fewestImages(graph), Math.min(MOST_IMAGES, Math.floor(BATCH_WORK / Math.max(1, macsOf(graph)))));
}

/**
 * Compares a network's gradients three ways, on one batch in training: as the fast executor that trains computes them,
 * as the reference does in doubles, and as slopes of the loss. The labels cycle through the classes, because no actual
 * labels are needed.
 * @param images preprocessed, `[H, W, C]` each. @throws FailureError for a network without weights, or whose gradients
 *   are not finite.
 */
export async function verifyGradients(
  { id, model: { graph, params } }: Pick<OpenedModel, 'id' | 'model'>,
  images: readonly Float32Array[],
  threads: number | undefined,
  progress?: (done: number, total: number) => void,
): Promise<GradientReport> {
  const batch = batchOf(images, sizeOf(graph.layers[logitsOf(graph)].outputShape));
  const settings = { batch: batch.n, optimizer: { ...optimizerDefaults, kind: 'adam' as const } };
  const backend = chooseBackend({ name: 'wasm', threads: threads ?? defaultThreads() });
  const executor = await openTrainer(graph, settings, backend);
  try {
    const found = await compareGradients(executor, params, batch);
    if (!found) throw new FailureError('model.invalid', { file: id, reason: say('verify.gradients-not-finite') });
    if (found.length === 0) throw new FailureError('model.invalid', { file: id, reason: say('verify.gradients-none') });
    const passes = Math.floor(SLOPE_WORK / (Math.max(1, macsOf(graph)) * batch.n * found.length * 2)) - 1;
    const directions = Math.max(1, Math.min(MOST_DIRECTIONS, passes));
    const slopes = new Map(
      compareSlopes(graph, params, batch, directions, progress).map((each): [string, SlopeDifference] => [
        each.param,
        each,
      ]),
    );
    const compared = found.map(({ param, difference }) => ({
      param,
      executors: difference,
      slopes: slopes.get(param)?.difference ?? null,
    }));
    const ok = compared.every(
      (each) => each.executors <= GRADIENT_TOLERANCE && (each.slopes === null || each.slopes <= SLOPE_TOLERANCE),
    );
    return { ok, images: batch.n, params: compared };
  } finally {
    executor.dispose();
  }
}

function batchOf(images: readonly Float32Array[], classes: number): CheckBatch {
  const n = images.length;
  const input = new Float32Array(n * images[0].length);
  images.forEach((image, i) => input.set(image, i * image.length));
  const samples = Int32Array.from({ length: n }, (_, i) => i);
  return { input, labels: samples.map((i) => i % classes), n, draw: { seed: 1, epoch: 0, samples } };
}
