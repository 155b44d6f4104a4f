/**
 * The one contract between the app's window and the engine. Electron carries it over IPC, the browser host over a
 * WebSocket, the command line calls the engine directly. A method that one side lacks fails to compile.
 * Large tensors travel only when looked at: thumbnails as bytes, values when asked for.
 */
import { partial, text, whole } from '../core/schema';
import type { Message } from '../words';
import type { Explained } from '../core/explain/types';
import type { Failure } from './failures';
import { imageSource, inputOptions, modelSource } from './inputs';
import type {
  Inspection,
  Kernels,
  MapDetail,
  ModelInfo,
  Picture,
  StartInfo,
  Thumbnails,
  VerifyReport,
} from './inspect';
import { method, result, type MethodsOf } from './method';
import { trainingMethods, type DataInfo, type TrainingEvents } from './training';

export type { Failure, FailureCode } from './failures';
export type * from './inspect';

const index = whole();
/** −1 is the input, or the whole vector. */
const fromMinusOne = whole(-1);
const range = { first: index, count: index };

/** Every request that the window makes: its name, its parameters (type and check are one), its result. */
export const methods = {
  start: method({}, result<StartInfo>),
  openModel: method({ source: modelSource }, result<ModelInfo>),
  /** PNG of a bundled sample, at most 96 pixels a side, for pickers. */
  samplePicture: method({ id: text() }, result<Picture>),
  inspect: method({ model: index, image: imageSource, options: partial(inputOptions) }, result<Inspection>),
  thumbnails: method({ inspection: index, layer: fromMinusOne, ...range }, result<Thumbnails>),
  /** One map at full resolution, `[H, W]` (flat features: the whole vector for channel −1). */
  values: method(
    { inspection: index, layer: fromMinusOne, channel: fromMinusOne },
    result<{ height: number; width: number; data: Float32Array }>,
  ),
  mapDetails: method(
    { inspection: index, layer: fromMinusOne, ...range },
    result<{ maps: MapDetail[]; layer: MapDetail }>,
  ),
  /** `.npy` of a layer's whole output in its own type and shape: of our own layers float32, `[C, H, W]` or `[C]`. */
  npy: method({ inspection: index, layer: fromMinusOne }, result<{ name: string; bytes: Uint8Array }>),
  kernels: method({ model: index, layer: index, ...range }, result<Kernels>),
  /** Frobenius norm of each kernel, `[O, I]`: the width of the overview's lines. */
  kernelNorms: method({ model: index, layer: index }, result<{ outputs: number; inputs: number; norms: Float32Array }>),
  explain: method({ inspection: index, layer: index, channel: index, y: index, x: index }, result<Explained>),
  /** Core and onnxruntime side by side; a job: progress comes as events. */
  verify: method({ model: index, job: text() }, result<VerifyReport>),
  modelFile: method({ model: index }, result<{ name: string; bytes: Uint8Array }>),
  cancel: method({ job: text() }, result<{ cancelled: boolean }>),
  ...trainingMethods,
};

/** What a host asks of the engine on its own: a path that somebody chose in a dialog or dropped. Closed to the window. */
export const hostMethods = {
  addData: method({ path: text() }, result<DataInfo>),
};

export type Methods = MethodsOf<typeof methods>;
export type HostMethods = MethodsOf<typeof hostMethods>;

/** Whether the window may ask for it. */
export const isMethod = (name: unknown): name is Method => typeof name === 'string' && Object.hasOwn(methods, name);

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
