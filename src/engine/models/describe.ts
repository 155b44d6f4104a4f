import { plainTraits } from '../../core/layers/traits';
import type { Graph } from '../../core/model/graph';
import type { Model, TrainingRecord } from '../../core/model/model';
import { channelsFirst } from '../../core/tensor';
import type { LayerInfo, ModelInfo } from '../../shared/protocol';
import { nodesOf } from '../inspect/core-network';
import { preprocessingFor } from '../foreign/foreign-inputs';
import { axesOf, type ForeignNetwork } from '../foreign/foreign-network';
import { NOTHING_KEPT } from '../foreign/kept-input';
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
    training: trainingOf(training),
  };
}

const trainingOf = (training: TrainingRecord | null): ModelInfo['training'] =>
  training && {
    data: training.data,
    epochs: training.epochs,
    optimizer: training.optimizer,
    learningRate: training.learningRate,
    batch: training.batch,
    seed: training.seed,
    testAccuracy: training.accuracy.test,
    samples: training.samples,
  };

/** A network from another exporter: what our own files state is guessed here, or unknown. */
export function describeForeign(
  network: ForeignNetwork,
  id: string,
  kept = NOTHING_KEPT,
  opening = false,
): ModelDescription {
  const { picture, told, drawn, graph, head, runner, inputs, values } = network;
  const given = valueAt(network, picture?.input ?? -1) as NetworkValue | undefined;
  const classes = head ? (values[head.output].dims?.[1] ?? 0) : 0;
  const color = picture?.guess.color === 'gray' ? 1 : 3;
  const { ground, ...preprocessing } = preprocessingFor(picture?.guess ?? null, undefined, told?.preprocessing);
  return {
    title: told?.title ?? id.replace(/\.onnx$/i, ''),
    inputShape: picture
      ? [color, picture.guess.height, picture.guess.width]
      : (given?.dims ?? []).map((size) => size ?? 0),
    ...describeNetwork(network),
    // Classes go by their numbers where neither the file nor anybody names them.
    labels: [...(told?.labels ?? kept.labels ?? Array.from({ length: classes }, (_, i) => String(i)))],
    head,
    preprocessing: {
      ...preprocessing,
      mean: [...preprocessing.mean],
      deviation: [...preprocessing.deviation],
      ground,
    },
    training: trainingOf(told?.training ?? null),
    foreign: {
      producer: runner.network.producer,
      opening,
      refused: opening ? null : runner.refused,
      picture,
      kept: { picture: kept.picture, labels: kept.labels !== null },
      nameless: told === null && classes > 0,
      filled: inputs.flatMap((_, i) => (picture?.input === -1 - i ? [] : [filled(runner.inputs[i], axesOf).said])),
      drawn,
      graph,
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

/** An input as an entry of the list of values, so that every view can show it. */
const inputNode: Omit<NetworkNode, 'name' | 'outputs'> = {
  kind: 'input',
  traits: plainTraits,
  settings: {},
  params: 0,
  trainable: 0,
  macs: 0,
  receptiveField: null,
  inputs: [],
};

function layerInfo({ name, type, dims, axes, unavailable }: NetworkValue, node: NetworkNode, index: number): LayerInfo {
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
    ...(unavailable && { unavailable }),
    params,
    trainable,
    macs,
    receptiveField,
  };
}
