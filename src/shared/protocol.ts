/**
 * The one contract between the app's window and the engine. Electron carries it over IPC, the browser host over a
 * WebSocket, the command line calls the engine directly. A method that one side lacks fails to compile.
 * Large tensors travel only when looked at: thumbnails as bytes, values when asked for.
 */
import type { Explanation } from './explanation';
import type { Message } from '../words';
import type { Failure } from './failures';
import type { DataInfo, TrainingEvents, TrainingMethods } from './training';
import type {
  ImageSource,
  InputOptions,
  Inspection,
  Kernels,
  MapDetail,
  ModelInfo,
  ModelSource,
  Picture,
  StartInfo,
  Thumbnails,
  VerifyReport,
} from './inspect';

export type { Failure, FailureCode } from './failures';
export type * from './inspect';

/** Every request that the window makes: parameters and result. */
export interface Methods extends TrainingMethods {
  start: { params: Record<string, never>; result: StartInfo };
  openModel: { params: { source: ModelSource }; result: ModelInfo };
  /** PNG of a bundled sample, at most 96 pixels a side, for pickers. */
  samplePicture: { params: { id: string }; result: Picture };
  inspect: { params: { model: number; image: ImageSource; options: Partial<InputOptions> }; result: Inspection };
  thumbnails: { params: { inspection: number; layer: number; first: number; count: number }; result: Thumbnails };
  /** One map at full resolution, `[H, W]` (flat features: the whole vector for channel −1). */
  values: {
    params: { inspection: number; layer: number; channel: number };
    result: { height: number; width: number; data: Float32Array };
  };
  mapDetails: {
    params: { inspection: number; layer: number; first: number; count: number };
    result: { maps: MapDetail[]; layer: MapDetail };
  };
  /** `.npy` of a layer's whole output, float32, `[C, H, W]` or `[C]`. */
  npy: { params: { inspection: number; layer: number }; result: { name: string; bytes: Uint8Array } };
  kernels: { params: { model: number; layer: number; first: number; count: number }; result: Kernels };
  /** Frobenius norm of each kernel, `[O, I]`: the width of the overview's lines. */
  kernelNorms: {
    params: { model: number; layer: number };
    result: { outputs: number; inputs: number; norms: Float32Array };
  };
  explain: {
    params: { inspection: number; layer: number; channel: number; y: number; x: number };
    result: Explanation;
  };
  /** Core and onnxruntime side by side; a job: progress comes as events. */
  verify: { params: { model: number; job: string }; result: VerifyReport };
  modelFile: { params: { model: number }; result: { name: string; bytes: Uint8Array } };
  cancel: { params: { job: string }; result: { cancelled: boolean } };
  /** Bytes that crossed between the processes since the start, for the benchmark. */
  traffic: { params: Record<string, never>; result: { received: number; sent: number; residentBytes: number } };
}

/** What a host asks of the engine on its own: a path that somebody chose in a dialog or dropped. Closed to the window. */
export interface HostMethods {
  addData: { params: { path: string }; result: DataInfo };
}

export type Method = keyof Methods;
/** What the engine answers: to the window, and to the host itself. */
export type EngineMethods = Methods & HostMethods;
export type EngineMethod = keyof EngineMethods;
export type Params<M extends EngineMethod> = EngineMethods[M]['params'];
export type Result<M extends EngineMethod> = EngineMethods[M]['result'];

/** What the engine says unasked. */
export interface Events extends TrainingEvents {
  progress: { job: string; done: number; total: number; secondsLeft: number | null };
  /** Why handles are gone: the engine died and was started anew, the connection was lost. Nothing on disk is. */
  restarted: { reason: Message };
  /** What people should know although nothing was stopped by it. */
  notice: { failure: Failure };
}
export type EventName = keyof Events;

/** Runs every method; what the worker implements and the command line calls. Rejects with a Failure-shaped error. */
export type Engine = { [M in EngineMethod]: (params: Params<M>, context: CallContext) => Promise<Result<M>> };

export interface CallContext {
  /** Which window asks: what is held for one is not there for another. Left out where there is only one. */
  window?: number;
  emit<E extends EventName>(event: E, payload: Events[E]): void;
}

/** What the window holds in its hands, whatever carries it. */
export interface Client {
  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Returns its own unsubscribe. */
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
  /** Asks where to, writes to a temporary name, syncs, renames. False where the user declined. */
  save(name: string, bytes: Uint8Array): Promise<boolean>;
  /** How folders on disk become data sets; null where the window has to upload them (the browser host). */
  folders: null | {
    /** Asks for a folder. Null where the user declined. */
    choose(): Promise<DataInfo | null>;
    /** A folder or file that was dropped. */
    dropped(file: File): Promise<DataInfo>;
  };
}
