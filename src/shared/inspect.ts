/** Information about networks, pictures and layers, as it crosses from the engine to the window. */
import type { Likeness } from '../core/data/likeness';
import type { Head } from '../core/model/head';
import type { ReceptiveField } from '../core/model/receptive-field';
import type { Traits } from '../core/layers/traits';
import type { HistogramCounts, Statistics } from '../core/statistics';
import type { Message } from '../words';
import type { Axis } from './axes';
import type { Failure } from './failures';
import type { Provider } from './settings';
import type { Fit, ImageSource, InputOptions, Invert, ModelSource, PictureInput } from './inputs';

export type { Fit, ImageSource, InputOptions, Invert, ModelSource, PictureInput };

/** A short look at a picture through a network: what it is answered, and nothing that has to be held. */
export interface Glance {
  /** A small picture of it, at most 256 pixels a side. */
  picture: Picture;
  /** The likeliest first, at most three. */
  predictions: Prediction[];
  /** Whether black was taken for white. */
  inverted: boolean;
  /** As an inspection's. */
  warnings: Message[];
}

export interface SampleInfo {
  id: string;
  name: string;
  /** The models for which it is a suitable input. */
  models: string[];
  /** The actual label, as one of those models' labels, if there is one. */
  label: string | null;
}

export interface BundledModelInfo {
  id: string;
  title: string;
  /** `[C, H, W]`. */
  inputShape: number[];
  classes: number;
  /** 0 … 1, null where it is not known. */
  testAccuracy: number | null;
  data: string | null;
  /** Whether onnxruntime computes it: it can be looked into, and a head be trained on it, but not itself. */
  foreign: boolean;
}

/**
 * What can be looked at: a value of the network, with the node that makes it. Of a node with several outputs each is one. Values
 * that nodes make go by their number from 0 on, in topological order; the network's inputs by −1, −2, …
 */
export interface LayerInfo {
  index: number;
  name: string;
  /** Kind of layer, or the operator. */
  kind: string;
  traits: Traits;
  /** The settings that matter to people: kernel, stride, padding …, from the layer's own `settings`. */
  settings: Record<string, unknown>;
  /** The values that the node reads. */
  inputs: number[];
  /** `[C, H, W]` or `[C]` of our own layers, any shape of others; 0 for a size that is known only when the network has run. */
  outputShape: number[];
  /** What each dimension counts. */
  axes: Axis[];
  /** ONNX's name of the element type (`float32`); null where it is not known. */
  type: string | null;
  /** Why it cannot be looked at, where it cannot. */
  unavailable?: Message;
  params: number;
  trainable: number;
  macs: number;
  /**
   * How many places of the input one unit sees, and how far apart neighbors' fields are: one number for each of the input's spatial
   * axes. Null for an input, and where it is not known.
   */
  receptiveField: ReceptiveField | null;
}

export interface ModelInfo {
  /** The handle for later calls. */
  model: number;
  /** ID of a bundled model, or the file's name. */
  id: string;
  title: string;
  bundled: boolean;
  /** `[C, H, W]` of the picture that goes in. */
  inputShape: number[];
  /** What is given to the network: −1 first. */
  inputs: LayerInfo[];
  layers: LayerInfo[];
  totals: { params: number; trainable: number; macs: number };
  labels: string[];
  /** Which layers hold the classes' probabilities and their logits; null where the network does not end in one number a class. */
  head: Head | null;
  preprocessing: {
    colour: 'grey' | 'rgb';
    fit: Fit;
    resize: string;
    scale: number;
    mean: number[];
    deviation: number[];
    ground: string;
  };
  training: null | {
    data: string;
    epochs: number;
    optimizer: string;
    learningRate: number;
    batch: number;
    seed: number;
    testAccuracy: number | null;
    samples: { train: number; validation: number; test: number };
  };
  /** Size of the ONNX file in bytes. */
  fileBytes: number;
  /** Of a file that Convscope did not write; null for our own networks. */
  foreign: ForeignInfo | null;
}

