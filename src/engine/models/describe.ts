import { receptiveField } from '../../core/model/receptive-field';
import { headOfGraph, type Graph, type GraphLayer } from '../../core/model/graph';
import type { Model } from '../../core/model/model';
import { channelsFirst, sizeOf } from '../../core/tensor';
import type { LayerInfo, ModelInfo } from '../../shared/protocol';

/** What there is to say about a model without running it. */
export type ModelDescription = Omit<ModelInfo, 'model' | 'id' | 'bundled' | 'fileBytes'>;

export function describeModel(model: Model, id: string): ModelDescription {
  const { graph, metadata } = model;
  const { preprocessing, training } = metadata;
  return {
    title: metadata.title ?? id,
    ...describeGraph(graph),
    labels: [...metadata.labels],
    head: graph.layers[graph.layers.length - 1].outputShape.length === 1 ? headOfGraph(graph) : null,
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

/** Of a network, with or without weights. */
export function describeGraph(graph: Graph): Pick<ModelInfo, 'inputShape' | 'layers' | 'totals'> {
  const layers = graph.layers.map((layer, index) => describeLayer(graph, layer, index));
  const total = (of: 'params' | 'trainable' | 'macs'): number => layers.reduce((sum, layer) => sum + layer[of], 0);
  return {
    inputShape: channelsFirst(graph.inputShape),
    layers,
    totals: { params: total('params'), trainable: total('trainable'), macs: total('macs') },
  };
}

function describeLayer(graph: Graph, layer: GraphLayer, index: number): LayerInfo {
  const count = (params: GraphLayer['params']): number => params.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  // Rows and columns: the last two axes.
  const { size, step } = receptiveField(graph, index);
  return {
    index,
    name: layer.name,
    kind: layer.kind,
    traits: layer.traits,
    settings: layer.settings(),
    inputs: [...layer.inputs],
    outputShape: channelsFirst(layer.outputShape),
    params: count(layer.params),
    trainable: count(layer.params.filter((param) => param.trainable)),
    macs: layer.macs,
    receptiveField: { height: size.at(-2) ?? 1, width: size.at(-1)!, stepY: step.at(-2) ?? 0, stepX: step.at(-1)! },
  };
}
