import { toChannelsFirst } from '../../core/layers/layout';
import type { Model } from '../../core/model/model';
import type { ExportChoices } from '../../core/onnx/choices';
import { PIXELS } from '../../core/onnx/preprocessing';
import { INPUT } from '../../core/model/spec';
import { channelsFirst } from '../../core/tensor';
import { toChannels } from '../image/input';
import type { Pixels } from '../image/pixels';
import type { TwoPaths } from '../image/two-paths';
import { makeExecutor } from '../runtime/executor';
import { OnnxSession } from '../runtime/onnxruntime';
import { argMax, TOLERANCE } from '../models/verify';

/** The same for files in float16, which has three decimal digits. */
const FLOAT16_TOLERANCE = 0.02;

/** The share of pictures on which a file in 8 bits must say the same class. */
const INT8_ANSWERS = 0.9;

export interface ExportCheck {
  ok: boolean;
  images: number;
  /** Of the output: the largest difference, and that ÷ the largest absolute value. */
  maxAbs: number;
  maxRel: number;
  /** Of `maxRel`; null for a file in 8 bits, whose answers are counted instead. */
  tolerance: number | null;
  /** Pictures with the same top class, by the pixels in the network's size. */
  sameAnswers: number;
  /** With the preprocessing inside: the same by the pictures as decoded, resized by the file itself. */
  resized: { images: number; sameAnswers: number } | null;
}

/** Runs a file that was written by choice in onnxruntime, and holds its output against the core's. */
export async function checkExport(
  model: Model,
  bytes: Uint8Array,
  { inside = false, float16 = false, int8 }: ExportChoices,
  images: readonly Float32Array[],
  pictures: readonly TwoPaths[],
): Promise<ExportCheck> {
  const { graph } = model;
  const last = graph.layers.length - 1;
  const output = graph.layers[last].name;
  const session = await OnnxSession.open(bytes);
  const executor = await makeExecutor(graph, 1);
  const found = { images: 0, maxAbs: 0, largest: 0, sameAnswers: 0 };
  const resized = { images: 0, sameAnswers: 0 };
  try {
    await executor.setParams(model.params);
    const ours = async (input: Float32Array): Promise<Float32Array> => {
      await executor.forward(input, 1);
      return toChannelsFirst(await executor.activation(last), 1, graph.layers[last].outputShape);
    };
    const run = async (name: string, shape: number[], data: Float32Array | Uint8Array): Promise<Float32Array> =>
      (await session.run({ [name]: { shape, data } }, [output])).get(output)!.data;
    const ofPixels = ({ data, channels, height, width }: Pixels): Promise<Float32Array> =>
      run(PIXELS, [1, height, width, 3], toChannels(data, channels, 3));
    const pairs = inside
      ? pictures.map(({ input, fitted }) => ({ input, theirs: () => ofPixels(fitted) }))
      : images.map((input) => {
          const shape = [1, ...channelsFirst(graph.inputShape)];
          return { input, theirs: () => run(INPUT, shape, toChannelsFirst(input, 1, graph.inputShape)) };
        });
    for (const { input, theirs } of pairs) {
      const [a, b] = [await ours(input), await theirs()];
      a.forEach((value, i) => {
        const difference = Math.abs(value - b[i]);
        found.maxAbs = Number.isFinite(difference) ? Math.max(found.maxAbs, difference) : Number.MAX_VALUE;
        found.largest = Math.max(found.largest, Math.abs(value));
      });
      found.images++;
      if (argMax(a, 0, a.length) === argMax(b, 0, b.length)) found.sameAnswers++;
    }
    for (const { input, decoded } of inside ? pictures : []) {
      const [a, b] = [await ours(input), await ofPixels(decoded)];
      resized.images++;
      if (argMax(a, 0, a.length) === argMax(b, 0, b.length)) resized.sameAnswers++;
    }
  } finally {
    executor.dispose();
    await session.release();
  }
  const { largest, maxAbs, ...counts } = found;
  const maxRel = largest > 0 ? Math.min(maxAbs / largest, Number.MAX_VALUE) : maxAbs;
  const tolerance = int8 ? null : float16 ? FLOAT16_TOLERANCE : TOLERANCE;
  const agrees = tolerance === null ? counts.sameAnswers >= INT8_ANSWERS * counts.images : maxRel <= tolerance;
  return {
    ok: counts.images > 0 && agrees,
    ...counts,
    maxAbs,
    maxRel,
    tolerance,
    resized: inside ? resized : null,
  };
}
