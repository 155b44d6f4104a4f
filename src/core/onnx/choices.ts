import { MessageError, say } from '../../words';
import type { Model } from '../model/model';
import { buildGraph } from '../model/build';
import { INPUT } from '../model/spec';
import { sizeOf } from '../tensor';
import { encodeModel } from './encode';
import { float16Graph } from './float16';
import { int8Graph, type Ranges } from './int8';
import { encodeMetadata, KEYS } from './metadata';
import { pixelsValue, preprocessingPart, RESIZE_OPSET } from './preprocessing';
import type { OnnxGraph } from './proto';
import { fileOf, NEWEST_OPSET, OLDEST_OPSET, onnxGraph, OPSET, writeModel } from './write';

/** How a file is written, where not as Convscope keeps it. */
export interface ExportChoices {
  /** OLDEST_OPSET to NEWEST_OPSET; 17, or 18 with the preprocessing inside. */
  opset?: number;
  /** Whether the network ends in a softmax; as it is where left out. */
  softmax?: boolean;
  /** Whether the graph takes pixels (see `pixelsValue`) and prepares them itself. */
  inside?: boolean;
  /** Weights and arithmetic in float16; input and output stay float32. */
  float16?: boolean;
  /** Convolutions and dense layers in 8 bits, by the ranges of the values on calibration pictures; not together with float16. */
  int8?: Ranges;
}

/** Operators newer than the oldest set. */
const SINCE: Record<string, number> = { HardSwish: 14, LayerNormalization: 17 };

/**
 * A model as an ONNX file by choice. With `inside`, `float16` or `int8` it is no file that Convscope trains on or takes apart: it carries labels,
 * but not the spec. @throws MessageError for what cannot be written so.
 */
export function writeChosen(model: Model, choices: ExportChoices): Uint8Array {
  const { inside = false, float16 = false, int8 } = choices;
  const opset = choices.opset ?? (inside ? RESIZE_OPSET : OPSET);
  if (!(opset >= OLDEST_OPSET && opset <= NEWEST_OPSET)) {
    const expected = say('export.from-to', { from: OLDEST_OPSET, to: NEWEST_OPSET });
    throw new MessageError(say('onnx.opset', { found: opset, expected }));
  }
  if (inside && opset < RESIZE_OPSET) {
    throw new MessageError(say('export.operator', { operator: 'Resize', needed: RESIZE_OPSET, found: opset }));
  }
  if (inside && model.graph.inputShape.length !== 3) throw new MessageError(say('export.no-picture'));
  const plain = onnxGraph(model.graph, model.params);
  for (const { opType } of plain.nodes) {
    const needed = SINCE[opType] ?? 0;
    if (needed > opset) throw new MessageError(say('export.operator', { operator: opType, needed, found: opset }));
  }
  if (!inside && !float16 && !int8) return writeModel(model, { opset });
  let graph = int8 ? int8Graph(plain, int8) : float16 ? float16Graph(plain) : plain;
  if (inside) graph = withPreprocessing(graph, model);
  const left = new Set<string>([KEYS.spec, ...(inside ? [KEYS.preprocessing] : [])]);
  const metadata = encodeMetadata(model.graph.spec, model.metadata).filter(([key]) => !left.has(key));
  return encodeModel(fileOf(graph, metadata, opset));
}

function withPreprocessing(graph: OnnxGraph, { metadata }: Model): OnnxGraph {
  const part = preprocessingPart(metadata.preprocessing, INPUT);
  return {
    ...graph,
    nodes: [...part.nodes, ...graph.nodes],
    initializers: [...part.initializers, ...graph.initializers],
    inputs: [pixelsValue],
  };
}

/** The model with a softmax at its end, or without one. @throws MessageError where it has none that can be taken off. */
export function withSoftmax(model: Model, softmax: boolean): Model {
  const { layers } = model.graph;
  const last = layers[layers.length - 1];
  if ((last.traits.probability === 'share') === softmax) return model;
  const spec = model.graph.spec;
  if (softmax) {
    if (last.traits.probability !== null || sizeOf(last.outputShape) !== last.outputShape[last.outputShape.length - 1])
      throw new MessageError(say('export.softmax', { layer: last.name, kind: last.kind }));
    return { ...model, graph: buildGraph({ ...spec, layers: [...spec.layers, { kind: 'softmax' }] }) };
  }
  // The file's output is the last layer: it must be what the softmax takes.
  if (layers.length < 2 || last.inputs[0] !== layers.length - 2)
    throw new MessageError(say('export.softmax', { layer: last.name, kind: last.kind }));
  return { ...model, graph: buildGraph({ ...spec, layers: spec.layers.slice(0, -1) }) };
}