/** What is known of a foreign network beside its values. */
export interface ForeignInfo {
  /** The program that wrote the file. */
  producer: string;
  /** onnxruntime is still opening it: its graph is known, and the rest follows (`modelOpened`). */
  opening: boolean;
  /** Why it cannot be computed, where it cannot: its graph alone is shown. */
  refused: Message | null;
  /** How a picture goes in, as far as the file tells, and why so; null where no input takes one. */
  picture: { input: number; guess: PictureInput; reasons: Message[] } | null;
  /** What one set for this very file before: how a picture goes in (in place of the guess), and whether its classes were given names. */
  kept: { picture: PictureInput | null; labels: boolean };
  /** Whether its classes could be given names: it is a classifier, and the file names none. */
  nameless: boolean;
  /** What the other inputs are filled with. */
  filled: Message[];
  /** What the overview draws: constants and what only changes single values are folded into what reads or makes them. */
  drawn: DrawnValue[];
  /** The same as a graph: what a network that branches is drawn as. */
  graph: GraphInfo;
}

/** A network's boxes, and which of them can be folded into one. */
export interface GraphInfo {
  /** Each comes after what it reads; inputs first. */
  boxes: GraphBox[];
  groups: readonly GraphGroup[];
}

export interface GraphBox {
  /** The value that goes on from it; null where that cannot be looked at. */
  layer: number | null;
  name: string;
  /** Operators of its nodes, in their order; none of an input. */
  operators: string[];
  /** All values that its nodes make. */
  values: number[];
  /** Places of the boxes that it reads. */
  reads: number[];
}

/** Boxes `first` … `last`: a module, a block, or `repeats` equal ones in a row. */
export interface GraphGroup {
  name: string;
  first: number;
  last: number;
  repeats: number;
  /** Groups inside it; its other boxes stand singly. */
  groups: readonly GraphGroup[];
}

/** A box of the overview, by the value that goes on from it. */
export interface DrawnValue {
  layer: number;
  /** The drawn values, or inputs, that its nodes read. */
  inputs: number[];
  /** The first node's. */
  name: string;
  /** Operators of its nodes, in their order. */
  operators: string[];
  /** Numbers that its nodes own, and their multiply-adds for one sample as far as the shapes are known. */
  params: number;
  macs: number;
  /** Of the nodes together: which maps of what they read one map is made of. */
  traits: Pick<Traits, 'maps' | 'groups'>;
}

/** A node of a foreign network, as its panel shows it. */
export interface NodeInfo {
  name: string;
  operator: string;
  /** '' is ONNX's own. */
  domain: string;
  /** It is a function that the file brings along. */
  isFunction: boolean;
  attributes: { name: string; text: string }[];
  /** Without weights. */
  inputs: NodeValue[];
  outputs: NodeValue[];
  weights: NodeWeight[];
  params: number;
  macs: number;
}

export interface NodeValue {
  name: string;
  /** Null where it cannot be looked at. */
  layer: number | null;
  type: string | null;
  /** Number or symbol, null for what is open. */
  shape: (number | string | null)[] | null;
}

/** What a node reads that is the same in every run. */
export interface NodeWeight {
  name: string;
  type: string | null;
  shape: number[] | null;
  /** Null where there are none: of texts, or as `reason` tells. */
  stats: Statistics | null;
  reason: Message | null;
}

/** A picture for the strip, RGBA, at most 256 pixels a side. */
export interface Picture {
  width: number;
  height: number;
  rgba: Uint8ClampedArray;
}

export interface LayerStats extends Statistics {
  index: number;
  /** As it came out. */
  outputShape: number[];
  axes: Axis[];
  /** Largest absolute value. */
  absMax: number;
}

export interface Prediction {
  label: string;
  index: number;
  /** A share of one among the classes, or each its own, as `ModelInfo.head` says; null where the network gives just values. */
  probability: number | null;
  /** What the probability is made of; where there is none, the value. */
  logit: number;
}

export interface Inspection {
  /** The handle for later calls. The engine keeps the newest few. */
  inspection: number;
  model: number;
  /** `notes`: what was converted on the way, such as `16 bit` or `first of 30`. */
  input: { file: string; width: number; height: number; format: string; notes: Message[] };
  strip: {
    original: Picture;
    oriented: Picture;
    fitted: Picture;
    /** `[C, H, W]` and its range; the values come with `values` for layer −1. */
    normalized: { shape: number[]; min: number; max: number };
  };
  options: InputOptions;
  /** Whether the picture was inverted, and whether that is suggested. */
  inverted: boolean;
  invertSuggested: boolean;
  /** Warnings: a blank picture, strokes that cannot be seen. */
  warnings: Message[];
  /** How it stands to the pictures that the network learned from; null where its file does not say. */
  likeness: Likeness | null;
  /** Of the layers that are computed at once, in their order, the inputs first; others are computed when they are looked at. */
  layers: LayerStats[];
  /** Sizes and axes that were known only when the network had run. */
  shapes: { index: number; outputShape: number[]; axes: Axis[] }[];
  /** All classes, the most likely first. */
  predictions: Prediction[];
  computedBy: ComputedBy;
  /** Milliseconds in the engine. */
  timing: { decode: number; forward: number };
}

