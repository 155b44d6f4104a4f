import { say } from '../../words';
import { asMap } from '../geometry';
import {
  boolean,
  list,
  named,
  number,
  object,
  oneOf,
  optional,
  orNull,
  refine,
  text,
  whole,
  type Infer,
} from '../schema';
import type { LearnedPictures } from '../data/likeness';
import { sizeOf } from '../tensor';
import type { Graph, ParamSet } from './graph';

const count = whole();
const notZero = refine(number, (value) => value !== 0, say('schema.number'));

/**
 * How many pictures of the training and validation splits are on a dark background, and how many on a light one (`lookAt`). `both` is
 * set if a picture of the test split is on a background that none of them has: then no picture is inverted automatically.
 */
const grounds = refine(
  object({ dark: count, light: count, all: count, both: optional(boolean) }),
  ({ dark, light, all }) => dark + light <= all,
  say('onnx.expect-grounds'),
);
export type Grounds = Infer<typeof grounds>;

/**
 * For each kind of sample the smallest scale on which pictures are read: the value that becomes 255. Keys are libvips's names. A picture
 * with larger values gets a larger scale.
 */
const scales = object({
  char: optional(number),
  ushort: optional(number),
  short: optional(number),
  uint: optional(number),
  int: optional(number),
  float: optional(number),
});
export type Scales = Infer<typeof scales>;

/**
 * How pixels become the network's input. Pixels are 0 … 255 sRGB values, gray is 0.299 R + 0.587 G + 0.114 B.
 * @param channels of the input.
 */
export const preprocessingOf = (channels: number) =>
  object({
    colour: oneOf('grey', 'rgb'),
    /** Size in pixels of the input, or of the picture that stands for it (`asMap`): a signal is a row, a volume's slices lie below each other. */
    height: whole(1),
    width: whole(1),
    fit: oneOf('stretch', 'crop', 'letterbox'),
    /** The filter that resizes, by the field's name for it. */
    resize: oneOf('nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'),
    /** input = (pixel × scale − mean[c]) ÷ deviation[c]. */
    scale: number,
    mean: named<readonly number[]>(
      list(number, channels, channels),
      say('onnx.expect-per-channel', { count: channels }),
    ),
    deviation: named<readonly number[]>(
      list(notZero, channels, channels),
      say('onnx.expect-per-channel-not-zero', { count: channels }),
    ),
    /** What the training images look like at their border: it fills the gap beside a picture that augmentation shifts. */
    ground: oneOf('dark', 'light', 'mixed'),
    /**
     * Background of the data set's pictures; decides whether Inspect inverts. Absent for color pictures and in older files.
     */
    grounds: optional(grounds),
    /** If the data set has samples other than bytes: the scale on which all its pictures were read. */
    scales: optional(scales),
  });
export type Preprocessing = Infer<ReturnType<typeof preprocessingOf>>;

const figures = object({ train: orNull(number), validation: orNull(number), test: orNull(number) });
/** How the weights were trained: figures, seeds and settings; never a clock time, a host or a path. */
export const trainingRecord = object({
  data: text(),
  samples: object({ train: count, validation: count, test: count }),
  epochs: number,
  batch: count,
  optimizer: text(),
  learningRate: number,
  schedule: text(),
  seed: number,
  augmentation: list(text()),
  /** Accuracies, 0 … 1; null for a split that does not exist. */
  accuracy: figures,
  loss: figures,
});
export type TrainingRecord = Infer<typeof trainingRecord>;

export interface ModelMetadata {
  labels: readonly string[];
  preprocessing: Preprocessing;
  /** What the training pictures were like; absent where that is not known, as in older files. */
  pictures?: LearnedPictures;
  /** Null for weights that Convscope did not train (random, or made by a script). */
  training: TrainingRecord | null;
  /** A name and a one-line description, in the languages of the app. */
  title?: string;
}

/** A complete model: the content of an ONNX file written by Convscope. */
export interface Model {
  readonly graph: Graph;
  readonly params: ParamSet;
  readonly metadata: ModelMetadata;
}

/** Metadata for a network without information about its data: numbered classes, pixels unchanged. */
export function plainMetadata(graph: Graph): ModelMetadata {
  const [height, width, channels] = asMap(graph.inputShape);
  const last = graph.layers[graph.layers.length - 1];
  return {
    labels: Array.from({ length: sizeOf(last.outputShape) }, (_, i) => `class ${i}`),
    preprocessing: {
      colour: channels === 3 ? 'rgb' : 'grey',
      height,
      width,
      fit: 'stretch',
      resize: 'lanczos3',
      scale: 1,
      mean: Array<number>(channels).fill(0),
      deviation: Array<number>(channels).fill(1),
      ground: 'mixed',
    },
    training: null,
  };
}
