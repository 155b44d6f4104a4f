import { channelsFirst } from '../../core/tensor';
import { toChannelsLast } from '../../core/layers/layout';
import type { Model, Preprocessing } from '../../core/model/model';
import { encodeModel } from '../../core/onnx/encode';
import { graphFilter, PIXELS, pixelsValue, preprocessingPart, RESIZE_OPSET } from '../../core/onnx/preprocessing';
import { ElementType } from '../../core/onnx/proto';
import { PRODUCER } from '../../core/onnx/write';
import type { PreprocessingReport } from '../../shared/protocol';
import { toChannels } from '../image/input';
import type { Pixels } from '../image/pixels';
import type { TwoPaths } from '../image/two-paths';
import { OnnxSession } from '../runtime/onnxruntime';

/** Levels of 255 by which pixels that need no resizing may differ: float32 arithmetic in another order. */
export const EXACT = 0.01;

/**
 * Levels of 255, mean over a picture's values, by which a reduced picture may differ. libvips first shrinks large pictures by whole
 * factors, and ONNX has neither Lanczos nor Mitchell: those are held against its cubic filter.
 */
export const REDUCED: Record<Preprocessing['resize'], number> = {
  nearest: 12,
  linear: 1.5,
  cubic: 1.5,
  mitchell: 2.5,
  lanczos2: 1.5,
  lanczos3: 2,
};

const OUTPUT = 'output';

/** Whether a network takes pictures: a signal or a volume has no pixels to prepare. */
export const takesPictures = ({ graph }: { graph: Pick<Model['graph'], 'inputShape'> }): boolean =>
  graph.inputShape.length === 3;

/** The preprocessing as an ONNX file of its own. */
function preprocessingModel(model: Model): Uint8Array {
  const part = preprocessingPart(model.metadata.preprocessing, OUTPUT);
  const output = {
    name: OUTPUT,
    elementType: ElementType.float32,
    dims: ['N', ...channelsFirst(model.graph.inputShape)],
  };
  return encodeModel({
    irVersion: 8,
    producerName: PRODUCER,
    producerVersion: '',
    opsets: [{ domain: '', version: RESIZE_OPSET }],
    metadata: [],
    graph: { ...part, name: 'preprocessing', inputs: [pixelsValue], outputs: [{ ...output }], valueInfo: [] },
  });
}

/**
 * Holds our input of each picture against that of a second path: the preprocessing as an ONNX graph, run by onnxruntime, once from the
 * pixels in the network's size and once from the picture as decoded.
 * @param top1 the class that the network gives for an input `[H, W, C]`.
 */
export async function checkPreprocessing(
  model: Model,
  pictures: readonly TwoPaths[],
  top1: (input: Float32Array) => Promise<number>,
  signal?: AbortSignal,
): Promise<PreprocessingReport | null> {
  if (pictures.length === 0 || !takesPictures(model)) return null;
  const { preprocessing } = model.metadata;
  const { resize } = preprocessing;
  const session = await OnnxSession.open(preprocessingModel(model));
  const through = async ({ data, channels, height, width }: Pixels): Promise<Float32Array> => {
    const rgb = toChannels(data, channels, 3);
    const outputs = await session.run({ [PIXELS]: { shape: [1, height, width, 3], data: rgb } });
    return toChannelsLast(outputs.get(OUTPUT)!.data, 1, model.graph.inputShape);
  };
  let [exact, enlarged] = [0, 0];
  const reduced = { pictures: 0, mean: 0, max: 0, sameAnswers: 0 };
  try {
    for (const { decoded, fitted, input } of pictures) {
      signal?.throwIfAborted();
      exact = Math.max(exact, levels(input, await through(fitted), preprocessing).max);
      if (decoded.width === fitted.width && decoded.height === fitted.height) continue;
      if (isEnlarged(decoded, preprocessing)) {
        enlarged++;
        continue;
      }
      const theirs = await through(decoded);
      const { mean, max } = levels(input, theirs, preprocessing);
      reduced.pictures++;
      reduced.mean = Math.max(reduced.mean, mean);
      reduced.max = Math.max(reduced.max, max);
      if ((await top1(input)) === (await top1(theirs))) reduced.sameAnswers++;
    }
  } finally {
    await session.release();
  }
  const tolerance = REDUCED[resize];
  return {
    ok: exact <= EXACT && reduced.mean <= tolerance,
    pictures: pictures.length,
    exact,
    enlarged,
    reduced:
      reduced.pictures === 0 ? null : { ...reduced, tolerance, filter: resize, graphFilter: graphFilter(resize) },
  };
}

/** Whether a side grows. libvips places the pixels of an enlarged picture half a pixel of the result from where ONNX has them. */
function isEnlarged(picture: Pixels, { height, width, fit }: Preprocessing): boolean {
  const [down, across] = [height / picture.height, width / picture.width];
  if (fit === 'stretch') return Math.max(down, across) > 1;
  return (fit === 'crop' ? Math.max(down, across) : Math.min(down, across)) > 1;
}

/** Differences of two inputs in levels of 255; NaN counts as `Number.MAX_VALUE`. */
function levels(a: Float32Array, b: Float32Array, { scale, deviation }: Preprocessing): { mean: number; max: number } {
  let [sum, max] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const level = Math.abs(((a[i] - b[i]) * deviation[i % deviation.length]) / scale);
    const difference = Number.isFinite(level) ? level : Number.MAX_VALUE;
    sum += difference;
    max = Math.max(max, difference);
  }
  return { mean: Math.min(sum / a.length, Number.MAX_VALUE), max };
}
