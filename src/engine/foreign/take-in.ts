import { reversedChannels } from '../../core/onnx-graph/take-in/reverse';
import { takeIn, type TakeInResult, type TakenIn } from '../../core/onnx-graph/take-in/take-in';
import type { Scaling } from '../../core/onnx-graph/take-in/taking';
import { plainMetadata, type Model, type Preprocessing } from '../../core/model/model';
import type { OnnxTensor } from '../../core/onnx/proto';
import { valueOfTensor, type TensorValue } from '../../core/onnx/tensor-data';
import { FailureError } from '../../shared/failures';
import type { PictureInput } from '../../shared/inputs';
import { say, type Message } from '../../words';
import { compareTaken, type ComputedNetwork } from './compare-taken';
import { toleranceOf } from './tolerance';
import { preprocessingFor } from './foreign-inputs';
import { guessPicture } from './picture-input';
import { NetworkRunner } from './runner';
import type { NetworkFile } from './network-file';

/** A foreign network as a model of our own. */
export interface TakenModel {
  model: Model;
  taken: TakenIn;
  /** Largest difference from onnxruntime's output on the file itself ÷ the largest output, over a few random inputs. */
  difference: number;
  inputs: number;
}

/** The model, or everything that stands in the way, each with its node. */
export type TakenFile = { found: TakenModel; obstacles: [] } | { found: null; obstacles: Message[] };

/** A sequence's or picture's size where neither the file nor the guess has one. */
const OPEN = 8;
/** Random inputs that are compared. */
const COMPARED = 3;

/**
 * Takes a network in as one of ours, and compares it with the file in onnxruntime.
 * @param options `picture` is what one chose in place of the guess, `title` is for the model's metadata, `labels` are numbers where left out.
 * @throws FailureError where the file's data cannot be read or computed.
 */
export async function takeInFile(
  runner: ComputedNetwork,
  options: { title: string; picture?: PictureInput; labels?: readonly string[]; signal?: AbortSignal },
): Promise<TakenFile> {
  const refused = (...obstacles: Message[]): TakenFile => ({ found: null, obstacles });
  const { chosen, guess, result } = await takenLayers(runner, options.picture);
  if (!result.taken) return refused(...result.obstacles);
  const range = chosen && rangeOf(chosen);
  const difference = await compareTaken(runner, result.taken, { count: COMPARED, range, signal: options.signal });
  const limit = toleranceOf(runner.network);
  if (!(difference <= limit)) return refused(say('take.differs', { difference: difference.toPrecision(2), limit }));
  const taken = chosen?.color === 'bgr' ? reversedChannels(result.taken) : result.taken;
  if (!taken) return refused(say('take.bgr'));
  const { graph, params } = taken;
  const plain = plainMetadata(graph);
  const own = chosen ? preprocessingFor(chosen, guess) : plain.preprocessing;
  const preprocessing = scaledBefore(own, taken.scaling);
  if (!preprocessing) return refused(say('take.scale-zero'));
  const labels =
    options.labels?.length === plain.labels.length ? [...options.labels] : plain.labels.map((_, i) => String(i));
  const model = { graph, params, metadata: { labels, preprocessing, training: null, title: options.title } };
  return { found: { model, taken, difference, inputs: COMPARED }, obstacles: [] };
}

/** The same of a file by itself. @throws FailureError `model.invalid` with everything that stands in the way. */
export async function takenFrom(file: NetworkFile): Promise<TakenModel> {
  const runner = await NetworkRunner.open(file);
  try {
    const { found, obstacles } = await takeInFile(runner, { title: file.name.replace(/\.onnx$/i, '') });
    if (found) return found;
    throw new FailureError('model.invalid', {
      file: file.name,
      reason: say('take.cannot', { obstacles: firstOf(obstacles) }),
    });
  } finally {
    runner.close();
  }
}

/** Obstacles that fit into one sentence. */
const TOLD = 8;

const firstOf = (obstacles: readonly Message[]): Message[] =>
  obstacles.length <= TOLD
    ? [...obstacles]
    : [...obstacles.slice(0, TOLD - 1), say('take.more', { count: obstacles.length - TOLD + 1 })];

/** The layers, without comparing them, and how a picture goes in. */
export async function takenLayers(
  runner: ComputedNetwork,
  picture?: PictureInput,
): Promise<{ chosen: PictureInput | null; guess: PictureInput | null; result: TakeInResult }> {
  const { network } = runner;
  const guessed = guessPicture(network, runner.inputs);
  const used = usedInputs(runner);
  const [input] = used;
  if (used.length !== 1) {
    const obstacle = say('take.inputs', { inputs: used.map(({ name }) => name) });
    return { chosen: null, guess: null, result: { taken: null, obstacles: [obstacle] } };
  }
  const guess = guessed && runner.inputs[-1 - guessed.input] === input ? guessed.guess : null;
  const chosen = guess && (picture ?? guess);
  const external = await externalValues(runner);
  const given = {
    name: input.name,
    dims: sizesFor(input.dims ?? [], chosen),
    layout: chosen?.layout ?? 'NCHW',
    picture: chosen && [chosen.height, chosen.width, chosen.color === 'gray' ? 1 : 3],
  };
  return { chosen, guess, result: takeIn(network, given, (tensor) => external.get(tensor) ?? valueOfTensor(tensor)) };
}

/** The inputs that the outputs depend on. */
function usedInputs({ inputs, network: { graph } }: ComputedNetwork): ComputedNetwork['inputs'] {
  const reached = new Set(graph.outputs);
  for (const { inputs: read, outputs } of [...graph.nodes].reverse())
    if (outputs.some((name) => reached.has(name))) read.forEach((name) => reached.add(name));
  return inputs.filter(({ name }) => reached.has(name));
}

/** One sample, in the picture's size where the file leaves it open. */
function sizesFor(dims: readonly (number | string | null)[], picture: PictureInput | null): number[] {
  const channels = picture?.color === 'gray' ? 1 : 3;
  const open =
    picture === null || dims.length !== 4
      ? []
      : picture.layout === 'NHWC'
        ? [1, picture.height, picture.width, channels]
        : [1, channels, picture.height, picture.width];
  return dims.map((size, axis) => (typeof size === 'number' ? size : axis === 0 ? 1 : (open[axis] ?? OPEN)));
}

/** What black and white become, the smallest and the largest of all channels. */
function rangeOf({ scale, mean, deviation }: PictureInput): [number, number] {
  const ends = mean.flatMap((each, c) => [-each / deviation[c], (255 * scale - each) / deviation[c]]);
  return [Math.min(...ends), Math.max(...ends)];
}

/** How pixels are prepared where the file goes on to scale them itself; null where it multiplies them by 0. */
function scaledBefore(own: Preprocessing, scaling: Scaling | null): Preprocessing | null {
  if (!scaling) return own;
  const { scale, shift } = scaling;
  if (scale.some((value) => value === 0 || !Number.isFinite(value))) return null;
  // ((p · s − m) ÷ d) · a + b = (p · s − (m − b · d ÷ a)) ÷ (d ÷ a).
  const mean = own.mean.map((value, c) => value - (shift[c] * own.deviation[c]) / scale[c]);
  return { ...own, mean, deviation: own.deviation.map((value, c) => value / scale[c]) };
}

/** Weights that lie beside the file, read before they are needed. */
async function externalValues(runner: ComputedNetwork): Promise<Map<OnnxTensor, TensorValue>> {
  const values = new Map<OnnxTensor, TensorValue>();
  for (const tensor of runner.network.graph.initializers.values())
    if (tensor.external) values.set(tensor, await runner.weight(tensor.name));
  return values;
}
