import { createHash } from 'node:crypto';
import type { Preprocessing } from '../../core/model/model';
import { OnnxError } from '../../core/onnx/error';
import { decodePreprocessing, KEYS } from '../../core/onnx/metadata';
import { inputsOf, proposedTensor } from '../../core/onnx-graph/head';
import type { OnnxNetwork } from '../../core/onnx-graph/network';
import { FailureError } from '../../shared/failures';
import type { PictureInput } from '../../shared/inputs';
import { say, type Message } from '../../words';
import { preprocessingFor } from '../foreign/foreign-inputs';
import { guessPicture } from '../foreign/picture-input';
import { readNetworkFile } from '../foreign/network-file';
import type { TensorInfo } from '../foreign/runner-values';

/** A network whose values a head is trained on, and from which tensor. */
export interface Body {
  name: string;
  file: Uint8Array;
  /** SHA-256 of the file. */
  digest: string;
  network: OnnxNetwork;
  tensor: string;
  /** The input that takes the picture, where it lies in it, and how it is made ready. */
  input: TensorInfo;
  layout: PictureInput['layout'];
  color: PictureInput['color'];
  preprocessing: Preprocessing;
}

/** The oldest operator set in which the head's operators are what they are today. */
const OLDEST = 7;

/**
 * Reads a network as a body.
 * @param tensor whose values the head reads; what feeds the last dense layer where left out.
 * @throws FailureError `model.format`, `model.invalid`: no such tensor, no picture, more inputs than one, data in other files.
 */
export function readBody(name: string, file: Uint8Array, tensor?: string): Body {
  const network = readNetworkFile({ name, bytes: file });
  const refuse = (reason: Message): FailureError => new FailureError('model.invalid', { file: name, reason });
  const { graph, metadata, problems } = network;
  if (problems.length > 0) throw refuse(problems[0]);
  const outside = [...graph.initializers.values()].find(({ external }) => external);
  if (outside) throw refuse(say('head.external', { tensor: outside.name }));
  const opset = network.opsets.find(({ domain }) => domain === '')?.version ?? 0;
  if (opset < OLDEST) throw refuse(say('head.opset', { found: opset, expected: OLDEST }));
  const chosen = tensor ?? proposedTensor(graph);
  if (chosen === null) throw refuse(say('head.no-proposal'));
  const value = graph.values.get(chosen);
  if (value?.from !== 'node') throw refuse(say('foreign.tensor-unknown', { name: chosen }));
  const inputs = inputsOf(graph, chosen);
  if (inputs.length !== 1) throw refuse(say('head.inputs', { tensor: chosen, inputs }));
  const { type, dims } = graph.values.get(inputs[0])!;
  const input: TensorInfo = { name: inputs[0], type, as: null, dims, unavailable: null };
  const picture = guessPicture(network, [input]);
  if (!picture) throw refuse(say('head.no-picture', { input: input.name }));
  const { layout, color } = picture.guess;
  return {
    name,
    file,
    digest: createHash('sha256').update(file).digest('hex'),
    network,
    tensor: chosen,
    input,
    layout,
    color,
    preprocessing: metadata.has(KEYS.preprocessing)
      ? told(name, metadata, color === 'gray' ? 1 : 3)
      : preprocessingFor(picture.guess),
  };
}

function told(name: string, metadata: ReadonlyMap<string, string>, channels: number): Preprocessing {
  try {
    // What its own data are drawn on says nothing of others'.
    const { grounds, scales, ...preprocessing } = decodePreprocessing(metadata, channels);
    void [grounds, scales];
    return preprocessing;
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new FailureError('model.invalid', { file: name, reason: error.reason });
  }
}
