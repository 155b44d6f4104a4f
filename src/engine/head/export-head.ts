import type { ImageSet } from '../../core/data/dataset';
import { normalizationTable, normalize } from '../../core/data/normalization';
import type { Graph, ParamSet } from '../../core/model/graph';
import type { ModelMetadata } from '../../core/model/model';
import { canonicalJson, encodeMetadata, KEYS } from '../../core/onnx/metadata';
import { withHead, type Tail } from '../../core/onnx-graph/head';
import { readNetwork } from '../../core/onnx-graph/network';
import { FailureError } from '../../shared/failures';
import { say } from '../../words';
import { makeExecutor } from '../runtime/executor';
import { writeFileAtomically } from '../system/files';
import type { Body } from './body';
import { BodySession } from './body-session';

/** The largest difference of a probability between the file in onnxruntime and the head in our core on the body's values. */
const AGREEMENT = 1e-5;

export interface Exported {
  body: Body;
  tail: Tail;
  head: { graph: Graph; params: ParamSet };
  metadata: ModelMetadata;
  /** On which both are compared. */
  pictures: { images: ImageSet; samples: Int32Array };
}

/** Body and head as one ONNX file. */
function headFile({ body, tail, head, metadata }: Omit<Exported, 'pictures'>): Uint8Array {
  const { name, digest, tensor } = body;
  const entries = encodeMetadata(undefined, metadata);
  const about: [string, string] = [KEYS.head, canonicalJson({ body: name, digest, tensor })];
  return withHead(body.file, body.network.graph, tensor, tail, head, [about, ...entries]);
}

/**
 * Writes body and head as one file, once onnxruntime computes from the whole what our core computes from the body's values.
 * @returns the largest difference of a probability. @throws FailureError `model.invalid` where that is larger than 1e-5.
 */
export async function exportHead(path: string, exported: Exported): Promise<number> {
  const { body, head, pictures } = exported;
  const file = headFile(exported);
  const input = inputOf(body, pictures);
  const n = pictures.samples.length;
  // Each on its own way: the body alone, then the head in the core; and the file as anyone runs it.
  const alone = await BodySession.open(body, 1);
  const features = await alone.run(input, n);
  await alone.release();
  const executor = await makeExecutor(head.graph, n);
  await executor.setParams(head.params);
  await executor.forward(features, n);
  const ours = await executor.activation(head.graph.layers.length - 1);
  executor.dispose();
  const network = readNetwork(file);
  const whole = await BodySession.open({ ...body, file, network, tensor: network.graph.outputs[0] }, 1);
  const theirs = await whole.run(input, n);
  await whole.release();
  const difference = ours.reduce((most, value, i) => {
    const apart = Math.abs(value - theirs[i]);
    return Number.isFinite(apart) ? Math.max(most, apart) : Infinity;
  }, 0);
  if (!(difference <= AGREEMENT) || ours.length !== theirs.length)
    throw new FailureError('model.invalid', {
      file: body.name,
      reason: say('head.differs', { difference: String(difference), limit: String(AGREEMENT) }),
    });
  await writeFileAtomically(path, file);
  return difference;
}

function inputOf({ preprocessing }: Body, { images, samples }: Exported['pictures']): Float32Array {
  const size = images.height * images.width * images.channels;
  const table = normalizationTable(preprocessing);
  const input = new Float32Array(samples.length * size);
  samples.forEach((sample, i) =>
    normalize(
      images.pixels.subarray(sample * size, (sample + 1) * size),
      table,
      input.subarray(i * size, (i + 1) * size),
    ),
  );
  return input;
}
