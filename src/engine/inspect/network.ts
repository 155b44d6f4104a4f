import type { Head } from '../../core/model/head';
import type { Traits } from '../../core/layers/traits';
import type { Axis, Dims } from '../../shared/axes';
import type { Explained } from '../../core/explain/types';
import type { ComputedBy, LayerInfo } from '../../shared/inspect';
import type { Message } from '../../words';
import type { Tensor } from './tensor';

/** What flows between nodes. */
export interface NetworkValue {
  name: string;
  /** ONNX's name of the element type (`float32`); null where it is not known, or no tensor. */
  type: string | null;
  /** In the order of files and display, channels before rows; null if not even their number is known. */
  dims: Dims | null;
  /** What each dimension counts. */
  axes: readonly Axis[];
  /** Why it cannot be looked at, where it cannot. */
  unavailable?: Message | null;
}

export interface NetworkNode {
  name: string;
  /** Kind of layer, or ONNX's operator. */
  kind: string;
  traits: Traits;
  /** The settings to display: kernel, stride, padding … */
  settings: Record<string, unknown>;
  /** Numbers that it owns, those that are trained among them, multiply-adds of one sample. */
  params: number;
  trainable: number;
  macs: number;
  /** Null where it is not known. */
  receptiveField: LayerInfo['receptiveField'];
  /** Values, in order. */
  inputs: readonly number[];
  outputs: readonly number[];
}

/** A node's weights: `[O, I ÷ groups, …kernel]`, or `[O, I]` of a matrix. */
export interface NodeWeights {
  weight: Tensor;
  bias: Float32Array | null;
}

/** One number of a value, as its maps are counted (`foldOf`). */
export interface Unit {
  channel: number;
  y: number;
  x: number;
}

/**
 * A network to inspect, with any runtime behind it. A value has a number: those that nodes make from 0 on, in the nodes' order;
 * the network's inputs −1, −2, …
 */
export interface InspectableNetwork {
  readonly inputs: readonly NetworkValue[];
  readonly values: readonly NetworkValue[];
  readonly nodes: readonly NetworkNode[];
  /** Where the classes' probabilities are; null for what is no classifier. */
  readonly head: Head | null;
  /** What computed the last run. */
  readonly computedBy: ComputedBy;
  /** The values that every run computes anyway: they are kept then, since to ask for them later is to run again. */
  readonly atOnce: readonly number[];
  /**
   * @param inputs in the order of `inputs`. @param wanted values that nodes make.
   * @returns them in that order. Rejects with the signal's reason once it is aborted.
   */
  run(inputs: readonly Tensor[], wanted: readonly number[], signal?: AbortSignal): Promise<Tensor[]>;
  /**
   * How one number came about; null where the node's arithmetic is not known.
   * @param read gives a value of the same run. @throws FailureError for a unit that is not there.
   */
  explain(value: number, unit: Unit, read: (value: number) => Promise<Tensor>): Promise<Explained | null>;
  /** Of the node that makes a value; null where it has none that are looked at as kernels or as a matrix. */
  weights(value: number): NodeWeights | null;
  /** The gradient of one number with respect to each input, or why there is none. */
  gradient(inputs: readonly Tensor[], value: number, unit: Unit): Promise<Tensor[] | Message>;
  /** Frees what it holds. */
  dispose(): void;
}

/** A value by its number. */
export const valueAt = (
  { inputs, values }: Pick<InspectableNetwork, 'inputs' | 'values'>,
  value: number,
): NetworkValue => (value < 0 ? inputs[-1 - value] : values[value]);

/** The node that makes a value; null for an input. */
export const makerOf = ({ nodes }: Pick<InspectableNetwork, 'nodes'>, value: number): NetworkNode | null =>
  nodes[value]?.outputs.includes(value) ? nodes[value] : (nodes.find(({ outputs }) => outputs.includes(value)) ?? null);
