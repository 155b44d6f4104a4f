import { plainTraits } from '../../core/layers/traits';
import type { Graph } from '../../core/model/graph';
import type { Model } from '../../core/model/model';
import { channelsFirst } from '../../core/tensor';
import type { LayerInfo, ModelInfo } from '../../shared/protocol';
import { nodesOf } from '../inspect/core-network';
import { preprocessingFor } from '../foreign/foreign-inputs';
import { axesOf, type ForeignNetwork } from '../foreign/foreign-network';
import { filled } from '../foreign/inputs';
import { valueAt, type InspectableNetwork, type NetworkNode, type NetworkValue } from '../inspect/network';

/** The description of a model that needs no running. */
export type ModelDescription = Omit<ModelInfo, 'model' | 'id' | 'bundled' | 'fileBytes'>;

export function describeModel(model: Model, id: string): ModelDescription {
  const { graph, metadata } = model;
  const { preprocessing, training } = metadata;
  return {
    title: metadata.title ?? id,
    ...describeGraph(graph),
    foreign: null,
    labels: [...metadata.labels],
    head: nodesOf(graph).head,
    preprocessing: {
      colour: preprocessing.colour,
      fit: preprocessing.fit,
      resize: preprocessing.resize,
      scale: preprocessing.scale,
      mean: [...preprocessing.mean],
      deviation: [...preprocessing.deviation],
      ground: preprocessing.ground,
    },
    training: training && {
      data: training.data,
      epochs: training.epochs,
      optimizer: training.optimizer,
      learningRate: training.learningRate,
      batch: training.batch,
      seed: training.seed,
      testAccuracy: training.accuracy.test,
      samples: training.samples,
    },
  };
}

/** Of a network of others: what a model of ours says of itself is guessed, or unknown. */
export function describeForeign(network: ForeignNetwork, id: string): ModelDescription {
  const { picture, drawn, head, runner, inputs, values } = network;
  const given = valueAt(network, picture?.input ?? -1);
  const classes = head ? (values[head.output].dims?.[1] ?? 0) : 0;
  const color = picture?.guess.color === 'gray' ? 1 : 3;
  const { ground, ...preprocessing } = preprocessingFor(picture?.guess ?? null);
  return {
    title: id.replace(/\.onnx$/i, ''),
    inputShape: picture
      ? [color, picture.guess.height, picture.guess.width]
      : (given.dims ?? []).map((size) => size ?? 0),
    ...describeNetwork(network),
    // Classes go by their numbers where the file names none.
    labels: Array.from({ length: classes }, (_, i) => String(i)),
    head,
    preprocessing: {
      ...preprocessing,
      mean: [...preprocessing.mean],
      deviation: [...preprocessing.deviation],
      ground,
    },
    training: null,
    foreign: {
      producer: runner.network.producer,
      picture,
      filled: inputs.flatMap((_, i) => (picture?.input === -1 - i ? [] : [filled(runner.inputs[i], axesOf).said])),
      drawn,
    },
  };
}

/** Of a graph of ours, with or without weights. */
export function describeGraph(graph: Graph): Pick<ModelInfo, 'inputShape' | keyof Listed> {
  return { inputShape: channelsFirst(graph.inputShape), ...describeNetwork(nodesOf(graph)) };
}

type Listed = Pick<ModelInfo, 'inputs' | 'layers' | 'totals'>;

/** Of any network: what can be looked at. */
export function describeNetwork({
  inputs,
  values,
  nodes,
}: Pick<InspectableNetwork, 'inputs' | 'values' | 'nodes'>): Listed {
  const total = (of: 'params' | 'trainable' | 'macs'): number => nodes.reduce((sum, node) => sum + node[of], 0);
  return {
    inputs: inputs.map((value, i) => layerInfo(value, { ...inputNode, name: value.name, outputs: [-1 - i] }, -1 - i)),
    layers: nodes.flatMap((node) => node.outputs.map((output) => layerInfo(values[output], node, output))),
    totals: { params: total('params'), trainable: total('trainable'), macs: total('macs') },
  };
}

/** An input as something to look at, so that every view can stand on it. */
const inputNode: Omit<NetworkNode, 'name' | 'outputs'> = {
  kind: 'input',
  traits: plainTraits,
  settings: {},
  params: 0,
  trainable: 0,
  macs: 0,
  receptiveField: { height: 1, width: 1, stepY: 1, stepX: 1 },
  inputs: [],
};

function layerInfo({ name, type, dims, axes }: NetworkValue, node: NetworkNode, index: number): LayerInfo {
  const { kind, traits, settings, inputs, params, trainable, macs, receptiveField } = node;
  return {
    index,
    // Several outputs of one node are told apart by their own names.
    name: node.outputs.length === 1 ? node.name : name,
    kind,
    traits,
    settings,
    inputs: [...inputs],
    outputShape: dims ? dims.map((size) => size ?? 0) : [0],
    axes: dims ? [...axes] : ['other'],
    type,
    params,
    trainable,
    macs,
    receptiveField,
  };
}
