import type * as Runtime from 'onnxruntime-node';
import { forbidTelemetry } from './telemetry';

let runtime: Promise<typeof Runtime> | null = null;

/** Loads it on first use: most of the engine's work needs none of its 50 MB. */
export function loadRuntime(): Promise<typeof Runtime> {
  forbidTelemetry(); // in a worker thread the host has done it
  return (runtime ??= import('onnxruntime-node'));
}

export interface SessionOptions {
  /** Threads within one operator. */
  threads?: number;
}

/** Values by name, dense, in ONNX's own layout. */
export type Outputs = Map<string, { shape: readonly number[]; data: Float32Array }>;

/**
 * One model in onnxruntime. `run` blocks the thread that calls it, and a worker that is terminated meanwhile takes the
 * whole process with it: cancel between runs, never by ending the worker.
 */
export class OnnxSession {
  private constructor(
    private readonly ort: typeof Runtime,
    private readonly session: Runtime.InferenceSession,
  ) {}

  /** @param bytes an ONNX file. @throws Error with onnxruntime's own words where it cannot load it. */
  static async open(bytes: Uint8Array, { threads = 1 }: SessionOptions = {}): Promise<OnnxSession> {
    const ort = await loadRuntime();
    const session = await ort.InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Spinning threads take cores from our own threads: with spinning, two of them are slower than one.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      logSeverityLevel: 3,
    });
    return new OnnxSession(ort, session);
  }

  /** The version of the library, as in reports. */
  get version(): string {
    return this.ort.env.versions.node ?? this.ort.env.versions.common;
  }

  get inputNames(): readonly string[] {
    return this.session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.session.outputNames;
  }

  /** @param inputs float32 NCHW, or uint8. @returns all outputs, or those that `wanted` names. */
  async run(
    inputs: Record<string, { shape: readonly number[]; data: Float32Array | Uint8Array }>,
    wanted?: string[],
  ): Promise<Outputs> {
    const feeds: Record<string, Runtime.Tensor> = {};
    for (const [name, { shape, data }] of Object.entries(inputs)) {
      feeds[name] =
        data instanceof Uint8Array
          ? new this.ort.Tensor('uint8', data, shape)
          : new this.ort.Tensor('float32', data, shape);
    }
    const results = await (wanted ? this.session.run(feeds, wanted) : this.session.run(feeds));
    return new Map(
      Object.entries(results).map(([name, tensor]) => {
        if (!(tensor.data instanceof Float32Array))
          throw new Error(`output '${name}': found ${tensor.type}, expected float32`);
        return [name, { shape: tensor.dims, data: tensor.data }];
      }),
    );
  }

  /** Frees the session. Do not call it during a `run`. */
  async release(): Promise<void> {
    await this.session.release();
  }
}
