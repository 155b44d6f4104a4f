import type * as Runtime from 'onnxruntime-node';
import { sizeOf } from '../../core/tensor';
import { bodyFile, type Tail } from '../../core/onnx-graph/head';
import { FailureError } from '../../shared/failures';
import { reasonOf, say, type Message } from '../../words';
import { axesOf } from '../foreign/foreign-network';
import { pictureTensor } from '../foreign/inputs';
import { loadRuntime } from '../runtime/onnxruntime';
import type { Body } from './body';

/** A body in onnxruntime, up to the tensor that a head reads. */
export class BodySession {
  private constructor(
    private readonly ort: typeof Runtime,
    private readonly session: Runtime.InferenceSession,
    private readonly body: Body,
    readonly tail: Tail,
  ) {}

  /**
   * Opens it with graph optimization on: only one value is asked for, and a thousand pictures are waited for.
   * @throws FailureError `model.invalid` where onnxruntime refuses it, or the tensor is neither a vector nor maps.
   */
  static async open(body: Body, threads: number): Promise<BodySession> {
    const ort = await loadRuntime();
    const { file, network, tensor } = body;
    const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4 as const };
    const quiet = { extra: { session: { intra_op: { allow_spinning: '0' } } } };
    const create = (
      bytes: Uint8Array,
      more: Runtime.InferenceSession.SessionOptions,
    ): Promise<Runtime.InferenceSession> =>
      ort.InferenceSession.create(bytes, { ...options, ...quiet, ...more }).catch((error: unknown) => {
        throw refusal(body, say('foreign.refused', { text: String(reasonOf(error)) }));
      });
    const plain = await create(bodyFile(file, network.graph, tensor, null), { graphOptimizationLevel: 'disabled' });
    const [described] = plain.outputMetadata;
    await plain.release();
    if (!described.isTensor) throw refusal(body, say('foreign.no-tensor'));
    const { shape, type } = described;
    if (!['float32', 'float16', 'float64'].includes(type)) throw refusal(body, say('head.type', { tensor, type }));
    if (shape.length !== 2 && shape.length !== 4)
      throw refusal(body, say('head.rank', { tensor, shape: shape.map((size) => size || '?').join(' × ') }));
    const tail = { cast: type !== 'float32', pooled: shape.length === 4 && !(shape[2] === 1 && shape[3] === 1) };
    const session = await create(bodyFile(file, network.graph, tensor, tail), {});
    return new BodySession(ort, session, body, tail);
  }

  /** How many numbers it gives for a picture. @param pixels `[H, W, C]`, normalized. */
  async width(pixels: Float32Array): Promise<number> {
    return (await this.run(pixels, 1)).length;
  }

  /**
   * @param pixels `[n, H, W, C]`, normalized.
   * @returns `[n, F]`. Bodies that take one picture at a time, or mix up those of a batch, are given one at a time.
   */
  async run(pixels: Float32Array, n: number): Promise<Float32Array> {
    const { body, session, ort } = this;
    const { height, width } = body.preprocessing;
    const size = height * width * (body.color === 'gray' ? 1 : 3);
    const picture = { ...body.preprocessing, height, width, layout: body.layout, color: body.color };
    const settings = { ...picture, mean: [...picture.mean], deviation: [...picture.deviation] };
    const tensors = Array.from({ length: n }, (_, i) =>
      pictureTensor(pixels.subarray(i * size, (i + 1) * size), settings, body.input, axesOf),
    );
    const [first] = tensors;
    const free = typeof body.input.dims?.[0] !== 'number' && first.shape[0] === 1;
    if (n > 1 && free) {
      const values = await this.compute(
        ort,
        session,
        first.type,
        joined(tensors.map(({ data }) => data as Float32Array)),
        [n, ...first.shape.slice(1)],
      );
      if (values) return values;
    }
    const rows: Float32Array[] = [];
    for (const { type, data, shape } of tensors) {
      const values = await this.compute(ort, session, type, data as Float32Array, [...shape]);
      if (!values) throw refusal(body, say('head.batch', { tensor: body.tensor }));
      // A batch of a fixed size has the picture as often.
      rows.push(values.subarray(0, values.length / shape[0]));
    }
    return joined(rows);
  }

  release(): Promise<void> {
    return this.session.release();
  }

  /** Null where the answer has not as many rows as pictures went in. */
  private async compute(
    ort: typeof Runtime,
    session: Runtime.InferenceSession,
    type: string,
    data: Float32Array,
    shape: number[],
  ): Promise<Float32Array | null> {
    const feeds = { [this.body.input.name]: new ort.Tensor(type as 'float32', data, shape) };
    try {
      const [output] = Object.values(await session.run(feeds));
      if (output.dims[0] !== shape[0] && shape[0] > 1) return null;
      const values = output.data as Float32Array;
      return values.length === sizeOf(output.dims) ? values : null;
    } catch (error) {
      if (shape[0] > 1) return null;
      throw refusal(this.body, say('foreign.refused', { text: String(reasonOf(error)) }));
    }
  }
}

const refusal = ({ name }: Body, reason: Message): FailureError =>
  new FailureError('model.invalid', { file: name, reason });

type Numbers = Float32Array | Uint8Array | Uint16Array | Float64Array;

function joined<T extends Numbers>(parts: readonly T[]): T {
  const [first] = parts;
  const all = new (first.constructor as new (length: number) => T)(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part as never, at);
    at += part.length;
  }
  return all;
}
