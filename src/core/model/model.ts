import { sizeOf } from '../tensor';
import type { Graph, ParamSet } from './graph';

/** How pixels become the network's input. Pixels are 0 … 255 sRGB values, grey is 0.299 R + 0.587 G + 0.114 B. */
export interface Preprocessing {
  colour: 'grey' | 'rgb';
  /** Size of the input in pixels. */
  height: number;
  width: number;
  fit: 'stretch' | 'crop' | 'letterbox';
  /** The kernel that resizes, by sharp's name. */
  resize: 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3';
  /** input = (pixel × scale − mean[c]) ÷ deviation[c]. */
  scale: number;
  mean: readonly number[];
  deviation: readonly number[];
  /** What the training images look like at their border: what shows beside a picture that training moves. */
  ground: 'dark' | 'light' | 'mixed';
  /** What the pictures of the data set are drawn on: decides on inverting. Left out for colors, and by files of before. */
  grounds?: Grounds;
}

/** Of the pictures of a training and a validation split: how many are drawn on a dark ground, and on a light one (`lookAt`). */
export interface Grounds {
  dark: number;
  light: number;
  all: number;
}

/** How the weights came to be: figures, seeds and settings; never a clock time, a host or a path. */
export interface TrainingRecord {
  data: string;
  samples: { train: number; validation: number; test: number };
  epochs: number;
  batch: number;
  optimizer: string;
  learningRate: number;
  schedule: string;
  seed: number;
  augmentation: string[];
  /** Shares of right answers, 0 … 1; null for a part that does not exist. */
  accuracy: { train: number | null; validation: number | null; test: number | null };
  loss: { train: number | null; validation: number | null; test: number | null };
}

export interface ModelMetadata {
  labels: readonly string[];
  preprocessing: Preprocessing;
  /** Null for weights that were not trained here (random, or made by a script). */
  training: TrainingRecord | null;
  /** A name and one line for people, in the languages of the app. */
  title?: string;
}

/** A model whole: what an ONNX file of ours holds. */
export interface Model {
  readonly graph: Graph;
  readonly params: ParamSet;
  readonly metadata: ModelMetadata;
}

/** Metadata for a network that knows nothing of its data: classes by number, pixels as they are. */
export function plainMetadata(graph: Graph): ModelMetadata {
  const { height, width, channels } = graph.spec.input;
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