/** Our core, or a provider of onnxruntime's; and why it was not the one that is set, where it was not. */
export interface ComputedBy {
  provider: Provider | 'core';
  instead: Message | null;
}

/**
 * Feature maps as bytes: map `first + i` has `Int8` values v = round(127 · x ÷ absMax[i]), row by row, `height × width` each
 * (at most 64 a side: larger maps are averaged down for thumbnails). Flat features: maps of 1 × 1.
 */
export interface Thumbnails {
  layer: number;
  first: number;
  count: number;
  /** Largest absolute value of the whole layer. */
  most: number;
  height: number;
  width: number;
  absMax: Float32Array;
  /** Minimum and maximum of each map at full resolution. */
  min: Float32Array;
  max: Float32Array;
  data: Int8Array;
}

export interface MapDetail extends Statistics {
  channel: number;
  histogram: HistogramCounts;
  /** True where every value is zero on this image. */
  silent: boolean;
}

/** The weights of a conv or dense layer, for display. */
export interface Kernels {
  layer: number;
  /** `[O, I, KH, KW]` of the asked output channels; dense: `[O, C, H, W]` folded back to what they look at, or `[O, I, 1, 1]`. */
  shape: number[];
  first: number;
  data: Float32Array;
  bias: Float32Array | null;
  /** Largest absolute weight of the whole layer: kernels share one scale. */
  absMax: number;
  /** Input channel that kernel column 0 reads, per output channel, with groups. */
  groupStart: Int32Array;
}

export interface VerifyReport {
  /** Every layer agrees, every weight is a number, and nothing was altered. */
  ok: boolean;
  /**
   * Tensors, parts of the metadata (`labels`, `preprocessing`, `spec` …) and other fields (`graph.doc_string` …) that are not as they were written; null
   * where the file carries no digests and the other fields are as Convscope writes them.
   */
  altered: { name: string; how: 'changed' | 'missing' | 'added' }[] | null;
  /** Tensors that hold NaN or infinity. */
  notFinite: string[];
  /** The findings in sentences. */
  findings: Message[];
  images: number;
  top1Agreement: number;
  layers: { name: string; maxAbs: number; maxRel: number }[];
  /** The preprocessing against a second path; null where there was no picture to compare (random ones, signals, volumes). */
  preprocessing: PreprocessingReport | null;
  /** What the file is. */
  file: CertifiedFile;
  /** Versions of the two programs. */
  convscope: string;
  onnxruntime: string;
}

/** Our preprocessing against the same as an ONNX graph run by onnxruntime. Differences in levels of 255. */
export interface PreprocessingReport {
  ok: boolean;
  pictures: number;
  /** The largest difference from pixels in the network's size. */
  exact: number;
  /** Pictures smaller than the network's size, compared only after they were enlarged: the two enlarge differently. */
  enlarged: number;
  /** From the pictures as decoded, where they were larger than the network's size; null where none was. */
  reduced: {
    pictures: number;
    /** The largest mean difference of a picture. */
    mean: number;
    max: number;
    /** Pictures of which the network says the same class by both paths. */
    sameAnswers: number;
    /** The largest `mean` that passes with this filter. */
    tolerance: number;
    filter: string;
    /** ONNX's filter that stands for it. */
    graphFilter: string;
  } | null;
}

export interface CertifiedFile {
  name: string;
  bytes: number;
  sha256: string;
  opset: number;
  /** `[C, H, W]`. */
  inputShape: number[];
  classes: number;
}

export interface StartInfo {
  version: string;
  models: BundledModelInfo[];
  samples: SampleInfo[];
  /** The names of files that hold a data set: a regular expression, to be used without regard to capitals. */
  dataFiles: string;
  /** Where samples and runs lie, for commands that people type. */
  folders: { resources: string; runs: string };
  /** What the command line asks to open at the start; `link` goes on from there (`src/shared/link`). */
  open: { model: ModelSource; image: ImageSource; link: string | null };
  /** Why the picture or model of the command line could not be read, if so. */
  failure: Failure | null;
  /** What a window whose process died was showing: opened instead of `open`, with `reason` as a notice. Null for a new window. */
  reopened: { model: ModelSource; image: ImageSource; options: InputOptions; reason: Message } | null;
}
