import { totalParameters } from '../../core/model/build';
import { headOfGraph, macsOf } from '../../core/model/graph';
import type { Head } from '../../core/model/head';
import type { Model, ModelMetadata } from '../../core/model/model';
import { channelsOf } from '../../core/geometry';
import type { FeatureShape } from '../../core/tensor';
import type { PictureInput } from '../../shared/inputs';
import type { Message } from '../../words';
import type { ForeignNetwork } from '../foreign/foreign-network';

/** A foreign network that tells classes apart: onnxruntime computes it. */
export interface ForeignClassifier {
  graph: null;
  /** Labels are numbers where the classes have no names. */
  metadata: ModelMetadata;
  /** Whether the classes have names. Those of a file that Convscope did not write are never matched by order unasked. */
  names: 'told' | 'given' | 'none';
  /** `[H, W, C]` of the picture. */
  inputShape: FeatureShape;
  /** How a picture goes in, as in Inspect. */
  picture: PictureInput;
  /** The value that is asked for, and what its numbers are: logits, or probabilities, of which the logarithm is taken. */
  output: string;
  values: 'logits' | 'probabilities';
  head: Pick<Head, 'kind'>;
  parameters: number;
  /** What was guessed of it. */
  notes: Message[];
  /** To be opened for computing; the caller that opens it also closes it. */
  open(threads: number): Promise<ForeignNetwork>;
  /** Already open, and used several times; the caller that opened it also closes it. */
  shared?: ForeignNetwork;
}

/** What can be evaluated: a model of ours, or such a network. */
export type Classifier = Model | ForeignClassifier;

export const isForeign = (classifier: Classifier): classifier is ForeignClassifier => classifier.graph === null;

export const inputShapeOf = (classifier: Classifier): FeatureShape =>
  isForeign(classifier) ? classifier.inputShape : classifier.graph.inputShape;

export const channelsOfClassifier = (classifier: Classifier): number => channelsOf(inputShapeOf(classifier));

export const headOfClassifier = (classifier: Classifier): Pick<Head, 'kind'> =>
  isForeign(classifier) ? classifier.head : headOfGraph(classifier.graph);

export const parametersOf = (classifier: Classifier): number =>
  isForeign(classifier) ? classifier.parameters : totalParameters(classifier.graph);

/** Multiply-adds for one picture; null where they are not known. */
/** The layers that have a kernel or a matrix, in their order; null of a foreign file. */
export const weightLayersOf = (classifier: Classifier): string[] | null =>
  isForeign(classifier)
    ? null
    : classifier.graph.layers.flatMap(({ name, traits }) =>
        traits.weights === 'kernel' || traits.weights === 'matrix' ? [name] : [],
      );

export const macsOfClassifier = (classifier: Classifier): number | null =>
  isForeign(classifier) ? null : macsOf(classifier.graph);

/** What was guessed of a foreign network; of ours nothing is. */
export const notesOn = (classifier: Classifier): Message[] => (isForeign(classifier) ? classifier.notes : []);

/** Runs a network to predict the classes of pictures. */
export interface Runner {
  /** @param input `[n, H, W, C]`, n at most the batch. @returns the logits of the network's head, or its values where it has none: `[n, classes]`. */
  run(input: Float32Array, n: number): Promise<Float32Array>;
  /** Milliseconds of one pass of one picture, the computing alone. @param input `[H, W, C]`. */
  time(input: Float32Array): Promise<number>;
  end(): Promise<void>;
}
